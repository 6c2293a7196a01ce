"""The members of the win probability: fitted, weighed by their record out of fold, and pooled for an account."""

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from app.foresight.rules.members import FACTORS, Members, fit_members, win_of


def portfolio(n: int, *, losses: int | None = None, seed: int = 1) -> tuple[Any, Any, Any]:
    """Accounts whose voice foretells the renewal and whose health says nothing."""
    random = np.random.default_rng(seed)
    health, voice = random.uniform(20, 95, (2, n))
    renewed = random.random(n) < 1 / (1 + np.exp(-(voice - 50) / 8))
    if losses is not None:
        renewed = np.arange(n) >= losses
    return health, voice, renewed


def test_members_weigh_by_their_record_once_there_are_outcomes_enough() -> None:
    few, many = fit_members(*portfolio(49), seed=1), fit_members(*portfolio(400), seed=1)
    assert set(few.weights.values()) == {0.25}
    assert many.briers["voice"] < many.briers["base_rate"]
    assert many.briers["health"] == pytest.approx(many.briers["base_rate"], abs=0.02)
    assert many.weights["voice"] > many.weights["health"]
    assert sum(many.weights.values()) == pytest.approx(1)
    json.dumps(asdict(many), allow_nan=False)


def test_a_record_is_out_of_fold_and_repeats_itself_by_its_seed() -> None:
    columns = portfolio(60)
    assert fit_members(*columns, seed=3) == fit_members(*columns, seed=3)
    assert fit_members(*columns, seed=3).briers != fit_members(*columns, seed=4).briers
    random = np.random.default_rng(0)
    noise = fit_members(*random.uniform(0, 100, (2, 60)), np.arange(60) % 2, seed=1)
    # In fold a model can only be better than the base rate; out of fold noise is worse than it.
    assert noise.briers["combined"] > noise.briers["base_rate"] - 0.01


def test_the_pool_of_an_account_spans_the_members_that_it_has_scores_for() -> None:
    members = fit_members(*portfolio(400), seed=1)
    happy, unhappy = (win_of(members, health=60, voice=voice) for voice in (90, 10))
    assert unhappy.value < members.base_rate < happy.value
    assert set(happy.members) == set(FACTORS)
    assert happy.lo <= happy.value <= happy.hi
    unheard = win_of(members, health=60, voice=None)
    assert set(unheard.members) == {"base_rate", "health"}
    nothing = win_of(members, health=None, voice=None)
    assert (nothing.value, nothing.lo, nothing.hi) == pytest.approx((members.base_rate,) * 3)


@pytest.mark.parametrize(
    ("n", "losses", "warnings"),
    [
        pytest.param(0, 0, ["EMPTY"], id="nobody"),
        pytest.param(1, 0, ["NO_EVENTS"], id="one account"),
        pytest.param(20, 0, ["NO_EVENTS"], id="nobody was lost"),
        pytest.param(20, 20, ["NO_EVENTS"], id="everybody was lost"),
        pytest.param(2, 1, ["THIN"], id="one of each"),
        pytest.param(60, 1, ["THIN"], id="one loss"),
        pytest.param(60, 9, ["THIN"], id="nine losses"),
        pytest.param(60, 10, [], id="ten losses"),
    ],
)
def test_members_at_the_edges(n: int, losses: int, warnings: list[str]) -> None:
    members = fit_members(*portfolio(n, losses=losses), seed=1)
    assert members.warnings == warnings
    win = win_of(members, health=50, voice=50)
    assert (win is None) is (warnings in (["EMPTY"], ["NO_EVENTS"]))
    assert members.briers == {} or all(0 <= score <= 1 for score in members.briers.values())


def test_constant_scores_leave_the_base_rate() -> None:
    members = fit_members([50] * 40, [70] * 40, np.arange(40) % 4 > 0, seed=1)
    win = win_of(members, health=50, voice=20)
    assert win.members == pytest.approx(dict.fromkeys(FACTORS, 0.75))


REFUSED = {
    "columns of unequal length": lambda: fit_members([1, 2], [1], [0, 1], seed=1),
    "health that is NaN": lambda: fit_members([1, math.nan], [1, 2], [0, 1], seed=1),
    "an outcome of one half": lambda: fit_members([1, 2], [1, 2], [0, 0.5], seed=1),
    "an account's voice that is NaN": lambda: win_of(fit_members(*portfolio(50), seed=1), health=50, voice=math.nan),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


def test_without_members_there_is_no_probability() -> None:
    assert win_of(Members(None), health=50, voice=50) is None
