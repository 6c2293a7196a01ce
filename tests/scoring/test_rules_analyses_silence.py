"""The silent as a class, and the bad input that must never become a figure."""

from typing import Any

import numpy as np
import pytest

from app.scoring.rules.accounts import Drawn
from app.scoring.rules.analyses import silence as rules
from app.scoring.rules.analyses.footprint import engagement, sentiments
from app.scoring.rules.plain import plain
from app.studies.rules.silent_draw import Standing

H, S, R, N = Standing.HEARD, Standing.SILENT, Standing.REFUSED, Standing.NOT_ASKED


def drawn_accounts(n: int, **changes: Any) -> Drawn:
    columns: dict[str, Any] = {
        "account_ids": list(range(n)),
        "strata": ["s"] * n,
        "stratum_sizes": {"s": 2 * n} if n else {},
        "arr": np.arange(1.0, n + 1) * 1000,
        "health": np.linspace(10, 90, n),
        "health_bands": ["red" if i < n / 2 else "green" for i in range(n)],
    }
    return Drawn(**(columns | changes))


def asked_people(drawn: Drawn, standing: list[int], each: int = 1) -> rules.Asked:
    account = np.repeat(np.arange(len(drawn.account_ids)), each)
    return rules.asked_columns(
        drawn, account, np.zeros(len(account), dtype=np.int64), ["admin"], np.array(standing, dtype=np.int64)
    )


def all_figures(drawn: Drawn, asked: rules.Asked, voice: np.ndarray[Any, Any]) -> Any:
    nothing = np.zeros(len(drawn.account_ids))
    silent = asked.eligible & ~asked.heard
    return plain(
        {
            **rules.class_figures(asked),
            "tests": rules.tests_by_class(asked, drawn.strata),
            "health": rules.health_difference(drawn.health, asked),
            "participation": rules.participation_figures(nothing, nothing, asked),
            "voice": rules.adjusted_figures(drawn, asked, voice),
            "follow_up": rules.follow_up_figures(drawn, voice, in_frame=silent, is_drawn=silent),
        }
    )


def estimates_in(figures: Any) -> list[dict[str, Any]]:
    if isinstance(figures, dict):
        own = [figures] if {"value", "se", "warnings"} <= figures.keys() else []
        return own + [each for part in figures.values() for each in estimates_in(part)]
    return [each for part in figures for each in estimates_in(part)] if isinstance(figures, list) else []


def test_counts_by_class() -> None:
    drawn = drawn_accounts(6)
    asked = asked_people(drawn, [H, S, S, N, H, R, S, S, H, H, N, N], each=2)
    found = rules.class_figures(asked)
    assert found["people"] == {"heard": 4, "silent": 4, "refused": 1, "not_asked": 3}
    assert [(row["label"], row["asked"], row["silent"]) for row in found["by_health"]] == [
        ("red", 5, 2),
        ("green", 4, 2),
    ]
    assert [row["label"] for row in found["by_arr"]] == ["low", "middle", "high"]
    assert sum(cell["asked"] for cell in found["cells"]) == 9
    assert asked.heard.tolist() == [True, False, True, False, True, False]
    assert asked.eligible.tolist() == [True, True, True, True, True, False]


def test_heard_and_silent_differ_in_health() -> None:
    drawn = drawn_accounts(20)
    asked = asked_people(drawn, [S] * 10 + [H] * 10)
    found = rules.health_difference(drawn.health, asked)
    assert found.value == pytest.approx(drawn.health[10:].mean() - drawn.health.mean())
    assert found.lo is not None
    assert found.lo > 0
    health = rules.tests_by_class(asked, drawn.strata)[0]
    assert health["chi2"] == pytest.approx(20)
    assert health["p"] < 0.001


def test_participation_counts_each_account_once() -> None:
    drawn = drawn_accounts(12)
    asked = asked_people(drawn, [H] * 6 + [S] * 6)
    invited = np.array([10.0, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 0])
    took_part = np.array([5.0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0])
    found = rules.participation_figures(invited, took_part, asked)
    assert (found["conversations"], found["took_part"], found["accounts"]) == (35, 12, 11)
    assert found["heard"].value == pytest.approx(5.5 / 6)
    assert found["silent"].value == pytest.approx(0.1)
    assert found["difference"].value == pytest.approx(5.5 / 6 - 0.1)
    assert found["difference"].lo > 0


def test_weighting_moves_the_mean_towards_the_silent_class() -> None:
    drawn = drawn_accounts(40)
    heard = [i % 4 != 0 if i >= 20 else i % 2 == 0 for i in range(40)]
    voice = np.where(heard, np.where(np.arange(40) < 20, 30.0, 80.0) + np.arange(40) % 3, np.nan)
    found = rules.adjusted_figures(drawn, asked_people(drawn, [H if h else S for h in heard]), voice)
    assert found["unadjusted"].value > found["classes"].value
    assert found["classes"].value == pytest.approx(56, abs=1.5)
    assert found["raked"] is None


def test_late_answers_of_the_silent_are_left_out() -> None:
    drawn = drawn_accounts(8)
    voice = np.array([80.0, 82, 84, 86, 40, 42, 10, np.nan])
    in_frame = np.array([False] * 4 + [True] * 4)
    is_drawn = np.array([False] * 4 + [True, True, False, False])
    found = rules.follow_up_figures(drawn, voice, in_frame=in_frame, is_drawn=is_drawn)
    assert (found["late"], found["followed_up"], found["silent"]) == (1, 2, 4)
    assert found["estimate"]["value"] == pytest.approx(0.5 * 83 + 0.5 * 41)


@pytest.mark.parametrize(
    ("n", "standing", "voice"),
    [
        pytest.param(0, [], [], id="no accounts"),
        pytest.param(4, [N] * 4, [np.nan] * 4, id="nobody asked"),
        pytest.param(4, [S] * 4, [np.nan] * 4, id="all silent"),
        pytest.param(4, [R] * 4, [np.nan] * 4, id="all refused"),
        pytest.param(1, [H], [50.0], id="one account"),
        pytest.param(4, [H, S, S, S], [50.0, np.nan, np.nan, np.nan], id="one heard"),
        pytest.param(6, [H] * 6, [70.0] * 6, id="all heard, all alike"),
        pytest.param(6, [H] * 5 + [S], [np.nan] * 6, id="all not applicable"),
    ],
)
def test_bad_input_gives_null_and_a_code(n: int, standing: list[int], voice: list[float]) -> None:
    drawn = drawn_accounts(n)
    figures = all_figures(drawn, asked_people(drawn, standing), np.array(voice, dtype=np.float64))
    for each in estimates_in(figures):
        assert each["value"] is not None or each["warnings"], each
    if np.isnan(voice).all():
        assert figures["voice"]["unadjusted"]["value"] is None
        assert figures["follow_up"]["estimate"]["value"] is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"health": np.full(12, np.nan), "health_bands": [None] * 12}, id="no health"),
        pytest.param({"health": np.full(12, 50.0), "health_bands": ["amber"] * 12}, id="constant health"),
        pytest.param({"arr": np.full(12, np.nan)}, id="no ARR"),
        pytest.param({"strata": ["a"] * 11 + ["b"], "stratum_sizes": {"a": 20, "b": 9}}, id="a lone silent stratum"),
    ],
)
def test_poor_frames_give_figures_all_the_same(changes: dict[str, Any]) -> None:
    drawn = drawn_accounts(12, **changes)
    voice = np.array([*np.linspace(40, 80, 9), np.nan, np.nan, np.nan])
    figures = all_figures(drawn, asked_people(drawn, [H] * 9 + [S] * 3), voice)
    assert figures["voice"]["classes"]["value"] is not None
    for each in estimates_in(figures):
        assert each["value"] is not None or each["warnings"], each


def test_engagement_is_null_where_nothing_was_asked() -> None:
    found = engagement(np.array([4.0, 0, 0]), np.array([1.0, 0, 0]), np.array([2.0, 0, 1]), np.array([2.0, 0, 0]))
    assert found.tolist() == [pytest.approx(50), pytest.approx(float("nan"), nan_ok=True), 0.0]


def test_sentiment_classes() -> None:
    codes = np.array([1.0, 1 / 3, 0.2, -1 / 3, np.nan, np.nan, np.nan])
    heard = np.array([True] * 5 + [False] * 2)
    found = sentiments(codes, eligible=np.array([True] * 6 + [False]), heard=heard)
    assert found == ["promoter", "promoter", "passive", "detractor", "unsaid", "silent", "not_asked"]
