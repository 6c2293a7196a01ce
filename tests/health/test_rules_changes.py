"""What moved a health score: every point of a change has its place in one part."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health.rules.changes import Change, Kind, Line, Standing, change_between
from app.health.rules.scorecard import Scorecard, parse_scorecard
from app.health.rules.scores import explanations, score_accounts

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]


def measure(key: str, weight: float = 1, **changes: Any) -> dict[str, Any]:
    return {"key": key, "metric": key, "points": LINE, "weight": weight, **changes}


def scorecard(*measures: dict[str, Any]) -> Scorecard:
    return parse_scorecard({"key": "default", "measures": list(measures)})


def standing(card: Scorecard, version: int, day: float = 0, **values: float) -> Standing:
    """Return what a scorecard computes from these values, as it is stored."""
    row = np.array([[values.get(each.key, np.nan) for each in card.measures]])
    health = score_accounts(card, row, np.array([1.0]), [None])
    lines, _ = next(explanations(card, health))
    score = None if np.isnan(health.scores[0]) else float(health.scores[0])
    return Standing(
        computation_id=int(day),
        as_of=DAY + timedelta(days=day),
        version_id=version,
        score=score,
        band=health.bands[0],
        lines={line["key"]: Line(line["value"], line["points"], line["weight"]) for line in lines},
    )


def parts_of(change: Change) -> dict[tuple[str, str], float]:
    return {(part.kind.value, part.key): round(part.moved, 6) for part in change.parts}


USE_AND_CASES = scorecard(measure("use", 3), measure("cases", 1))


def test_a_measure_gives_its_points_times_its_share() -> None:
    before = standing(USE_AND_CASES, 1, use=80, cases=60)
    after = standing(USE_AND_CASES, 1, 1, use=60, cases=64)
    change = change_between(before, after, {1: USE_AND_CASES})
    assert change.moved == pytest.approx(-14)
    assert parts_of(change) == {("measure", "use"): -15, ("measure", "cases"): 1}
    assert [part.key for part in change.parts] == ["use", "cases"], "the largest stands first"
    assert (change.parts[0].before, change.parts[0].after) == (80, 60)
    assert (change.is_other_band, change.is_other_scorecard) == (True, False)


def test_what_stays_is_no_part() -> None:
    same = standing(USE_AND_CASES, 1, use=80, cases=60)
    assert change_between(same, same, {1: USE_AND_CASES}) == Change(same, same, 0.0, ())


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        pytest.param(
            {"use": 80, "cases": 20}, {"use": 80}, {("missing", "cases"): 15}, id="a bad one goes: the score rises"
        ),
        pytest.param({"use": 80}, {"use": 80, "cases": 20}, {("returned", "cases"): -15}, id="and falls as it returns"),
        pytest.param(
            {"use": 80, "cases": 20},
            {"use": 60},
            {("measure", "use"): -17.5, ("missing", "cases"): 12.5},
            id="one goes, the other falls",
        ),
        pytest.param(
            {"use": 80},
            {"cases": 20},
            {("missing", "use"): -30, ("returned", "cases"): -30},
            id="nothing is left of what there was",
        ),
    ],
)
def test_measures_go_and_come(
    before: dict[str, float], after: dict[str, float], parts: dict[tuple[str, str], float]
) -> None:
    change = change_between(
        standing(USE_AND_CASES, 1, **before), standing(USE_AND_CASES, 1, 1, **after), {1: USE_AND_CASES}
    )
    assert parts_of(change) == parts


def test_weights_that_move_by_themselves_are_a_part() -> None:
    lines = {"use": Line(80, 80, 0.75), "cases": Line(20, 20, 0.25)}
    aged = {"use": Line(80, 80, 0.5), "cases": Line(20, 20, 0.5)}
    before, after = (Standing(n, DAY, 1, s, "amber", each) for n, s, each in ((1, 65.0, lines), (2, 50.0, aged)))
    assert parts_of(change_between(before, after, {1: USE_AND_CASES})) == {("weights", ""): -15}


def test_another_version_is_a_part_of_its_own() -> None:
    other = scorecard(measure("use", 1), measure("cases", 1), measure("logins", 2))
    before = standing(USE_AND_CASES, 1, use=80, cases=60)
    after = standing(other, 2, 1, use=70, cases=60, logins=45)
    change = change_between(before, after, {1: USE_AND_CASES, 2: other})
    assert change.is_carried
    assert change.is_other_scorecard
    assert parts_of(change)["scorecard", ""] == -5, "the old values by the new weights are 70, not 75"
    assert {(part.kind, part.key) for part in change.parts[1:]} <= {(Kind.MEASURE, "use"), (Kind.SCORECARD, "")}
    assert ("new", "logins") in parts_of(change)
    assert sum(part.moved for part in change.parts) == pytest.approx(after.score - 75)  # type: ignore[operator]  # It has a score.


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(measure("use", metric="visits"), id="another metric"),
        pytest.param(measure("use", aggregate="mean"), id="read in another way"),
        pytest.param(measure("logins"), id="another measure"),
    ],
)
def test_where_no_old_value_fits_the_new_version_it_says_so(new: dict[str, Any]) -> None:
    other = scorecard(new)
    before = standing(USE_AND_CASES, 1, use=80, cases=60)
    after = standing(other, 2, day=1, **{new["key"]: 10.0})
    change = change_between(before, after, {1: USE_AND_CASES, 2: other})
    assert not change.is_carried
    assert parts_of(change) == {("scorecard", ""): -65}


def test_without_a_score_nothing_is_moved() -> None:
    known, unknown = standing(USE_AND_CASES, 1, use=80), standing(USE_AND_CASES, 1, 1)
    for pair in ((known, unknown), (unknown, known)):
        change = change_between(*pair, {1: USE_AND_CASES})
        assert (change.moved, change.parts, change.is_other_band) == (None, (), True)


VALUE = st.one_of(st.none(), st.floats(-50, 150))
WEIGHT = st.floats(0.01, 100)


@given(
    values=st.tuples(st.lists(VALUE, min_size=4, max_size=4), st.lists(VALUE, min_size=4, max_size=4)),
    weights=st.tuples(st.lists(WEIGHT, min_size=4, max_size=4), st.lists(WEIGHT, min_size=4, max_size=4)),
    is_same=st.booleans(),
)
def test_the_parts_sum_to_the_change(
    values: tuple[list[float | None], list[float | None]], weights: tuple[list[float], list[float]], is_same: bool
) -> None:
    old, new = (scorecard(*(measure(key, w) for key, w in zip("abcd", each, strict=True))) for each in weights)
    cards = {1: old, 2: old if is_same else new}
    told = [{k: v for k, v in zip("abcd", each, strict=True) if v is not None} for each in values]
    before, after = (standing(cards[n], n, n, **each) for n, each in zip((1, 2), told, strict=True))
    if is_same:
        after = Standing(2, DAY, 1, after.score, after.band, after.lines)
    change = change_between(before, after, cards)
    if change.moved is None:
        assert None in (before.score, after.score)
        return
    assert sum(part.moved for part in change.parts) == pytest.approx(change.moved, abs=1e-5)
    assert Kind.REST not in {part.kind for part in change.parts}
    assert all(abs(part.moved) <= 100 + 1e-6 for part in change.parts)
