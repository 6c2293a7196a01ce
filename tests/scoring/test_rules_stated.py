"""What people say matters: points as shares, and places as points."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.rules.plain import plain
from app.scoring.rules.stated import centroid_weights, ranked_points, stated_shares

TOPICS = ("support", "value", "company")


def test_points_become_shares_of_a_hundred() -> None:
    shares = stated_shares(np.array([[30.0, 10, np.nan], [0, 0, 0], [5, np.nan, np.nan], [50, 25, 25]]))
    assert plain(shares) == [[75, 25, None], [None] * 3, [None] * 3, [50, 25, 25]]
    with pytest.raises(ValueError, match="negative"):
        stated_shares(np.array([[-1.0, 2.0]]))


@pytest.mark.parametrize(
    ("n", "weights"),
    [
        # Barron & Barrett (1996), table 1, in hundredths.
        pytest.param(1, [100.0], id="one"),
        pytest.param(2, [75.0, 25.0], id="two"),
        pytest.param(3, [61.11, 27.78, 11.11], id="three"),
        pytest.param(4, [52.08, 27.08, 14.58, 6.25], id="four"),
        pytest.param(5, [45.67, 25.67, 15.67, 9.0, 4.0], id="five"),
    ],
)
def test_what_a_place_is_worth(n: int, weights: list[float]) -> None:
    assert centroid_weights(n).tolist() == pytest.approx(weights, abs=0.005)


def test_an_order_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="one place"):
        centroid_weights(0)


@given(st.integers(1, 40))
def test_places_share_out_a_hundred_and_earlier_ones_get_more(n: int) -> None:
    weights = centroid_weights(n).tolist()
    assert math.isclose(math.fsum(weights), 100)
    assert all(first > second for first, second in pairwise(weights))


def test_a_place_is_the_mean_of_all_points_in_that_order() -> None:
    dice = np.random.default_rng(5)
    points = np.sort(dice.dirichlet([1, 1, 1], 40_000), axis=1)[:, ::-1].mean(axis=0) * 100
    assert points.tolist() == pytest.approx(centroid_weights(3).tolist(), abs=0.3)


@pytest.mark.parametrize(
    ("order", "row"),
    [
        pytest.param("value company support", [11.11, 61.11, 27.78], id="an order"),
        pytest.param("", [None] * 3, id="nothing"),
        pytest.param("value company", [None] * 3, id="one left out"),
        pytest.param("value company value", [None] * 3, id="one twice"),
        pytest.param("value company support education", [None] * 3, id="of other topics"),
    ],
)
def test_an_order_gives_points_to_its_topics(order: str, row: list[float | None]) -> None:
    found = plain(ranked_points({7: order, 9: "support value company"}, [7, 8], TOPICS))
    assert found[0] == (row if row[0] is None else pytest.approx(row, abs=0.005))
    assert found[1] == [None] * 3
