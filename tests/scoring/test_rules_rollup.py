"""The account roll-up: roles, effective n, pooled variance and shrinkage, person by person and by columns."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.rollup import (
    ROLE_WEIGHTS,
    Within,
    effective_n,
    role_weighted_mean,
    shrink,
    standard_error,
    within_variance,
)
from app.scoring.rules.rollup_arrays import account_voices, respondent_voices, within_variance_of

QUICK = settings(max_examples=50, deadline=None)
ROLES = list(ROLE_WEIGHTS)


@pytest.mark.parametrize(
    ("scores", "value", "coverage", "role_range", "warnings"),
    [
        pytest.param(dict.fromkeys(ROLES, 40), 40, 1.0, 0, [], id="all roles agree"),
        pytest.param({"decision_maker": 20, "champion": 80}, 45, 0.6, 60, [], id="two roles"),
        pytest.param({"decision_maker": 20, "admin": 80, "champion": None}, 38, 0.5, 60, [], id="half is enough"),
        pytest.param({"champion": 70}, 70, 0.25, 0, ["THIN"], id="one role"),
        pytest.param({"champion": None}, None, 0.0, None, ["EMPTY"], id="nobody answered"),
        pytest.param({}, None, 0.0, None, ["EMPTY"], id="nobody"),
    ],
)
def test_role_weighted_mean(
    scores: dict[str, float | None],
    value: float | None,
    coverage: float,
    role_range: float | None,
    warnings: list[str],
) -> None:
    mean = role_weighted_mean(scores, ROLE_WEIGHTS)
    assert mean.value == (None if value is None else pytest.approx(value))
    assert mean.coverage == pytest.approx(coverage)
    assert (mean.role_range, mean.warnings) == (role_range, warnings)


@pytest.mark.parametrize(
    ("weights", "n"),
    [([], 0.0), ([0, 0], 0.0), ([1, 1, 1], 3.0), ([2], 1.0), ([3, 1], 1.6), (np.array([0.5, 0.5]), 2.0)],
)
def test_effective_n(weights: Any, n: float) -> None:
    assert effective_n(weights) == pytest.approx(n)
    assert type(effective_n(weights)) is float


@pytest.mark.parametrize(("n", "margin"), [(1, 39), (2, 28), (3, 23), (5, 18)])
def test_margins_at_the_assumed_spread(n: int, margin: int) -> None:
    se = standard_error(400, effective_n([1] * n))
    assert se is not None
    assert round(1.96 * se) == margin


def test_without_respondents_there_is_no_standard_error() -> None:
    assert standard_error(400, 0) is None


@pytest.mark.parametrize(
    ("scores", "within"),
    [
        pytest.param([[10, 20]] * 8, Within(50.0, assumed=False), id="eight accounts"),
        pytest.param([[10, 20]] * 7 + [[30]] * 9, Within(400.0, assumed=True), id="seven accounts and lone ones"),
        pytest.param([[10, 20]] * 7 + [[3, 6, 9]], Within((7 * 50 + 18) / 9, assumed=False), id="pooled by freedom"),
        pytest.param([[5, 5]] * 20, Within(400.0, assumed=True), id="no difference anywhere is not believed"),
        pytest.param([[200 / 3, 66.66666666666666]] * 9, Within(400.0, assumed=True), id="nor one that rounding made"),
        pytest.param([[10, 10.001]] * 8, Within(5e-07, assumed=False), id="a small difference is one"),
        pytest.param([], Within(400.0, assumed=True), id="nobody"),
    ],
)
def test_within_variance(scores: list[list[float]], within: Within) -> None:
    for found in (within_variance(scores), within_variance(dict(enumerate(scores)))):
        assert found.variance == pytest.approx(within.variance)
        assert found.assumed is within.assumed


def test_one_account_keeps_its_value_and_no_account_has_none() -> None:
    one = shrink([70], [400])
    assert (one.mu, one.tau2, one.values, one.ses, one.warnings) == (70.0, 0.0, [70.0], [20.0], ["SINGLETON"])
    none = shrink([], [])
    assert (none.mu, none.se_mu, none.tau2, none.q, none.values, none.warnings) == (None,) * 4 + ([], ["EMPTY"])


def test_without_spread_between_accounts_all_stand_at_the_mean() -> None:
    shrinkage = shrink([50, 52, 48], [400, 400, 200])
    assert shrinkage.tau2 == 0.0
    assert shrinkage.values == pytest.approx([shrinkage.mu] * 3)


REFUSED: dict[str, Any] = {
    "a role without weight": lambda: role_weighted_mean({"ghost": 3}, ROLE_WEIGHTS),
    "a score that is no number": lambda: role_weighted_mean({"admin": math.nan}, ROLE_WEIGHTS),
    "a negative role weight": lambda: role_weighted_mean({"admin": 3}, {"admin": -1}),
    "a negative weight": lambda: effective_n([1, -1]),
    "scores that are no number": lambda: within_variance([[1, math.inf]]),
    "variance 0": lambda: shrink([1, 2], [1, 0]),
    "variance negative": lambda: shrink([1, 2], [1, -2]),
    "lengths": lambda: shrink([1, 2], [1]),
    "negative n": lambda: standard_error(400, -1),
    "an account out of range": lambda: account_voices(np.array([3]), np.array([0]), [5.0], [1.0], 3),
    "a role out of range": lambda: account_voices(np.array([0]), np.array([-1]), [5.0], [1.0], 3),
    "positions that are floats": lambda: account_voices(np.array([0.0]), np.array([0]), [5.0], [1.0], 3),
    "columns of two lengths": lambda: account_voices(np.array([0, 1]), np.array([0]), [5.0], [1.0], 3),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


values_and_variances = st.lists(st.tuples(st.floats(0, 100), st.floats(0.5, 900)), min_size=2, max_size=20)


@given(rows=values_and_variances, order=st.randoms(use_true_random=False))
@QUICK
def test_shrunken_values_lie_between_their_own_and_the_mean(rows: list[tuple[float, float]], order: Any) -> None:
    y, v = zip(*rows, strict=True)
    shrinkage = shrink(y, v)
    assert shrinkage.mu is not None
    for own, shrunken, se in zip(y, shrinkage.values, shrinkage.ses, strict=True):
        assert min(own, shrinkage.mu) <= shrunken <= max(own, shrinkage.mu)
        assert se > 0
    order.shuffle(rows)
    again = shrink(*zip(*rows, strict=True))
    assert sorted(again.values) == pytest.approx(sorted(shrinkage.values))


@given(rows=values_and_variances)
@QUICK
def test_shrinkage_is_dersimonian_and_lairds(rows: list[tuple[float, float]]) -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = np.array(rows).T
    shrinkage = shrink(y, v)
    # statsmodels does not cut τ² off at 0 and then divides by it; only τ² and q are of use here.
    with np.errstate(all="ignore"):
        oracle = combine_effects(y, v, method_re="dl")
    tau2 = max(float(oracle.tau2), 0.0)
    assert shrinkage.tau2 == pytest.approx(tau2, rel=1e-6, abs=1e-6)
    w = 1 / (v + tau2)
    assert shrinkage.mu == pytest.approx(float(w @ y / w.sum()), rel=1e-6)
    assert shrinkage.q == pytest.approx(float(oracle.q), rel=1e-6, abs=1e-6)


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    n = draw(st.integers(0, 30))
    column = lambda values: draw(st.lists(values, min_size=n, max_size=n))  # noqa: E731  (three columns of one length)
    accounts, roles = column(st.integers(0, 5)), column(st.integers(0, 3))
    return np.array(accounts, dtype=np.int64), np.array(roles, dtype=np.int64), np.array(column(st.floats(0, 100)))


@given(portfolio=portfolios())
@QUICK
def test_columns_give_what_the_functions_give_account_by_account(portfolio: tuple[Any, Any, Any]) -> None:
    account, role, score = portfolio
    omega = list(ROLE_WEIGHTS.values())
    voices = account_voices(account, role, score, omega, 6)
    for i in range(6):
        here = account == i
        by_role = {ROLES[r]: float(score[here & (role == r)].mean()) for r in range(4) if (here & (role == r)).any()}
        mean = role_weighted_mean(by_role, ROLE_WEIGHTS)
        carried = [omega[r] / (here & (role == r)).sum() for r in role[here]]
        assert bool(voices.answered[i]) is (mean.value is not None)
        assert voices.coverage[i] == pytest.approx(mean.coverage)
        assert voices.n_eff[i] == pytest.approx(effective_n(carried))
        assert voices.respondents[i] == here.sum()
        if mean.value is not None:
            assert voices.voice[i] == pytest.approx(mean.value)
            assert voices.role_range[i] == pytest.approx(mean.role_range)


@given(portfolio=portfolios(), minimum=st.integers(1, 4))
@QUICK
def test_columns_give_the_same_within_variance(portfolio: tuple[Any, Any, Any], minimum: int) -> None:
    account, _, score = portfolio
    groups = [score[account == i] for i in range(6)]
    one = within_variance(groups, minimum_accounts=minimum)
    other = within_variance_of(account, score, 6, minimum_accounts=minimum)
    assert other.assumed == one.assumed
    assert other.variance == pytest.approx(one.variance)


def test_a_respondents_voice_is_the_mean_of_the_dimensions_present() -> None:
    voice, partial = respondent_voices(np.array([[40.0, 60.0], [np.nan, 80.0], [np.nan, np.nan]]))
    assert voice.tolist()[:2] == [50.0, 80.0]
    assert math.isnan(voice[2])
    assert partial.tolist() == [False, True, False]


def test_twenty_thousand_accounts_are_rolled_up_at_once() -> None:
    random = np.random.default_rng(1)
    account = np.repeat(np.arange(20_000), 3)
    score = random.uniform(0, 100, 60_000)
    voices = account_voices(account, random.integers(0, 4, 60_000), score, list(ROLE_WEIGHTS.values()), 20_000)
    assert voices.answered.all()
    assert within_variance_of(account, score, 20_000).variance == pytest.approx(100**2 / 12, rel=0.05)
