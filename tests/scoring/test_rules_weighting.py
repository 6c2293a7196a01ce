"""Non-response weights: class factors, raking, merging and trimming; edges, laws and refusals."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.weighting import merge_classes, rake, trim, weighting_class_factors

QUICK = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize(
    ("sampled", "responded", "factors"),
    [
        pytest.param({}, {}, {}, id="no class"),
        pytest.param({"a": 60, "b": 40}, {"a": 60, "b": 40}, {"a": 1, "b": 1}, id="everybody answered"),
        pytest.param({"a": 60.5, "b": 40}, {"a": 12.1}, {"a": 5, "b": None}, id="a class in which nobody answered"),
        pytest.param({"a": 0}, {"a": 0}, {"a": None}, id="a class of nobody"),
    ],
)
def test_class_factors(sampled: Any, responded: Any, factors: Any) -> None:
    assert weighting_class_factors(sampled, responded) == pytest.approx(factors)


@given(seed=st.integers(0, 2**32 - 1))
@QUICK
def test_raked_weights_meet_their_margins_whatever_the_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 60
    labels = {"band": random.permutation(np.arange(n) % 3), "arr": np.arange(n) % 4, "region": np.arange(n) % 2}
    truth = random.uniform(1, 3, n)
    margins = {
        name: {int(c): float(truth[column == c].sum()) for c in set(column.tolist())} for name, column in labels.items()
    }
    raked = rake(np.ones(n), labels, margins)
    assert raked.converged
    for name, column in labels.items():
        for category, total in margins[name].items():
            assert np.array(raked.weights)[column == category].sum() == pytest.approx(total, abs=2e-6)
    order = random.permutation(n)
    again = rake(np.ones(n), {name: column[order] for name, column in labels.items()}, margins)
    assert again.weights == pytest.approx(np.array(raked.weights)[order].tolist())


@pytest.mark.parametrize(
    ("weights", "labels", "totals", "raked", "converged"),
    [
        pytest.param([1, 1], ["a", "b"], {"a": 1, "b": 1}, [1, 1], True, id="nothing to do"),
        pytest.param([1, 3], ["a", "a"], {"a": 8}, [2, 6], True, id="one category keeps the proportions"),
        pytest.param([1, 1], ["a", "b"], {"a": 2, "b": 0}, [2, 0], True, id="a category of nobody"),
        pytest.param([1, 1], ["a", "a"], {"a": 2, "b": 2}, [1, 1], False, id="nobody stands for a category"),
        pytest.param([0, 0], ["a", "b"], {"a": 2, "b": 2}, [0, 0], False, id="weights of nothing"),
        pytest.param([], [], {"a": 2}, [], False, id="nobody"),
    ],
)
def test_raking_one_margin(weights: Any, labels: Any, totals: Any, raked: Any, converged: bool) -> None:
    result = rake(weights, {"only": labels}, {"only": totals})
    assert (result.weights, result.converged) == (pytest.approx(raked), converged)
    assert result.warnings == ([] if converged else ["NOT_CONVERGED"] if weights else ["EMPTY"])


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    result = rake([1, 1], {"x": ["a", "b"], "y": ["c", "c"]}, {"x": {"a": 1, "b": 1}, "y": {"c": 5}}, max_rounds=30)
    assert (result.converged, result.rounds, result.warnings) == (False, 30, ["NOT_CONVERGED"])


@pytest.mark.parametrize(
    ("sampled", "responded", "people", "groups"),
    [
        pytest.param([20, 20], [10, 10], [10, 10], [["0"], ["1"]], id="all stand alone"),
        pytest.param([20, 20, 20], [10, 4, 12], [10, 4, 12], [["0", "1"], ["2"]], id="few join the smaller neighbour"),
        pytest.param([40, 20], [10, 10], [10, 10], [["0", "1"]], id="a factor above 3"),
        pytest.param([30, 20], [10, 10], [10, 10], [["0"], ["1"]], id="a factor of 3"),
        pytest.param([9, 9, 9], [1, 1, 1], [1, 1, 1], [["0", "1", "2"]], id="not even all together"),
        pytest.param([], [], [], [], id="no class"),
    ],
)
def test_thin_classes_join_their_neighbours(sampled: Any, responded: Any, people: Any, groups: Any) -> None:
    rows = [{str(i): x for i, x in enumerate(row)} for row in (sampled, responded, people)]
    assert merge_classes(*rows) == groups


def test_weights_are_cut_at_three_times_their_median() -> None:
    assert trim([1, 1, 2, 2, 10]) == [1, 1, 2, 2, 6]
    assert trim([]) == []


REFUSED = {
    "more answered than were asked": lambda: weighting_class_factors({"a": 5}, {"a": 6}),
    "a class nobody drew": lambda: weighting_class_factors({"a": 5}, {"b": 1}),
    "a negative sum": lambda: weighting_class_factors({"a": -5}, {}),
    "a sum that is NaN": lambda: weighting_class_factors({"a": math.nan}, {}),
    "no margin": lambda: rake([1], {}, {}),
    "a margin without categories": lambda: rake([1], {}, {"x": {"a": 1}}),
    "categories without a margin": lambda: rake([1], {"x": ["a"], "y": ["a"]}, {"x": {"a": 1}}),
    "categories of another length": lambda: rake([1, 1], {"x": ["a"]}, {"x": {"a": 1}}),
    "a category without a total": lambda: rake([1], {"x": ["b"]}, {"x": {"a": 1}}),
    "a negative total": lambda: rake([1], {"x": ["a"]}, {"x": {"a": -1}}),
    "an infinite total": lambda: rake([1], {"x": ["a"]}, {"x": {"a": math.inf}}),
    "a negative weight": lambda: rake([-1], {"x": ["a"]}, {"x": {"a": 1}}),
    "no tolerance": lambda: rake([1], {"x": ["a"]}, {"x": {"a": 1}}, tolerance=0),
    "trimming NaN": lambda: trim([1, math.nan]),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
