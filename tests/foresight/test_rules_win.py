"""Win probability and the smallest change: pools, exact plans, whole numbers against enumeration, refusals."""

import itertools
import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.foresight.rules.win import distinct_plans, linear_pool, minimal_change, pool_weights, win_probability

QUICK = settings(max_examples=40, deadline=None)
LOGIT_70 = math.log(0.7 / 0.3)


@pytest.mark.parametrize(
    ("p", "weights", "pooled"),
    [
        pytest.param([0.4], [1], 0.4, id="one member"),
        pytest.param([0.2, 0.8], [1, 3], 0.65, id="weights need not sum to 1"),
        pytest.param([0.2, 0.8], [0, 1], 0.8, id="a member without weight"),
        pytest.param([0.1, 0.1, 0.1], [0.1, 0.1, 0.1], 0.1, id="all of one mind"),
    ],
)
def test_the_pool(p: Any, weights: Any, pooled: float) -> None:
    assert linear_pool(p, weights) == pytest.approx(pooled)


@pytest.mark.parametrize(
    ("briers", "outcomes", "weights"),
    [
        pytest.param([0.1, 0.2], 49, [0.5, 0.5], id="too few outcomes"),
        pytest.param([0.1, 0.2], 50, [7 / 12, 5 / 12], id="enough outcomes"),
        pytest.param([0.1], 0, [1.0], id="one member"),
        pytest.param([0.0, 0.2], 60, [0.75, 0.25], id="one without any error"),
        pytest.param([0.2, 0.2, 0.2], 99, [1 / 3] * 3, id="equally good"),
    ],
)
def test_pool_weights(briers: Any, outcomes: int, weights: Any) -> None:
    assert pool_weights(briers, outcomes) == pytest.approx(weights)


def test_a_win_probability_is_never_certain_and_spans_its_members() -> None:
    win = win_probability({"base rate": 0.8, "health": 1.0, "voice": 0.0}, [1, 1, 1])
    assert win.members == {"base rate": 0.8, "health": 0.99, "voice": 0.01}
    assert (win.value, win.lo, win.hi) == pytest.approx((0.6, 0.01, 0.99))


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 6), target=st.floats(0.3, 0.95))
@QUICK
def test_free_factors_move_along_the_projection(seed: int, k: int, target: float) -> None:
    random = np.random.default_rng(seed)
    beta, x, sd = random.normal(size=k), random.normal(50, 20, k), random.uniform(0.5, 15, k)
    base = -float(beta @ x) - random.uniform(1, 4)
    w, need = beta * sd, math.log(target / (1 - target)) - base - float(beta @ x)
    plan = minimal_change(beta, base, x, sd, target=target, seed=seed)
    if need <= 0:
        assert plan.distance == 0
        return
    assert plan.probability >= target
    assert plan.distance == pytest.approx(need / np.linalg.norm(w))
    assert plan.delta == pytest.approx((need * w / (w @ w) * sd).tolist())


@pytest.mark.parametrize(
    ("options", "delta"),
    [
        pytest.param({}, [LOGIT_70 / 2, LOGIT_70 / 2], id="both move alike"),
        pytest.param({"immutable": [0]}, [0, LOGIT_70], id="one is fixed"),
        pytest.param({"immutable": [0, 1]}, None, id="all are fixed"),
        pytest.param({"bounds": [(None, 0.1), None]}, [0.1, LOGIT_70 - 0.1], id="one reaches its bound"),
        pytest.param({"bounds": [(None, 0.1), (0, 0.1)]}, None, id="the bounds leave too little"),
        pytest.param({"bounds": [(-1, -0.5), None]}, [-0.5, LOGIT_70 + 0.5], id="a bound that forces a step back"),
        pytest.param({"bounds": [(-math.inf, math.inf), (None, None)]}, [LOGIT_70 / 2] * 2, id="open bounds"),
        pytest.param({"bounds": {0: (None, 0.1)}}, [0.1, LOGIT_70 - 0.1], id="bounds by position"),
        pytest.param({"bounds": np.array([[0, 0.1], [0, 9]])}, [0.1, LOGIT_70 - 0.1], id="bounds in an array"),
        pytest.param({"integers": [0]}, [0, LOGIT_70], id="a whole number may stay"),
        pytest.param({"integers": [0, 1]}, [0, 1], id="whole numbers only"),
        pytest.param({"integers": [0], "bounds": [(0.2, 0.8), None]}, None, id="no whole number within the bounds"),
        pytest.param({"integers": [0], "bounds": [(1, 1), None]}, [1, 0], id="one whole number within the bounds"),
        pytest.param({"target": 0.5}, [0, 0], id="met already"),
    ],
)
def test_plans(options: dict[str, Any], delta: list[float] | None) -> None:
    plan = minimal_change([1, 1], 0, [0, 0], [1, 1], **({"target": 0.7} | options))
    if delta is None:
        assert plan is None
        return
    assert plan.distance == pytest.approx(math.hypot(*delta), abs=1e-6)
    assert sorted(plan.delta) == pytest.approx(sorted(delta), abs=1e-6)
    json.dumps(asdict(plan), allow_nan=False)


def test_a_factor_that_does_nothing_stays_and_may_lack_spread_where_it_is_fixed() -> None:
    plan = minimal_change([1, 0, 5], 0, [0, 3, 0], [1, 1, 0], target=0.7, immutable=[2])
    assert plan.delta == pytest.approx([LOGIT_70, 0, 0])
    assert minimal_change([0, 0], -1, [0, 0], [1, 1], target=0.7) is None
    assert minimal_change([], -1, [], [], target=0.7) is None


@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_come_near_the_best_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    beta, x, sd = random.normal(size=3) * [1, 0.4, 2], np.round(random.normal(0, 3, 3)), random.uniform(0.3, 3, 3)
    bounds = [(value - 6, value + 6) for value in x[:2]] + [None]
    base, whole = -float(beta @ x) - 2, [0, 1]
    plan = minimal_change(beta, base, x, sd, target=0.6, bounds=bounds, integers=whole, seed=seed)
    best = math.inf
    for steps in itertools.product(range(-6, 7), repeat=2):
        left = math.log(1.5) + 2 - float(beta[:2] @ steps)
        best = min(best, math.hypot(*(np.array(steps) / sd[:2]), max(left, 0) / abs(beta[2] * sd[2])))
    assert plan.probability >= 0.6
    assert all(float(plan.delta[i]).is_integer() for i in whole)
    assert all(low <= x[i] + plan.delta[i] <= high for i, (low, high) in zip(whole, bounds[:2], strict=True))
    assert plan.distance <= 1.05 * best
    assert plan == minimal_change(beta, base, x, sd, target=0.6, bounds=bounds, integers=whole, seed=seed)


def test_plans_differ_in_what_moves_and_the_shortest_comes_first() -> None:
    plans = distinct_plans([1, 2, 0.5], -3, [0, 0, 0], [1, 1, 1], target=0.7)
    assert [plan.delta[1] == 0 for plan in plans] == [False, True, True]
    assert plans[2].delta[0] == 0
    assert [plan.distance for plan in plans] == sorted(plan.distance for plan in plans)
    assert distinct_plans([1], -3, [0], [1], target=0.7, immutable=[0]) == []
    assert len(distinct_plans([1, 1], 3, [0, 0], [1, 1], target=0.7)) == 1


PLAIN: dict[str, Any] = {"coefficients": [1, 1], "intercept": 0, "x": [0, 0], "sd": [1, 1], "target": 0.7}
REFUSED = {
    "an empty pool": lambda: linear_pool([], []),
    "a pool of unequal lengths": lambda: linear_pool([0.1], [1, 1]),
    "a probability above 1": lambda: linear_pool([1.1], [1]),
    "a probability that is NaN": lambda: linear_pool([math.nan], [1]),
    "a negative weight": lambda: linear_pool([0.1, 0.2], [2, -1]),
    "weights that are all 0": lambda: linear_pool([0.1], [0]),
    "a win of 120 %": lambda: win_probability({"a": 1.2}, [1]),
    "a win of nobody": lambda: win_probability({}, []),
    "no member": lambda: pool_weights([], 10),
    "a Brier score above 1": lambda: pool_weights([1.5], 10),
    "negative outcomes": lambda: pool_weights([0.1], -1),
    "coefficients of another length": lambda: minimal_change(**(PLAIN | {"coefficients": [1]})),
    "x that is NaN": lambda: minimal_change(**(PLAIN | {"x": [0, math.nan]})),
    "no spread": lambda: minimal_change(**(PLAIN | {"sd": [1, 0]})),
    "a target of certainty": lambda: minimal_change(**(PLAIN | {"target": 1.0})),
    "a target that is NaN": lambda: minimal_change(**(PLAIN | {"target": math.nan})),
    "crossed bounds": lambda: minimal_change(**PLAIN, bounds=[(1, 0), None]),
    "bounds that are NaN": lambda: minimal_change(**PLAIN, bounds=[(math.nan, 0), None]),
    "bounds for one only": lambda: minimal_change(**PLAIN, bounds=[(0, 1)]),
    "bounds for a factor that is not there": lambda: minimal_change(**PLAIN, bounds={2: (0, 1)}),
    "bounds of three": lambda: minimal_change(**PLAIN, bounds=[(0, 1, 2), None]),
    "a factor that is not there": lambda: minimal_change(**PLAIN, immutable=[2]),
    "a whole number that is not there": lambda: minimal_change(**PLAIN, integers=[-1]),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
