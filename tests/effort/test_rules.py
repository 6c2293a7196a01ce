"""Levels of effort, what of a typed week is new, and what the report makes of it."""

from datetime import date

import pytest

from app.effort.rules.entry import entry_of
from app.effort.rules.levels import Level, complexity_words, level_of, points_of, share_words
from app.effort.rules.report import (
    EffortRow,
    by_complexity,
    by_csm,
    by_effort,
    complexity_sentence,
    csv_rows,
    demanding,
    title,
    week_words,
)
from app.effort.rules.typed import Line, Said, mean_complexity, read_lines, share_typed, what_is_new

DAY = date(2026, 3, 1)


def row(
    name: str, permille: int | None, complexity: str | None = None, csm: str | None = "tom.quist@x.test"
) -> EffortRow:
    return EffortRow(ord(name[0]), name, name, csm, permille, complexity, DAY if permille is not None else None)


@pytest.mark.parametrize(
    ("permille", "level"),
    [
        (None, None),
        (0, Level.USUAL),
        (49, Level.USUAL),
        (50, Level.PROBABLY_HIGH),
        (99, Level.PROBABLY_HIGH),
        (100, Level.HIGH),
        (199, Level.HIGH),
        (200, Level.EXTREMELY_HIGH),
        (1000, Level.EXTREMELY_HIGH),
    ],
)
def test_levels_begin_at_5_10_and_20_percent(permille: int | None, level: Level | None) -> None:
    assert level_of(permille) is level


@pytest.mark.parametrize(
    ("typed", "permille"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("5", 50),
        ("7.5", 75),
        ("7,5", 75),
        (" 12 % ", 120),
        ("12\u00a0%", 120),
        ("100", 1000),
        ("100.0", 1000),
    ],
)
def test_a_share_is_read_as_people_type_it(typed: str, permille: int | None) -> None:
    assert read_lines([Line(1, typed)]) == ({1: Said(permille)}, {})


@pytest.mark.parametrize("typed", ["101", "100.1", "-1", "1e1", "7.55", "x", "٥", "NaN", "5 5", "1000", "½"])
def test_what_is_no_share_is_refused_with_its_field_and_nothing_else_is_taken(typed: str) -> None:
    said, errors = read_lines([Line(1, typed), Line(2, "5")])
    assert said == {}
    assert list(errors) == ["share-1"]


@pytest.mark.parametrize("typed", ["0", "6", "N/A", "1.5", " 1"])
def test_a_complexity_is_one_of_the_list(typed: str) -> None:
    assert list(read_lines([Line(1, "", typed)])[1]) == ["complexity-1"]


@pytest.mark.parametrize(("permille", "typed"), [(None, ""), (0, "0"), (50, "5"), (75, "7.5"), (1000, "100")])
def test_a_share_stands_in_the_form_as_it_was_typed(permille: int | None, typed: str) -> None:
    assert share_typed(permille) == typed
    assert read_lines([Line(1, typed)])[0][1].week_permille == permille


@pytest.mark.parametrize(
    ("said", "seen", "present", "is_new"),
    [
        (Said(50), None, None, True),
        (Said(), None, None, False),
        (Said(50), Said(50), Said(50), False),
        (Said(50), Said(50), Said(80), False),
        (Said(60), Said(50), Said(80), True),
        (Said(80), Said(50), Said(80), False),
        (Said(), Said(50), Said(50), True),
        (Said(50, "3"), Said(50), Said(50), True),
    ],
    ids=[
        "first",
        "nothing",
        "untouched",
        "changed elsewhere",
        "both",
        "the same elsewhere",
        "taken back",
        "complexity",
    ],
)
def test_only_what_somebody_touched_is_new(
    said: Said, seen: Said | None, present: Said | None, *, is_new: bool
) -> None:
    found = what_is_new({1: said}, seen={1: seen} if seen else {}, present={1: present} if present else {})
    assert found == ({1: said} if is_new else {})


@pytest.mark.parametrize(
    ("complexities", "mean"),
    [([], (None, 0)), (["na", None], (None, 0)), (["1", "4", "na", None], (2.5, 2)), (["5"], (5.0, 1))],
)
def test_not_agreed_is_in_no_mean(complexities: list[str | None], mean: tuple[float | None, int]) -> None:
    assert mean_complexity(complexities) == mean


def test_not_agreed_is_a_row_of_its_own_and_counted_apart() -> None:
    rows = [row("A", 100, "5"), row("B", 200, "5"), row("C", 30, "na"), row("D", None, "na"), row("E", 10)]
    lines = {line.words: (line.accounts, line.mean, line.n) for line in by_complexity(rows)}
    assert lines["5, very hard"] == ("2 accounts", share_words(150), "2")
    assert lines["N/A, outcomes not agreed"] == ("2 accounts", share_words(30), "1")
    assert lines["Not said"] == ("1 account", share_words(10), "1")
    assert lines["3"] == ("0 accounts", "–", "0")
    assert complexity_sentence(rows) == (
        "Mean complexity 5.0 of 5 over two accounts; outcomes are not agreed with two accounts, which no mean counts."
    )
    assert (complexity_words("na"), points_of("na"), points_of(None)) == ("N/A", None, None)


@pytest.mark.parametrize(
    ("permille", "complexity", "plan", "is_hard", "is_still"),
    [
        (100, "4", "", True, False),
        (99, "4", "", False, False),
        (100, "3", "", False, False),
        (100, "2", "", False, True),
        (99, "1", "stuck", False, False),
        (100, "3", "stuck", False, True),
        (200, "5", "stuck", True, True),
        (200, "na", "", False, False),
        (200, None, "stuck", False, True),
        (None, "5", "stuck", False, False),
    ],
)
def test_demanding_and_hard_stands_apart_from_demanding_and_still(
    permille: int | None, complexity: str | None, plan: str, *, is_hard: bool, is_still: bool
) -> None:
    it = row("A", permille, complexity)
    found = demanding([it], {it.account_id: plan} if plan else {})
    assert ([line.name for line in found.hard], [line.name for line in found.still]) == (
        ["A"] * is_hard,
        ["A"] * is_still,
    )
    assert [line.plan for line in found.still] == [plan] * is_still


def test_the_fullest_week_stands_first_and_over_a_week_is_said() -> None:
    rows = [
        row("A", 600, "5"),
        row("B", 450, "na"),
        row("C", None),
        row("D", 20, "1", "ann@x.test"),
        row("E", 9, csm=None),
    ]
    first, second = by_csm(rows)
    assert (first.csm, first.share, first.is_over, first.said, first.high) == (
        "Tom Quist", share_words(1050), True, "2 of 3", "2",
    )  # fmt: skip
    assert (first.complexity, first.not_agreed) == ("5.0, n = 1", "1")
    assert (second.csm, second.is_over) == ("Ann", False)
    assert [each.name for each in by_effort(rows)] == ["A", "B", "D", "E", "C"]
    assert week_words(1050).endswith("is 5\u00a0% more than a week has; it is stored as typed.")
    assert week_words(1000) == "Together 100\u00a0% of a week."
    assert week_words(None) == "Nothing is said yet."


def test_the_title_is_a_finding() -> None:
    assert title([row("A", None)]) == "Nobody has said yet what accounts take of a week"
    assert title([row("A", 20)]) == "No account takes a tenth of a week; one account said"
    assert title([row("A", 100), row("B", 20)]) == "One account takes a tenth of a week or more"
    assert title([row("A", 100), row("B", 200)]) == "Two accounts take a tenth of a week or more"


def test_the_file_has_numbers_and_nothing_where_nothing_is_said() -> None:
    rows = [row("A", 75, "na"), row("B", None)]
    assert csv_rows(rows, {ord("B"): "Stuck."}) == [
        ("A", "A", "tom.quist@x.test", 7.5, "probably high", "N/A", "no", "2026-03-01", "no", "no", None),
        ("B", "B", "tom.quist@x.test", None, None, None, None, None, "no", "no", "Stuck."),
    ]


def test_the_sum_counts_what_is_typed_and_what_stands_on_other_pages() -> None:
    rows = [row("A", 400), *(EffortRow(1000 + n, f"{n}", f"n{n:03}", "c@x.test", 1, None, DAY) for n in range(250))]
    entry = entry_of(rows, present={}, typed={}, errors={}, page="2")
    assert (entry.page, entry.pages, len(entry.lines), entry.elsewhere) == (2, 2, 51, 599)
    assert entry.week == week_words(650)
    typed = {ord("A"): Line(ord("A"), "50"), 1000: Line(1000, "what")}
    first = entry_of(rows, present={}, typed=typed, errors={"share-1000": "Type a share"}, page="x")
    assert (first.page, first.lines[0].share, first.lines[1].share, first.lines[1].share_error) == (
        1, "50", "what", "Type a share",
    )  # fmt: skip
    assert first.error_count == "one field"
