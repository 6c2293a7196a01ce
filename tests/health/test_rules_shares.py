"""What measures weigh: groups, decay, and how much of it is people's word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health.rules.groups import Group
from app.health.rules.scorecard import Measure, Scorecard, Tier
from app.health.rules.shares import freshness_of, full_shares, judged, shares_of

NAN = float("nan")


def measure(key: str, weight: float, group: str | None = None, **more: object) -> Measure:
    return Measure(key, key, str(more.pop("metric", key)), ((0.0, 0.0), (100.0, 100.0)), weight, group=group, **more)  # type: ignore[arg-type]


def card(*measures: Measure, **groups: float) -> Scorecard:
    return Scorecard("d", "D", measures, groups=tuple(Group(key, key, weight) for key, weight in groups.items()))


GROUPED = card(measure("a", 3, "x"), measure("b", 1, "x"), measure("c", 9, "y"), x=60, y=40)
STALE = card(measure("a", 1, "x", half_life_days=30), measure("b", 1, "x"), measure("c", 1, "y"), x=50, y=50)


@pytest.mark.parametrize(
    ("present", "shares"),
    [
        pytest.param([True, True, True], [0.45, 0.15, 0.4], id="a group's weight is split by the weights of its own"),
        pytest.param([True, False, True], [0.6, 0.0, 0.4], id="a missing one gives its weight within its group"),
        pytest.param([False, False, True], [0.0, 0.0, 1.0], id="an empty group gives its weight to the others"),
        pytest.param([True, True, False], [0.75, 0.25, 0.0], id="and so does the other"),
        pytest.param([False, False, False], [0.0, 0.0, 0.0], id="nothing is there"),
    ],
)
def test_groups_share_their_weight(present: list[bool], shares: list[float]) -> None:
    assert shares_of(GROUPED, np.array([present]))[0] == pytest.approx(shares)


@pytest.mark.parametrize(
    ("age", "left"),
    [
        pytest.param(0, 1.0, id="today"),
        pytest.param(30, 0.5, id="one half-life"),
        pytest.param(60, 0.25, id="two"),
        pytest.param(NAN, 1.0, id="no row, which is another matter"),
        pytest.param(36_500, 2.0**-60, id="a hundred years are not nothing"),
    ],
)
def test_weight_halves_with_each_half_life(age: float, left: float) -> None:
    assert freshness_of(STALE, np.array([[age, age, age]]))[0].tolist() == [left, 1.0, 1.0]


@pytest.mark.parametrize(
    ("present", "fresh", "shares"),
    [
        pytest.param([1, 1, 1], [0.5, 1, 1], [1 / 6, 1 / 3, 1 / 2], id="a stale one gives within its group"),
        pytest.param([1, 0, 1], [0.5, 1, 1], [1 / 3, 0, 2 / 3], id="a group that is stale as a whole counts less"),
        pytest.param([1, 0, 0], [0.5, 1, 1], [1, 0, 0], id="alone it is all there is"),
    ],
)
def test_what_is_stale_counts_less(present: list[int], fresh: list[float], shares: list[float]) -> None:
    assert shares_of(STALE, np.array([present], dtype=bool), np.array([fresh]))[0] == pytest.approx(shares)


rows = st.lists(st.tuples(st.booleans(), st.floats(0, 4_000)), min_size=3, max_size=3)


@given(rows)
def test_shares_are_one_together_or_nothing_is_there(row: list[tuple[bool, float]]) -> None:
    present = np.array([[is_there for is_there, _ in row]])
    shares = shares_of(STALE, present, freshness_of(STALE, np.array([[age for _, age in row]])))[0]
    assert shares.sum() == pytest.approx(1.0 if present.any() else 0.0)
    assert ((shares > 0) == present[0]).all()


@given(rows, st.floats(0, 400))
def test_the_older_the_less_it_counts(row: list[tuple[bool, float]], more: float) -> None:
    present = np.array([[is_there for is_there, _ in row]])
    ages = np.array([[age for _, age in row]])
    before = shares_of(STALE, present, freshness_of(STALE, ages))[0]
    after = shares_of(STALE, present, freshness_of(STALE, ages + np.array([more, 0.0, 0.0])))[0]
    assert after[0] <= before[0] + 1e-12


def test_full_data_shares_count_secondary_ones_half() -> None:
    found = full_shares(card(measure("a", 3), measure("b", 2, tier=Tier.SECONDARY)))
    assert found == pytest.approx({"a": 0.75, "b": 0.25})


def test_judgement_is_told_apart_from_the_customers_voice() -> None:
    found = judged(
        card(
            measure("usage", 6),
            measure("mood", 1, metric="CSM.sentiment"),
            measure("nps", 2, metric="nps.last"),
            measure("csat", 1, metric="cases.csat"),
        )
    )
    assert [found.judgement, found.voice] == pytest.approx([0.1, 0.3])
