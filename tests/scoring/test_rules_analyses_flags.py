"""How firm flags are: what the order and the unshrunken test say beside the odds."""

import numpy as np
import pytest

from app.scoring.rules.accounts import Compared, Drawn, compare
from app.scoring.rules.analyses.flags import both_scores, checked_flags, flag_counts, points_agreement
from app.scoring.rules.gaps import band
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import account_voices


def compared(voice: FloatArray, health: FloatArray) -> Compared:
    """Accounts where one person of the only role said so much; people hardly differ."""
    n = len(voice)
    drawn = Drawn(list(range(n)), ["all"] * n, {"all": n}, np.ones(n), health, [band(float(h)) for h in health])
    voices = account_voices(np.arange(n), np.zeros(n, dtype=np.int64), voice, [1.0], n)
    return compare(drawn, voices, Within(9.0, assumed=False))


def test_a_flag_is_borne_out_by_both_where_an_account_stands_far_off() -> None:
    health = np.linspace(40, 95, 12)
    voice = health.copy()
    voice[11] = 10.0
    found = checked_flags(compared(voice, health), dict.fromkeys(range(12), 0.0) | {11: -90.0})
    assert found[0]["position"] == 11
    assert (found[0]["side"], found[0]["by_order"], found[0]["by_test"]) == ("low", True, True)
    assert flag_counts(found)[found[0]["tier"]]["by_order"] == 1


def test_an_order_that_parts_the_other_way_bears_nothing_out() -> None:
    health, voice = np.full(12, 50.0), np.full(12, 50.0)
    voice[0] = 95.0
    found = checked_flags(compared(voice, health), dict.fromkeys(range(12), -50.0))
    assert found[0]["side"] == "high"
    assert not found[0]["by_order"]


def test_without_flags_every_tier_counts_nobody() -> None:
    assert flag_counts([])["confirmed"] == {"accounts": 0, "by_order": 0, "by_test": 0}


@pytest.mark.parametrize("n", [0, 1, 9])
def test_few_pairs_give_no_agreement_on_points(n: int) -> None:
    found = plain(points_agreement(np.linspace(0, 90, n), np.linspace(10, 100, n)))
    assert found["limits"] is None
    assert [found[key]["value"] for key in ("lin", "pearson", "spearman", "kendall")] == [None] * 4


def test_constant_health_has_limits_and_no_correlation() -> None:
    found = plain(points_agreement(np.linspace(0, 90, 12), np.full(12, 50.0)))
    assert found["limits"]["bias"] == pytest.approx(-5)
    assert found["lin"]["value"] is None
    assert "ZERO_VAR" in found["spearman"]["warnings"]


def test_both_scores_are_a_band_in_voice_and_health() -> None:
    some = compared(np.array([10.0, 60.0]), np.array([20.0, 80.0]))
    assert both_scores(some, np.array([np.nan, 80.0])).tolist() == [1]
