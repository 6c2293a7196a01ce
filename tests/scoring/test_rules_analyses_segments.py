"""Parts of the portfolio: who stands out after all were tried, and what small ones do not say."""

import numpy as np
import pytest

from app.scoring.rules.accounts import Drawn, compare
from app.scoring.rules.analyses.segments import segment_figures
from app.scoring.rules.gaps import band
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import account_voices


def found(voice: FloatArray, health: FloatArray, **groupings: list[str | None]) -> dict[str, dict[str, object]]:
    """The figures of accounts of one stratum where one person of the only role said so much, NaN being nobody."""
    n = len(voice)
    drawn = Drawn(
        list(range(n)),
        ["all"] * n,
        {"all": 3 * n},
        np.full(n, 1000.0),
        health,
        [None if np.isnan(h) else band(float(h)) for h in health],
    )
    said = np.flatnonzero(~np.isnan(voice))
    voices = account_voices(said, np.zeros(len(said), dtype=np.int64), voice[said], [1.0], n)
    compared = compare(drawn, voices, Within(400.0, assumed=True))
    figures: dict[str, dict[str, object]] = plain(segment_figures(drawn, voices.voice, compared, groupings))
    return figures


def labels(**sizes: int) -> list[str | None]:
    return [name for name, size in sizes.items() for _ in range(size)]


def test_a_group_far_from_the_others_stands_out_after_all_were_tried() -> None:
    chance = np.random.default_rng(1)
    health = chance.uniform(55, 90, 36)
    voice = health + chance.normal(0, 6, 36)
    voice[:12] -= 30
    groups = found(voice, health, segment=labels(a=12, b=12, c=12))["segment"]["groups"]
    assert groups["a"]["p_adjusted"] < 0.001  # type: ignore[index]
    assert groups["a"]["apart"]["difference"] == pytest.approx(-30, abs=6)  # type: ignore[index]
    assert groups["a"]["compared"] == 12  # type: ignore[index]
    whole = sum(group["arr"]["portfolio"]["value"] for group in groups.values())  # type: ignore[attr-defined]
    everyone = found(voice, health, one=[*labels(a=35), "b"])["one"]["groups"]["a"]  # type: ignore[index]
    assert whole >= everyone["arr"]["portfolio"]["value"]


def test_a_small_group_gives_its_size_alone() -> None:
    groups = found(np.full(12, 50.0), np.full(12, 60.0), segment=labels(a=8, b=4))["segment"]["groups"]
    assert groups["b"] == {"drawn": 4, "heard": 4, "compared": 4, "is_small": True, "p_adjusted": None}  # type: ignore[index]
    assert groups["a"]["agreement"]["kappa"]["value"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("voice", "health"),
    [
        (np.full(24, np.nan), np.full(24, 60.0)),
        (np.full(24, 60.0), np.full(24, np.nan)),
        (np.full(24, 60.0), np.full(24, 60.0)),
    ],
    ids=["nobody heard", "no health", "all alike"],
)
def test_where_nothing_can_be_said_nothing_is(voice: FloatArray, health: FloatArray) -> None:
    groups = found(voice, health, segment=labels(a=12, b=12))["segment"]["groups"]
    assert groups["a"]["p_adjusted"] is None  # type: ignore[index]
    assert groups["a"]["agreement"]["kappa"]["value"] is None  # type: ignore[index]


def test_a_grouping_that_repeats_another_or_tells_nothing_is_left_out() -> None:
    twice = labels(x=6, y=6)
    figures = found(np.full(12, 50.0), np.full(12, 60.0), segment=labels(a=6, b=6), stratum=twice, tier=labels(one=12))
    assert list(figures) == ["segment"]


def test_accounts_without_a_label_are_counted() -> None:
    figures = found(np.full(12, 50.0), np.full(12, 60.0), segment=[*labels(a=8), *[None] * 4])
    assert figures["segment"]["not_given"] == 4
    assert list(figures["segment"]["groups"]) == ["a"]  # type: ignore[call-overload]
