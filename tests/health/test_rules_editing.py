"""A draft as it is typed: what it says as a document, what stands in its way, its shares; templates and comparisons."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health.rules.comparing import Scored, changes_in_words, compared
from app.health.rules.drawing import curve_of
from app.health.rules.editing import (
    Sheet,
    key_from,
    moved,
    number_in,
    part_of,
    places,
    shares,
    sheet_of,
    with_group,
    with_measure,
    with_part,
    without_group,
    without_measure,
)
from app.health.rules.readiness import curve_fault, document_of, reading_of
from app.health.rules.scorecard import parse_scorecard, to_document
from app.health.rules.scores import score_accounts
from app.health.rules.starter import Measured
from app.health.rules.telling import segments
from app.health.rules.templates import TEMPLATES, template_sheet

LINE = [[0, 0], [100, 100]]


def measure(key: str, **changes: Any) -> dict[str, Any]:
    return {"key": key, "metric": key, "points": LINE, "weight": 1, **changes}


def card(*measures: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"key": "default", "measures": list(measures) or [measure("use")], **changes}


FULL = card(
    measure("use", weight=2.5, per="seats", aggregate="slope", window_days=30, tier="secondary"),
    measure("odd", group="Adoption", points=[[0.125, 0], [1000000, 100]]),
    lifecycle={"onboarding": {"bands": {"amber_from": 20, "green_from": 40.5}}},
)


def test_a_sheet_says_what_its_document_says() -> None:
    document = to_document(parse_scorecard(FULL))
    assert to_document(parse_scorecard(document_of(sheet_of(document)))) == document
    assert reading_of(sheet_of(document)).problems == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("2.5", 2.5, id="dot"),
        pytest.param("2,5", 2.5, id="comma"),
        pytest.param("−3", -3.0, id="minus-sign"),
        pytest.param("0,125", 0.125, id="small-comma"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param("1,000", None, id="thousand-or-one"),
        pytest.param("1.2.3", None, id="two-dots"),
        pytest.param("nan", None, id="nan"),
        pytest.param("inf", None, id="infinite"),
        pytest.param("", None, id="nothing"),
        pytest.param("٣", None, id="other-digits"),
    ],
)
def test_a_number_is_read_as_it_is_meant_or_not_at_all(typed: str, number: float | None) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("points", "words"),
    [
        pytest.param([["0", "0"], ["9", "100"]], "", id="sound"),
        pytest.param([["5", "50"]], "", id="flat"),
        pytest.param([], "at least one", id="none"),
        pytest.param([["0", "0"], ["0", "9"]], "Row 2: the curve goes back", id="twice"),
        pytest.param([["4", "0"], ["2", "9"]], "Row 2: the curve goes back", id="back"),
        pytest.param([["0", "101"]], "Row 1: points run from 0 to 100", id="too-many-points"),
        pytest.param([["0", ""]], "Row 1: write the value", id="half"),
    ],
)
def test_a_curve_says_which_row_is_wrong(points: list[list[str]], words: str) -> None:
    fault = curve_fault(points)
    assert words in fault
    assert bool(fault) == bool(words)
    assert (curve_of(points, "50", "75") is None) == (bool(fault) and "Row 1: points" not in fault)


@pytest.mark.parametrize(
    ("changes", "place", "field"),
    [
        pytest.param({"name": ""}, "about", "name", id="no-name"),
        pytest.param({"amber_from": "75"}, "about", "amber_from", id="amber-at-green"),
        pytest.param({"stages": [{"stage": "", "amber_from": "1", "green_from": "2"}]}, "about", "stage.0", id="stage"),
        pytest.param({"measures": []}, "weights", "", id="no-measures"),
        pytest.param({"groups": [{"key": "g", "name": "G", "weight": "0"}]}, "weights", "group.0", id="zero-group"),
        pytest.param({"groups": [{"key": "g", "name": "G", "weight": "1"}]}, "weights", "group.0", id="empty-group"),
        pytest.param({"groups": [{"key": "g", "name": "G", "weight": "1"}]}, "measure.use", "group", id="ungrouped"),
        pytest.param(
            {"exceptions": [{"of": "group:x", "is": "red", "cap": "amber"}]},
            "exceptions",
            "exception.0",
            id="of-nothing",
        ),
        pytest.param(
            {"exceptions": [{"of": "measure:use", "is": "amber", "cap": "red"}]},
            "exceptions",
            "exception.0",
            id="harsh",
        ),
    ],
)
def test_each_problem_has_its_place(changes: Sheet, place: str, field: str) -> None:
    found = reading_of(sheet_of(card()) | changes)
    assert field in found.at(place)


def test_a_bad_measure_is_left_out_and_the_rest_computed() -> None:
    sheet = sheet_of(card(measure("use"), measure("odd")))
    reading = reading_of(with_part(sheet, "measure.odd", {"metric": "", "name": "Odd one"}))
    assert reading.left_out == ["Odd one"]
    assert reading.scorecard is not None
    assert [m.key for m in reading.scorecard.measures] == ["use"]


def test_every_place_can_be_shown_and_stored_unchanged() -> None:
    sheet = sheet_of(FULL)
    for place in places(sheet):
        assert with_part(sheet, place, part_of(sheet, place) or {}) == sheet


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.booleans()), min_size=1, max_size=8))
def test_shares_are_parts_of_one(rows: list[tuple[str, int, bool]]) -> None:
    measures = [
        {**sheet_of(card())["measures"][0], "key": f"m{n}", "group": group, "weight": str(weight), "tier": tier}
        for n, (group, weight, is_half) in enumerate(rows)
        for tier in ("secondary" if is_half else "primary",)
    ]
    groups = [{"key": key, "name": key, "weight": str(weight)} for weight, key in enumerate("abc", start=1)]
    for some in ([], groups):
        found = shares({"groups": some, "measures": measures})
        total = sum(share for name, share in found.items() if name.startswith("measure."))
        assert total == pytest.approx(1.0 if any(weight for _, weight, _ in rows) else 0.0)


def test_a_secondary_measure_counts_half_within_its_group() -> None:
    sheet = sheet_of(card(measure("a", weight=10), measure("b", weight=10, tier="secondary"), measure("c", weight=1)))
    sheet["groups"] = [{"key": "g", "name": "G", "weight": "3"}, {"key": "h", "name": "H", "weight": "1"}]
    for entry, group in zip(sheet["measures"], "ggh", strict=True):
        entry["group"] = group
    found = shares(sheet)
    assert found == pytest.approx(
        {"group.g": 0.75, "group.h": 0.25, "measure.a": 0.5, "measure.b": 0.25, "measure.c": 0.25}
    )


def test_the_first_group_comes_with_those_that_measures_named() -> None:
    sheet = sheet_of(card(measure("a", weight=10, group="Use"), measure("b", weight=4, tier="secondary")))
    changed = with_group(sheet)
    assert [(g["name"], g["weight"]) for g in changed["groups"]] == [("Use", "10"), ("Other", "2")]
    assert [m["group"] for m in changed["measures"]] == ["use", "other"]
    before, after = shares(sheet), shares(changed)
    assert {name: after[name] for name in before} == pytest.approx(before)
    assert without_group(changed, "use")["measures"][0]["group"] == ""


def test_measures_are_added_moved_and_taken_out() -> None:
    sheet, key = with_measure(sheet_of(card(measure("a"), measure("b"))))
    assert key == "measure_1"
    order = [m["key"] for m in moved(moved(sheet, key, -1), "a", -1)["measures"]]
    assert order == ["a", "measure_1", "b"]
    sheet["exceptions"] = [{"of": "measure:a", "is": "red", "cap": "amber"}]
    assert without_measure(sheet, "a")["exceptions"] == []


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [("Time to value", [], "time_to_value"), ("360", [], "g_360"), ("Use", ["use"], "use_1"), ("…", [], "g")],
)
def test_a_key_is_made_of_a_name(name: str, taken: list[str], key: str) -> None:
    assert key_from(name, taken) == key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_a_filled_template_can_be_published(template: Any) -> None:
    measured = [Measured("active_users", 9, 0.0, 40.0), Measured("time_to_value_days", 5, 3.0, 90.0)]
    sheet = template_sheet(template, key="k", name="N", measured=measured)
    assert all(entry["weight"] == "10" or entry["weight"] == "1" for entry in sheet["measures"])
    filled = [{**entry, "metric": entry["metric"] or "m"} for entry in sheet["measures"]]
    assert reading_of({**sheet, "measures": filled}).problems == []
    used = [entry["metric"] for entry in sheet["measures"] if entry["metric"]]
    assert used.count("active_users") <= 1


def test_a_template_knows_metrics_by_their_names() -> None:
    measured = [Measured("active_users", 9, 0.0, 40.0), Measured("time_to_value_days", 5, 3.0, 90.0)]
    sheet = template_sheet(TEMPLATES[0], key="k", name="N", measured=measured)
    found = {entry["name"]: (entry["metric"], entry["points"]) for entry in sheet["measures"]}
    assert found["Active users"] == ("active_users", [["0", "0"], ["40", "100"]])
    assert found["Days until first value"] == ("time_to_value_days", [["3", "100"], ["90", "0"]])


@pytest.mark.parametrize(
    ("measured", "falls", "curve"),
    [
        pytest.param(Measured("m", 9, 0.0, 400.0, 31.2468), False, [(0, 0), (31.2, 75), (400, 100)], id="skewed"),
        pytest.param(Measured("m", 9, 3.0, 90.0, 20.0), True, [(3, 100), (20, 75), (90, 0)], id="less-is-better"),
        pytest.param(Measured("m", 9, 1.0, 1.004, 1.001), False, [(1, 0), (1.001, 75), (1.004, 100)], id="narrow"),
        pytest.param(Measured("m", 9, 0.0, 40.0), False, [(0, 0), (40, 100)], id="mean-unknown"),
    ],
)
def test_a_first_curve_is_green_from_the_mean_on(measured: Measured, falls: bool, curve: list[Any]) -> None:
    assert measured.curve(falls=falls) == curve


def scored(values: list[list[float]], **changes: Any) -> Scored:
    scorecard = parse_scorecard(card(*[measure(key) for key in "ab"[: len(values[0])]], **changes))
    count = len(values)
    health = score_accounts(scorecard, np.array(values), np.full(count, np.nan), [None] * count)
    return Scored(scorecard, health)


def test_a_change_names_the_measure_that_moved_it() -> None:
    before = scored([[90.0, 90.0], [90.0, 90.0], [np.nan, np.nan]])
    after = scored([[90.0, 90.0], [80.0, 20.0], [np.nan, np.nan]])
    found = compared(before, after)
    assert [(c.position, c.before, c.after, c.moved.name, c.moved.points) for c in found.changes] == [
        (1, "green", "amber", "b", -35.0)
    ]
    assert found.insufficient == [2]
    assert found.after == {"red": 0, "amber": 1, "green": 1, "none": 1}


def test_other_bands_move_no_measure() -> None:
    after = scored([[60.0, 60.0]], bands={"amber_from": 10, "green_from": 55})
    (change,) = compared(scored([[60.0, 60.0]]), after).changes
    assert (change.moved.name, change.score_before, change.score_after) == (None, 60.0, 60.0)


def test_an_exception_alone_is_named() -> None:
    capping = {
        "exceptions": [{"measure": "b", "is": "red", "cap": "amber"}],
        "bands": {"amber_from": 40, "green_from": 45},
    }
    plain, capped = scored([[90.0, 10.0]], bands=capping["bands"]), scored([[90.0, 10.0]], **capping)
    (change,) = compared(plain, capped).changes
    assert (change.before, change.after, change.moved.name, change.moved.cap) == ("green", "amber", "b", "holds")
    (change,) = compared(capped, plain).changes
    assert (change.after, change.moved.name, change.moved.cap) == ("green", "b", "ended")


def test_groups_and_exceptions_go_through_the_draft_unchanged() -> None:
    groups = [{"key": "g", "name": "Group", "weight": 30}]
    exceptions = [{"group": "g", "is": "red", "cap": "amber"}, {"measure": "use", "is": "red", "cap": "red"}]
    written = card(
        measure("use", group="g", half_life_days=30), groups=groups, exceptions=exceptions, template="adoption"
    )
    document = to_document(parse_scorecard(written))
    assert to_document(parse_scorecard(document_of(sheet_of(document)))) == document


def test_accounts_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="same length"):
        compared(scored([[1.0]]), scored([[1.0], [2.0]]))


def test_what_changes_is_said_in_words() -> None:
    old = to_document(parse_scorecard(card(measure("use", name="Use"), measure("gone", name="Gone"))))
    new = to_document(
        parse_scorecard(
            card(
                measure("use", name="Use", weight=2, points=[[0, 0], [50, 100]]),
                measure("fresh", name="Fresh"),
                bands={"amber_from": 40, "green_from": 75},
            )
        )
    )
    assert changes_in_words(old, new) == [
        "New measure: Fresh, by fresh.",
        "Taken out: Gone.",
        "Use: weight 1 → 2.",
        "Use: another curve, (0 is 0, 100 is 100) → (0 is 0, 50 is 100).",
        "Bands: amber from 50, green from 75 → amber from 40, green from 75.",
    ]
    assert changes_in_words(new, new) == []
    assert changes_in_words(None, new) == ["The first version, with 2 measures."]


def test_a_bar_is_as_wide_as_its_parts() -> None:
    assert sum(piece.width for piece in segments({"red": 1, "amber": 0, "green": 3})) == pytest.approx(320)
    assert segments({"red": 0}) == []
