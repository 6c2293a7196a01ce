"""One figure of several relationships: the rules by hand, and what holds whatever the figures."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.relationships.rules.rollup import RollUp, rolled

THREE = [(80.0, Decimal(10)), (20.0, Decimal(30)), (60.0, Decimal(60))]
HUGE = Decimal("1e300")


@pytest.mark.parametrize(
    ("rule", "parts", "value", "left_out", "sentence"),
    [
        (RollUp.WORST, THREE, 20.0, 0, "the worst of 3"),
        (RollUp.MEAN, THREE, 160 / 3, 0, "the mean of 3"),
        (RollUp.ARR, THREE, 50.0, 0, "the mean of 3, weighted by ARR"),
        (RollUp.WORST, [*THREE, (None, Decimal(5))], 20.0, 1, "the worst of 3; 1 has no score"),
        (RollUp.MEAN, [*THREE, (None, None), (None, None)], 160 / 3, 2, "the mean of 3; 2 have no score"),
        (
            RollUp.ARR,
            [*THREE, (100.0, None), (100.0, Decimal(0)), (None, Decimal(9))],
            50.0,
            3,
            "the mean of 3, weighted by ARR; 1 has no score; 2 have no ARR",
        ),
        (
            RollUp.ARR,
            [(70.0, Decimal(-5)), (40.0, Decimal(1))],
            40.0,
            1,
            "the mean of 1, weighted by ARR; 1 has no ARR",
        ),
        (RollUp.WORST, [(0.0, None)], 0.0, 0, "the worst of 1"),
        (RollUp.WORST, [(None, Decimal(5)), (None, None)], None, 2, "none of 2 has a score"),
        (RollUp.ARR, [(50.0, None)], None, 1, "none of 1 has ARR"),
        (RollUp.MEAN, [], None, 0, "there is no relationship"),
        (RollUp.ARR, [(50.0, HUGE), (100.0, HUGE)], 75.0, 0, "the mean of 2, weighted by ARR"),
    ],
    ids=[
        "worst",
        "mean",
        "arr",
        "one without a score",
        "two without",
        "without arr and without a score",
        "arr below nothing",
        "nought is a score",
        "nobody has a score",
        "nobody has arr",
        "no relationship",
        "amounts that would overflow",
    ],
)  # fmt: skip
def test_a_rule_makes_one_figure_and_says_what_it_left_out(
    rule: RollUp,
    parts: list[tuple[float | None, Decimal | None]],
    value: float | None,
    left_out: int,
    sentence: str,
) -> None:
    found = rolled(rule, parts)
    assert found.value == (None if value is None else pytest.approx(value, abs=1e-12))
    assert (found.counted, found.left_out, found.sentence) == (len(parts) - left_out, left_out, sentence)


def test_the_sentence_names_the_figure_it_is_about() -> None:
    assert rolled(RollUp.WORST, [(None, None), (3.0, None)], what="voice").sentence == "the worst of 1; 1 has no voice"


scores = st.none() | st.floats(0, 100)
money = st.none() | st.decimals(-100, 10**12, places=2)


@given(st.lists(st.tuples(scores, money), max_size=30))
def test_a_figure_lies_within_its_parts_and_no_rule_is_below_the_worst(
    parts: list[tuple[float | None, Decimal | None]],
) -> None:
    found = {rule: rolled(rule, parts) for rule in RollUp}
    values = [value for value, _ in parts if value is not None]
    worst = found[RollUp.WORST].value
    assert (worst is None) == (not values)
    for each in found.values():
        assert each.counted + each.left_out == len(parts)
        if each.value is not None:
            assert worst is not None
            assert worst <= each.value <= max(values)
            assert math.isfinite(each.value)
