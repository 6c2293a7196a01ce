"""Footprint, reach, and the seats of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.stakeholders.rules.coverage import Coverage, Hearing, Tally, coverage, footprint
from app.stakeholders.rules.letters import missing_words, proposed
from app.stakeholders.rules.page import Sort, account_lines, hearing_of, map_page, sort_of, study_title, summary
from app.stakeholders.rules.templates import BUILT_IN, Seat

SEATS = (Seat(("decision_maker", "budget_holder"), 1), Seat(("champion",), 1), Seat(("power_user",), 5))


@dataclass
class Row:
    """Somebody at an account, as a query gives them."""

    role: str | None
    heard: int = 0
    asked: int = 0
    name: str = "Nora"
    id: int = 1
    consent: str = "yes"
    is_referred: bool = False
    referrer: str | None = None
    interview_id: int | None = None


FOOTPRINTS = {
    "nobody is wanted": ([], 0.0),
    "nobody is known": ([(0, 1), (0, 5)], 0.0),
    "half": ([(1, 1), (1, 1), (0, 2)], 0.5),
    "everybody": ([(1, 1), (5, 5)], 1.0),
    "too many of one do not stand in for another": ([(50, 5), (0, 5)], 0.5),
}


@pytest.mark.parametrize(("seats", "expected"), FOOTPRINTS.values(), ids=FOOTPRINTS)
def test_footprint(seats: list[tuple[int, int]], expected: float) -> None:
    assert footprint(seats) == expected


tallies = some.tuples(some.integers(0, 300), some.integers(0, 300)).map(lambda two: Tally(max(two), min(two)))
roles = some.sampled_from([key for seats in BUILT_IN.values() for seat in seats for key in seat.keys] + ["guest", ""])


@given(some.sampled_from(list(BUILT_IN.values())), some.dictionaries(roles, tallies, max_size=8))
def test_shares_lie_between_nothing_and_all_and_reach_never_exceeds_footprint(
    seats: Sequence[Seat], there: dict[str, Tally]
) -> None:
    found = coverage(seats, there)
    assert 0 <= found.reach <= found.footprint <= 1
    assert found.wanted - found.identified == sum(each.missing for each in found.seats)
    assert (found.footprint == 1) is (not found.missing)


@given(some.sampled_from(list(BUILT_IN.values())), some.dictionaries(roles, tallies, max_size=8), roles)
def test_one_more_person_never_lowers_the_footprint(seats: Sequence[Seat], there: dict[str, Tally], role: str) -> None:
    more = there | {role: there.get(role, Tally()) + Tally(known=1)}
    assert coverage(seats, more).footprint >= coverage(seats, there).footprint


def test_alternatives_fill_one_seat_together() -> None:
    found = coverage(SEATS, {"budget_holder": Tally(1), "decision_maker": Tally(1, 1), "champion": Tally(0)})
    assert (found.seats[0].identified, found.seats[0].heard, found.wanted, found.identified) == (1, 1, 7, 1)
    assert missing_words(found.missing) == "1 champion and 5 power users"


@pytest.mark.parametrize(
    ("row", "hearing"),
    [
        (Row("x"), Hearing.NOT_ASKED),
        (Row("x", asked=2), Hearing.SILENT),
        (Row("x", asked=2, heard=1), Hearing.HEARD),
    ],
)
def test_who_is_heard_silent_or_not_asked(row: Row, hearing: Hearing) -> None:
    assert hearing_of(row) is hearing


def test_the_map_shows_everybody_once() -> None:
    people = [
        Row("Decision Maker", heard=1, name="Nora"),
        Row("power users", asked=1, name="Omar"),
        Row("power_user", heard=1, name="Pia", is_referred=True, referrer="Nora", interview_id=4),
        Row("guest", name="Quin", is_referred=True),
        Row(None, name="Rosa", consent="no"),
    ]
    page = map_page("Haskelby", SEATS, people)
    assert [(seat.state, seat.missing, [one.name for one in seat.people]) for seat in page.seats] == [
        ("filled", 0, ["Nora"]),
        ("empty", 1, []),
        ("partly", 3, ["Pia", "Omar"]),
    ]
    assert page.seats[2].words == "2 of 5 known, 1 heard, 1 silent"
    assert page.seats[2].people[0].origin == "named by Nora in an interview"
    assert [(one.name, one.words, one.origin) for one in page.others] == [
        ("Quin", "not asked", "added by hand"),
        ("Rosa", "consent is no", ""),
    ]
    assert page.title == "Haskelby: 4 of 7 names missing"
    assert page.lede == "Nobody is known as champion."
    assert (
        summary(page.coverage)
        == "3 of 7 people that we want are known, 2 heard. Missing: 1 champion and 3 power users."
    )


@pytest.mark.parametrize(
    ("people", "title"),
    [
        ([Row("champion", heard=1)], "A: everybody we want to hear was heard"),
        ([Row("champion", asked=1)], "A: every seat has a name, 1 of 1 not heard yet"),
    ],
)
def test_the_title_says_what_is_left(people: list[Row], title: str) -> None:
    assert map_page("A", (Seat(("champion",), 1),), people).title == title


def test_the_mail_names_whom_we_look_for() -> None:
    missing = coverage(BUILT_IN["2"], {"champion": Tally(1), "power_user": Tally(3)}).missing
    letter = proposed(first_name="Nora", account="Haskelby", organisation="Norrvane", sender="Mara", missing=missing)
    assert letter.subject == "Who else at Haskelby should we talk to?"
    assert letter.body.startswith("Hello Nora,\n\n")
    assert (
        "- 1 decision maker or budget holder\n- 1 admin\n- 2 power users\n- 1 technical person\n- 1 operations person"
        in (letter.body)
    )
    assert letter.body.endswith("Thank you\nMara\nNorrvane")


@dataclass
class Drawn:
    """An account of a study, as a query gives it."""

    id: int
    name: str
    arr: Any = None
    tier: str | None = None
    currency: str | None = "EUR"

    @property
    def crm_id(self) -> str:
        return self.name


def test_accounts_of_a_study_are_ordered_as_asked() -> None:
    found = {
        1: coverage(SEATS, {"champion": Tally(1, 1)}),
        2: coverage(SEATS, {"power_user": Tally(5, 0, 5), "champion": Tally(1), "decision_maker": Tally(1)}),
        3: coverage(SEATS, {}),
    }
    rows = [Drawn(1, "Beta", 5), Drawn(2, "alpha", 9), Drawn(3, "Gamma", 7)]
    names = {sort: [line.name for line in account_lines(rows, found, sort=sort, currency=None)] for sort in Sort}
    assert names[Sort.MISSING] == names[Sort.FOOTPRINT] == ["Gamma", "Beta", "alpha"]
    assert names[Sort.REACH] == ["alpha", "Gamma", "Beta"]
    assert names[Sort.REVENUE] == ["alpha", "Gamma", "Beta"]
    assert names[Sort.NAME] == ["alpha", "Beta", "Gamma"]
    line = account_lines(rows, found, sort=Sort.NAME, currency=None)[0]
    assert (line.footprint, line.missing, line.silent) == ("100\u00a0%", "Nobody", "Power users")
    assert sort_of("'; drop") is Sort.MISSING


def test_the_title_of_a_study_counts_the_accounts_that_lack_names() -> None:
    full: Coverage = coverage((Seat(("champion",), 1),), {"champion": Tally(1)})
    assert study_title([]) == "No account was drawn yet"
    assert study_title([full, full]) == "All 2 accounts have the names that we want"
    assert study_title([full, coverage(SEATS, {})]) == "Names are missing at 1 of 2 accounts"
