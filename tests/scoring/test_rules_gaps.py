"""Equating, account gaps, flag tiers, bands, quadrants and ARR at risk."""

import itertools
import json
import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.estimates import stratified_total
from app.scoring.rules.gaps import (
    AccountGap,
    account_gaps,
    arr_expected,
    arr_portfolio,
    band,
    equate,
    flag_tiers,
    isotonic,
    quadrant,
)
from app.scoring.rules.rollup import shrink

QUICK = settings(max_examples=40, deadline=None)


def portfolio(seed: int, n: int = 60, share: float = 0.0, gap: float = -30.0) -> tuple[Any, Any, Any, Any]:
    """Calibrated health, voice with 1–5 respondents at σ = 20, its variance, and which accounts have the gap."""
    random = np.random.default_rng(seed)
    truth = random.normal(65, 12, n)
    real = random.random(n) < share
    variances = 400.0 / random.integers(1, 6, n)
    return truth, truth + gap * real + random.normal(0, np.sqrt(variances)), variances, real


def test_isotonic_answers_in_the_order_of_its_input() -> None:
    y, mixed = [1, 0, 4, 3, 3, 5, 4, 2, 0], [4, 2, 0, 8, 6, 1, 3, 5, 7]
    fitted = isotonic(mixed, [y[i] for i in mixed])
    assert fitted == pytest.approx([isotonic(range(9), y)[i] for i in mixed])


def test_isotonic_of_nothing_and_of_ties() -> None:
    assert isotonic([], []) == []
    assert isotonic([1, 1, 2], [0, 4, 1]) == pytest.approx([5 / 3] * 3)


def test_few_accounts_keep_their_health() -> None:
    health, voice, variances, _ = portfolio(1, n=29)
    assert equate(health, voice, variances) == health.tolist()
    assert equate([], [], []) == []


def equate_by_hand(h: Any, y: Any, v: Any, w: Any) -> list[float]:
    """The card's sentences one by one, in plain loops: an independent reading to hold the columns to."""
    n = range(len(h))
    lower, upper = np.quantile(h, 1 / 3), np.quantile(h, 2 / 3)
    low, high = [i for i in n if h[i] <= lower], [i for i in n if h[i] >= upper]
    median = lambda values, rows: float(np.median([values[i] for i in rows]))  # noqa: E731  (a word of this reading)
    run = median(h, high) - median(h, low)
    slope = max(0.0, (median(y, high) - median(y, low)) / run) if run else 0.0
    intercept = float(np.median([y[i] - slope * h[i] for i in n]))
    star, kept = [intercept + slope * h[i] for i in n], None
    for _ in range(20):
        z = [abs(y[i] - star[i]) / max(2 * math.sqrt(v[i]), 15) for i in n]
        near = [i for i in n if z[i] <= max(1, float(np.median(z)))]
        if near == kept:
            break
        kept = near
        total = sum(w[i] / v[i] for i in kept)
        share = {i: w[i] / v[i] / total for i in kept}
        mean_h, mean_v = sum(share[i] * h[i] for i in kept), sum(share[i] * y[i] for i in kept)
        divisor = 1 - sum(s * s for s in share.values())
        s2_h = sum(share[i] * (h[i] - mean_h) ** 2 for i in kept) / divisor
        s2 = sum(share[i] * (y[i] - mean_v) ** 2 for i in kept) / divisor
        s2_v = max(s2 - 0.774 * sum(share[i] * v[i] for i in kept), 0)
        star = [mean_v + (math.sqrt(s2_v / s2_h) * (h[i] - mean_h) if s2_h else 0) for i in n]
    return star


@pytest.mark.parametrize("seed", range(12))
def test_equating_follows_the_card(seed: int) -> None:
    random = np.random.default_rng(seed)
    health, voice, variances, _ = portfolio(seed, n=30 + seed * 5, share=0.15)
    health = np.round(20 + 0.7 * health, -1) if seed % 2 else 20 + 0.7 * health
    weights = random.uniform(0.5, 4, len(health))
    assert equate(health, voice, variances) == pytest.approx(
        equate_by_hand(health, voice, variances, np.ones(len(health)))
    )
    weighted = equate(health, voice, variances, weights=weights)
    assert weighted == pytest.approx(equate_by_hand(health, voice, variances, weights))
    assert weighted == pytest.approx(equate(health, voice, variances, weights=7 * weights))


def test_constant_health_is_equated_to_the_mean_voice() -> None:
    _, voice, variances, _ = portfolio(3)
    equated = equate([70.0] * 60, voice, variances)
    assert len(set(equated)) == 1
    assert 50 < equated[0] < 80


def test_the_gaps_that_we_look_for_hardly_bend_the_scale() -> None:
    health, voice, variances, real = portfolio(5, n=400, share=0.15, gap=-40)
    clean = np.array(equate(health, np.where(real, voice + 40, voice), variances))
    bent = np.array(equate(health, voice, variances))
    assert np.abs(bent - clean).max() < 6
    assert np.abs(np.mean(voice) - np.mean(bent)) > 3


@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0, 0.5))
@QUICK
def test_shrunken_gaps_lie_between_their_own_and_the_mean_gap(seed: int, share: float) -> None:
    health, voice, variances, _ = portfolio(seed, n=25, share=share)
    gaps = account_gaps(voice, variances, health)
    mean = shrink(voice - health, variances).mu
    assert mean is not None
    for gap in gaps:
        assert min(gap.gap, mean) - 1e-9 <= gap.shrunken <= max(gap.gap, mean) + 1e-9
        assert gap.se > 0
        assert gap.p_low + gap.p_high <= 1
        assert all(type(value) in {float, str} for value in asdict(gap).values())
    order = np.random.default_rng(seed).permutation(25)
    again = account_gaps(voice[order], variances[order], health[order])
    assert [g.tier for g in again] == [gaps[i].tier for i in order]
    assert [g.p_low for g in again] == pytest.approx([gaps[i].p_low for i in order])
    json.dumps([asdict(gap) for gap in gaps], allow_nan=False)


def test_the_odds_of_one_gap_by_hand() -> None:
    from scipy.stats import norm

    (gap,) = account_gaps([30], [100], [70], delta=15)
    assert (gap.gap, gap.shrunken, gap.se) == (-40.0, -40.0, 10.0)
    assert gap.p_low == pytest.approx(norm.cdf((-15 + 40) / 10))
    assert gap.p_high == pytest.approx(norm.cdf((-40 - 15) / 10))
    assert gap.cross_check_p == pytest.approx(norm.sf((40 - 15) / 10))
    assert gap.tier == "confirmed"


def test_without_accounts_there_are_no_gaps() -> None:
    assert account_gaps([], [], []) == []


@pytest.mark.parametrize(
    ("probabilities", "tiers"),
    [
        pytest.param([], "", id="nobody"),
        pytest.param([0.99, 0.85, 0.79], "ccp", id="the list ends at .80"),
        pytest.param([0.85, 0.99], "cc", id="whatever the order"),
        pytest.param([0.89], "p", id="a false share above .10"),
        pytest.param([0.9], "c", id="a false share of exactly .10"),
        pytest.param([0.95, 0.85], "cc", id="a mean of exactly .10"),
        pytest.param([0.99, 0.85, 0.85], "cpp", id="equals stand or fall together"),
        pytest.param([0.99, 0.99, 0.80, 0.82], "cccc", id="sure ones carry unsure ones"),
        pytest.param([0.5, 0.499, 0.3, 0.299, 0.0], "pwwnn", id="lower ends belong to a tier"),
    ],
)
def test_flag_tiers(probabilities: list[float], tiers: str) -> None:
    words = {"c": "confirmed", "p": "probable", "w": "watch", "n": "none"}
    assert flag_tiers(probabilities) == [words[letter] for letter in tiers]


@pytest.mark.parametrize(
    ("score", "color"), [(None, None), (0, "red"), (49.99, "red"), (50, "amber"), (74.9, "amber"), (75, "green")]
)
def test_a_band_includes_its_lower_end(score: float | None, color: str | None) -> None:
    assert band(score) == color


def test_bands_of_a_lifecycle() -> None:
    assert [band(s, amber_from=30, green_from=50) for s in (29, 30, 50)] == ["red", "amber", "green"]


BANDS = ("red", "amber", "green")


@pytest.mark.parametrize(("health", "voice"), list(itertools.product((*BANDS, None), (*BANDS, None))), ids=str)
def test_quadrants(health: str | None, voice: str | None) -> None:
    if health is None or voice is None:
        expected = "insufficient"
    elif health == voice:
        expected = "agree"
    else:
        expected = {"red": "hidden_risk", "green": "hidden_strength", "amber": "mixed"}[voice]
    assert quadrant(health, voice) == expected


GAPS = [
    AccountGap(-40, -35, 8, 0.97, 0.0, "confirmed"),
    AccountGap(40, 35, 8, 0.0, 0.97, "confirmed"),
    AccountGap(-20, -15, 9, 0.55, 0.0, "probable"),
]


def test_expected_and_portfolio_arr_at_risk() -> None:
    arr, p_low = [100.0, 1000.0, 10.0], [gap.p_low for gap in GAPS]
    assert arr_expected(arr, p_low) == pytest.approx(102.5)
    sizes = {"a": 30}
    total = arr_portfolio(arr, p_low, ["a"] * 3, sizes)
    assert total == stratified_total([97.0, 0.0, 5.5], ["a"] * 3, sizes)
    assert arr_portfolio(arr, p_low, ["a"] * 3, sizes, weights=[1, 2, 3]).value == pytest.approx(97 + 16.5)
    assert arr_expected([], []) == 0.0


REFUSED: dict[str, Any] = {
    "variance 0": lambda: account_gaps([1], [0], [1]),
    "lengths": lambda: account_gaps([1], [4], [1, 2]),
    "NaN": lambda: account_gaps([math.nan], [4], [1]),
    "a negative margin": lambda: account_gaps([1], [4], [1], delta=-1),
    "equating variance 0": lambda: equate([1], [1], [0]),
    "equating lengths": lambda: equate([1], [1, 2], [3]),
    "equating weights": lambda: equate([1, 2], [1, 2], [3, 3], weights=[1, -1]),
    "isotonic lengths": lambda: isotonic([1], [1, 2]),
    "crossed cuts": lambda: band(50, amber_from=75, green_from=50),
    "a score that is no number": lambda: band(math.nan),
    "an unknown band": lambda: quadrant("blue", "red"),
    "odds above 1": lambda: arr_expected([1], [1.1]),
    "ARR lengths": lambda: arr_expected([1, 2], [0.5]),
    "tiers of no odds": lambda: flag_tiers([1.5]),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


def test_a_gap_is_a_value() -> None:
    assert replace(GAPS[0], tier="watch") != GAPS[0]
