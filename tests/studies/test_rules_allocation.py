"""Allocation and inclusion probabilities: published examples, edges and laws."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studies.rules.allocation import SPREAD_MISSING, Allocation, inclusion_probabilities, neyman, proportional

QUICK = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("allocation", "rounded"),
    [
        pytest.param(neyman([0, 10, 30], [5, 5, 5], 8), [0, 2, 6], id="an empty stratum gives nothing"),
        pytest.param(neyman([1, 2, 97], [9, 9, 9], 10), [1, 2, 7], id="strata up to the minimum are taken whole"),
        pytest.param(neyman([10, 10], [0, 0], 6), [3, 3], id="no spread anywhere is proportional"),
        pytest.param(neyman([10, 30], [None, 4], 8), [2, 6], id="a missing spread is proportional"),
        pytest.param(neyman([10, 30], [4, 0], 20), [10, 10], id="strata without spread take what is left"),
        pytest.param(neyman([50, 50], [9, 1], 20, maximum=12), [12, 8], id="a maximum for all"),
        pytest.param(neyman([50, 50], [9, 1], 20, minimum=[2, 9]), [11, 9], id="a minimum for each"),
        pytest.param(neyman([20, 20, 20], [1, 1, 1], 10), [4, 3, 3], id="a tie goes to the earlier stratum"),
        pytest.param(neyman([20, 40], [4, 2], 5), [2, 3], id="a tie goes to the larger stratum first"),
        pytest.param(neyman([], [], 0), [], id="no strata"),
        pytest.param(neyman(np.array([20, 20]), np.array([1.0, 3.0]), 8), [2, 6], id="arrays"),
    ],
)
def test_neyman_inside_its_bounds(allocation: Allocation, rounded: list[int]) -> None:
    assert allocation.rounded == rounded
    assert all(type(n) is int for n in allocation.rounded)
    assert all(type(x) is float for x in allocation.raw)


def test_a_missing_spread_is_named() -> None:
    assert neyman([10, 30], [None, 4], 8).warnings == [SPREAD_MISSING]
    assert neyman([0, 30], [None, 4], 8).warnings == []


@pytest.mark.parametrize(
    ("sizes", "spreads", "n", "bounds"),
    [
        pytest.param([5, 5], [1, 1], 3, {}, id="n below the minimums"),
        pytest.param([5, 5], [1, 1], 11, {}, id="n above the sizes"),
        pytest.param([50, 50], [1, 1], 30, {"maximum": 10}, id="n above the maximums"),
        pytest.param([50, 50], [1, 1], 30, {"minimum": 20, "maximum": 18}, id="bounds that cross"),
        pytest.param([50, 50], [1, 1], 30, {"minimum": [2]}, id="too few minimums"),
        pytest.param([-5, 50], [1, 1], 10, {}, id="a negative size"),
        pytest.param([5, 50], [-1, 1], 10, {}, id="a negative spread"),
        pytest.param([5, 50], [math.nan, 1], 10, {}, id="a spread that is no number"),
        pytest.param([5, 50], [1], 10, {}, id="too few spreads"),
        pytest.param([5.5, 50], [1, 1], 10, {}, id="half an account"),
        pytest.param([5, 50], [1, 1], -1, {}, id="a negative n"),
        pytest.param([None, 50], [1, 1], 10, {}, id="a size missing"),
    ],
)
def test_neyman_refuses(sizes: list[int], spreads: list[float], n: int, bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        neyman(sizes, spreads, n, **bounds)


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [
        pytest.param([1, 1, 1], 2, [1, 1, 0], id="tie by position"),
        pytest.param([3, 9], 2, [0, 2], id="tie by the larger stratum"),
        pytest.param([0, 4], 4, [0, 4], id="everyone"),
        pytest.param([0, 0], 0, [0, 0], id="nobody"),
    ],
)
def test_proportional_edges(sizes: list[int], n: int, expected: list[int]) -> None:
    assert proportional(sizes, n) == expected


def test_proportional_refuses_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="more than"):
        proportional([2, 3], 6)


@given(data=st.data())
@QUICK
def test_allocations_add_up_inside_their_bounds(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(0, 400), min_size=1, max_size=12))
    spreads = data.draw(st.lists(st.floats(0, 1e6), min_size=len(sizes), max_size=len(sizes)))
    minimum = data.draw(st.integers(0, 4))
    lower = [min(minimum, size) for size in sizes]
    n = data.draw(st.integers(sum(lower), sum(sizes)))
    allocation = neyman(sizes, spreads, n, minimum=minimum)
    assert sum(allocation.rounded) == n
    assert sum(allocation.raw) == pytest.approx(n)
    for raw, whole, low, high in zip(allocation.raw, allocation.rounded, lower, sizes, strict=True):
        assert low <= whole <= high
        assert low <= raw <= high
        assert abs(raw - whole) < 1 + 1e-6


@given(data=st.data())
@QUICK
def test_free_strata_share_by_size_times_spread(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(3, 400), min_size=2, max_size=8))
    spreads = data.draw(st.lists(st.floats(0.1, 50), min_size=len(sizes), max_size=len(sizes)))
    n = data.draw(st.integers(2 * len(sizes), sum(sizes)))
    raw = neyman(sizes, spreads, n).raw
    free = [(x, N * S) for x, N, S in zip(raw, sizes, spreads, strict=True) if 2 + 1e-6 < x < N - 1e-6]
    for (x, share), (y, other) in pairwise(free):
        assert x / share == pytest.approx(y / other, rel=1e-6)


@given(sizes=st.lists(st.integers(0, 500), min_size=1, max_size=10), share=st.floats(0, 1))
@QUICK
def test_proportional_stays_within_one_of_the_exact_share(sizes: list[int], share: float) -> None:
    n = int(share * sum(sizes))
    drawn = proportional(sizes, n)
    assert sum(drawn) == n
    for size, got in zip(sizes, drawn, strict=True):
        assert abs(got - n * size / max(sum(sizes), 1)) < 1


@given(
    measures=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30),
    share=st.floats(0, 1),
)
@QUICK
def test_inclusion_probabilities_add_up_to_n(measures: list[float], share: float) -> None:
    n = round(share * len(measures))
    pi = inclusion_probabilities(measures, n)
    assert sum(pi) == pytest.approx(n, rel=1e-9)
    assert all(0 <= p <= 1 for p in pi)
    by_size = [p for _, p in sorted(zip(measures, pi, strict=True))]
    assert all(low <= high + 1e-12 for low, high in pairwise(by_size))


def test_a_measure_of_nothing_is_never_drawn_with_pps() -> None:
    assert inclusion_probabilities([0, 1, 3], 1) == [0.0, 0.25, 0.75]
    with pytest.raises(ValueError, match="positive measure"):
        inclusion_probabilities([0, 1, 3], 3)
    with pytest.raises(ValueError, match="negative"):
        inclusion_probabilities([-1, 1, 3], 1)
