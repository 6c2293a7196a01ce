"""A part of the drawn accounts: estimates of a domain, its own counts, and voices of some people by kept settings."""

import dataclasses

import numpy as np
import pytest

from app.scoring.rules import portfolio
from app.scoring.rules.accounts import Drawn, compare
from app.scoring.rules.frozen import account_figures, frozen_of
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.parts import Part, compare_by
from app.scoring.rules.rollup_arrays import account_voices, within_variance_of

N = 60
DICE = np.random.default_rng(7)
HEALTH = DICE.uniform(10, 100, N)
VOICE = np.clip(HEALTH + DICE.normal(0, 20, N), 0, 100)
STRATA = ["Large" if i < 20 else "Small" for i in range(N)]
OMEGA = np.array([0.6, 0.4])


def drawn(weights: FloatArray | None = None) -> Drawn:
    bands = ["green" if h >= 75 else "amber" if h >= 50 else "red" for h in HEALTH]
    return Drawn(list(range(N)), STRATA, {"Large": 30, "Small": 400}, DICE.uniform(1, 9, N), HEALTH, bands, weights)


def part(inside: BoolArray) -> Part:
    return Part(inside, {"Large": 5, "Small": 7})


EVERYBODY = np.ones(N, dtype=np.bool_)
HALF = np.arange(N) % 2 == 0
LARGE = np.array(STRATA) == "Large"


@pytest.mark.parametrize("weights", [None, DICE.uniform(1, 9, N)], ids=["stratified", "by-size"])
def test_everybody_is_estimated_as_the_whole(weights: FloatArray | None) -> None:
    frame = drawn(weights)
    whole, domain = portfolio.mean_of(frame, VOICE), part(EVERYBODY).mean(frame, VOICE)
    for name in ("value", "se", "lo", "hi", "n"):
        assert getattr(domain, name) == pytest.approx(getattr(whole, name)), name
    assert part(EVERYBODY).nps(frame, VOICE / 100).value == pytest.approx(whole.value)


def test_a_stratum_is_estimated_by_its_own_accounts() -> None:
    mean = part(LARGE).mean(drawn(), VOICE)
    assert mean.value == pytest.approx(VOICE[LARGE].mean())
    assert mean.se == pytest.approx(VOICE[LARGE].std(ddof=1) / 20**0.5 * (1 - 20 / 30) ** 0.5)


def test_shares_stay_between_nothing_and_all() -> None:
    shares = np.where(VOICE > 50, 1.0, 0.0)
    found, whole = part(HALF).share(drawn(), shares), portfolio.share_of(drawn(), shares)
    assert found.lo is not None
    assert found.hi is not None
    assert 0 <= found.lo <= (found.value or 0) <= found.hi <= 1
    assert whole.lo is not None
    assert whole.hi is not None
    assert found.hi - found.lo > whole.hi - whole.lo, "half of the accounts tell less"
    everything = part(HALF).share(drawn(), np.ones(N))
    assert everything.value == 1
    assert everything.lo is not None
    assert everything.lo < 1


def test_totals_of_parts_add_up() -> None:
    one, other = (part(inside).total(drawn(), VOICE).value for inside in (HALF, ~HALF))
    whole = part(EVERYBODY).total(drawn(), VOICE).value
    assert (one or 0) + (other or 0) == pytest.approx(whole)


@pytest.mark.parametrize("inside", [HALF, LARGE], ids=["half", "a-stratum"])
def test_columns_are_cut_and_values_stay(inside: BoolArray) -> None:
    frame = drawn()
    cut = part(inside).drawn(frame)
    assert cut.account_ids == np.flatnonzero(inside).tolist()
    assert cut.health.tolist() == HEALTH[inside].tolist()
    assert cut.stratum_sizes == {"Large": 5, "Small": 7}
    who, role = np.repeat(np.arange(N), 2), np.tile([0, 1], N)
    voices = account_voices(who, role, np.repeat(VOICE, 2), OMEGA, N)
    compared = compare(frame, voices, within_variance_of(who, np.repeat(VOICE, 2), N))
    some = part(inside).columns(compared)
    assert some.tiers == [tier for tier, is_in in zip(compared.tiers, inside, strict=True) if is_in]
    assert some.gap.tolist() == compared.gap[inside].tolist()
    assert some.was_equated == compared.was_equated


def test_other_voices_are_compared_as_a_single_account_is() -> None:
    frame = drawn()
    who, role = np.repeat(np.arange(N), 2), np.tile([0, 1], N)
    said = np.clip(np.repeat(VOICE, 2) + DICE.normal(0, 9, 2 * N), 0, 100)
    voices = account_voices(who, role, said, OMEGA, N)
    within = within_variance_of(who, said, N)
    frozen = frozen_of(frame, voices, within, compare(frame, voices, within))
    one_role = account_voices(who[::2], np.zeros(N, dtype=np.int64), said[::2], np.array([1.0, 0.0]), N)
    thin = np.where(np.arange(N) == 3, 0.4, 1.0)
    heard = dataclasses.replace(one_role, coverage=thin)
    found = compare_by(frozen, frame, heard, was_equated=True)
    for place in range(N):
        alone = account_figures(frozen, heard, place, float(HEALTH[place]), STRATA[place])
        for name in ("equated_health", "gap", "gap_shrunken", "gap_se", "p_low", "p_high"):
            value = getattr(found, name)[place]
            assert (None if np.isnan(value) else value) == pytest.approx(alone[name]), (place, name)
    assert found.tiers[3] == "none"
    assert found.quadrants[3] == "insufficient"
    confirmed = np.array([tier == "confirmed" for tier in found.tiers])
    odds = np.maximum(found.p_low, found.p_high)[confirmed]
    assert not len(odds) or (1 - odds).mean() <= 0.1
