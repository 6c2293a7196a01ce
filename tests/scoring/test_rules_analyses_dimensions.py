"""Telemetry against voice by dimension: weighted points, pairs, quadrants, and nothing where nothing can be said."""

import numpy as np
import pytest

from app.scoring.rules.accounts import Drawn
from app.scoring.rules.analyses.dimensions import adjusted, dimension_figures, telemetry_scores
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import account_voices

NONE = np.nan


def drawn(n: int) -> Drawn:
    return Drawn(
        account_ids=list(range(n)),
        strata=["all"] * n,
        stratum_sizes={"all": 2 * n},
        arr=np.full(n, 1000.0),
        health=np.full(n, 50.0),
        health_bands=["amber"] * n,
    )


def figures(telemetry: list[float], voice: list[float]) -> dict[str, object]:
    """The figures of accounts where one person of the only role said so much, NaN being nobody."""
    heard: FloatArray = np.array(voice)
    said = np.flatnonzero(~np.isnan(heard))
    voices = account_voices(said, np.zeros(len(said), dtype=np.int64), heard[said], [1.0], len(voice))
    found: dict[str, object] = plain(
        dimension_figures(drawn(len(voice)), np.array(telemetry), voices, Within(400.0, assumed=True))
    )
    return found


def test_points_are_weighed_and_missing_measures_left_out() -> None:
    lines = [
        [{"key": "a", "points": 100.0, "weight": 0.3}, {"key": "b", "points": 0.0, "weight": 0.1}],
        [{"key": "b", "points": 40.0, "weight": 1.0}, {"key": "c", "points": 10.0, "weight": 1.0}],
        [],
    ]
    found = telemetry_scores(
        lines, {"a": "adoption", "b": "adoption", "c": "support", "d": None}, ["adoption", "support"]
    )
    assert found[:, 0].tolist() == pytest.approx([75.0, 40.0, NONE], nan_ok=True)
    assert found[:, 1].tolist() == pytest.approx([NONE, 10.0, NONE], nan_ok=True)


def test_twelve_accounts_give_a_paired_difference_and_the_accounts_that_stand_out() -> None:
    voice = [80.0] * 6 + [40.0] * 6
    telemetry = [70.0, 72, 74, 76, 78, 80, 60, 62, 64, 66, 68, 70]
    found = figures(telemetry, voice)
    assert found["n"] == 12
    assert found["gap"]["mean"] == pytest.approx(np.mean(np.array(voice) - np.array(telemetry)))  # type: ignore[index]
    assert found["quadrants"] == {"hidden_strength": 3, "agree": 3, "hidden_risk": 6}
    assert found["was_equated"] is False
    positions = [row["position"] for row in found["accounts"]]  # type: ignore[attr-defined]
    assert set(range(6, 12)) <= set(positions)


@pytest.mark.parametrize(
    ("telemetry", "voice", "n"),
    [
        ([], [], 0),
        ([NONE] * 12, [50.0] * 12, 0),
        ([50.0] * 12, [NONE] * 12, 0),
        ([50.0], [50.0], 1),
        ([50.0] * 9, [70.0] * 9, 9),
    ],
    ids=["nobody", "no telemetry", "nobody heard", "one", "nine"],
)
def test_too_little_gives_nothing_and_never_a_made_up_number(
    telemetry: list[float], voice: list[float], n: int
) -> None:
    found = figures(telemetry, voice)
    assert found["n"] == n
    assert found["gap"] is None
    assert found["spearman"]["value"] is None  # type: ignore[index]
    assert found["table"]["kappa"]["value"] is None  # type: ignore[index]
    assert (found["voice"] is None) is (n == 0)
    assert found["quadrants"].get("insufficient", 0) == len(voice) - n  # type: ignore[attr-defined]


def test_constant_telemetry_has_no_correlation_and_constant_differences_no_test() -> None:
    found = figures([60.0] * 12, [70.0] * 12)
    assert found["spearman"]["warnings"] == ["ZERO_VAR"]  # type: ignore[index]
    assert found["gap"]["mean"] == 10  # type: ignore[index]
    assert found["gap"]["p"] is None  # type: ignore[index]


def test_p_is_adjusted_over_the_dimensions_that_have_a_test() -> None:
    found = adjusted(
        {
            "a": {"gap": _gap(0.01)},
            "b": {"gap": _gap(0.04)},
            "c": {"gap": None},
            "d": {"gap": _gap(None)},
        }
    )
    assert [each["p_adjusted"] for each in found.values()] == [0.02, 0.04, None, None]
    assert adjusted({"c": {"gap": None}})["c"]["p_adjusted"] is None


def _gap(p: float | None) -> object:
    return type("Gap", (), {"p": p})()
