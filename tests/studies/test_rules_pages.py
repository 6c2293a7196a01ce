"""What the pages of a study say: effort, days, findings, next steps, keys and pages, as tables of cases."""

from datetime import date

import pytest

from app.core.paging import Paging, page_asked
from app.studies.rules.effort import Reachable, effort
from app.studies.rules.naming import suggested_key
from app.studies.rules.progress import heard_finding, period_words
from app.studies.rules.silent import Asked, silent_step


def test_effort_counts_people_by_door_and_leaves_the_unwilling_out() -> None:
    modes = {"a": "interview", "b": "survey", "c": "survey", "d": "interview"}
    people = {"a": Reachable(3, 1), "b": Reachable(2, 0), "d": Reachable(0, 2), "elsewhere": Reachable(9, 9)}
    found = effort(modes, people)
    assert (found.surveys, found.interviews, found.never_asked, found.hours) == (2, 3, 3, 3.0)
    assert (found.empty, found.refused) == (["c"], ["d"])


@pytest.mark.parametrize(
    ("today", "closed_on", "words"),
    [
        pytest.param(date(2026, 4, 30), None, ("Opens on", date(2026, 5, 1), ", tomorrow"), id="tomorrow"),
        pytest.param(date(2026, 4, 1), None, ("Opens on", date(2026, 5, 1), ", in 30 days"), id="before"),
        pytest.param(date(2026, 5, 14), None, ("Open until", date(2026, 5, 22), ", 8 days left"), id="open"),
        pytest.param(date(2026, 5, 21), None, ("Open until", date(2026, 5, 22), ", 1 day left"), id="one day"),
        pytest.param(date(2026, 5, 22), None, ("Open until", date(2026, 5, 22), ", its last day"), id="last day"),
        pytest.param(date(2026, 5, 23), date(2026, 5, 23), ("Closed since", date(2026, 5, 23), ""), id="closed"),
    ],
)
def test_days_in_words(today: date, closed_on: date | None, words: tuple[str, date, str]) -> None:
    found = period_words(today, opens_on=date(2026, 5, 1), closes_on=date(2026, 5, 22), closed_on=closed_on)
    assert found == words


def test_an_overdue_study_asks_to_be_closed() -> None:
    words = period_words(date(2026, 5, 25), opens_on=date(2026, 5, 1), closes_on=date(2026, 5, 22), closed_on=None)
    assert words[2] == ", 3 days ago; close it when the last answers are in"


@pytest.mark.parametrize(
    ("heard", "drawn", "is_closed", "is_part", "title"),
    [
        (46, 60, False, False, "46 of 60 accounts have answered"),
        (46, 60, True, False, "46 of 60 accounts answered"),
        (0, 60, False, False, "None of 60 accounts has answered yet"),
        (0, 60, True, False, "None of 60 accounts answered"),
        (60, 60, False, False, "All 60 accounts have answered"),
        (1, 1, False, False, "1 of 1 account has answered"),
        (0, 0, False, False, "Started: no account has joined yet"),
        (0, 0, True, False, "No account has joined"),
        (1, 3, False, True, "1 of 3 accounts assigned to you has answered"),
    ],
)
def test_the_title_is_a_finding(heard: int, drawn: int, is_closed: bool, is_part: bool, title: str) -> None:
    assert heard_finding(heard, drawn, is_closed=is_closed, is_part=is_part) == title


def asked(mode: str = "survey", *, no: bool = False, begun: bool = False, link: bool = False) -> Asked:
    return Asked("N.", "champion", mode, is_refused=no, has_begun=begun, has_link=link)


@pytest.mark.parametrize(
    ("people", "step"),
    [
        pytest.param([], "Nobody in a role", id="nobody"),
        pytest.param([asked(no=True), asked("interview", no=True)], "Everyone's consent is no", id="unwilling"),
        pytest.param([asked(no=True), asked(link=True)], "Remind", id="linked"),
        pytest.param([asked(link=True), asked(begun=True)], "Begun, not sent", id="begun"),
        pytest.param([asked("interview")], "Agree on an interview", id="interview"),
        pytest.param([asked()], "Send the link", id="survey"),
    ],
)
def test_the_next_step_of_a_silent_account(people: list[Asked], step: str) -> None:
    assert silent_step(people).startswith(step)
    assert silent_step(people, is_closed=True) == "Not heard; the fieldwork is closed"


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Spring cross-section", [], "spring-cross-section"),
        ("Été · 2026!", [], "ete-2026"),
        ("調査", [], "study"),
        ("", [], "study"),
        ("New", [], "new-2"),
        ("Q3", ["q3", "q3-2"], "q3-3"),
        ("x" * 300, [], "x" * 60),
    ],
)
def test_a_name_suggests_a_key(name: str, taken: list[str], key: str) -> None:
    assert suggested_key(name, taken) == key


@pytest.mark.parametrize(
    ("total", "asked_page", "page", "first", "last"),
    [(0, 1, 1, 0, 0), (50, 1, 1, 0, 50), (51, 2, 2, 50, 51), (51, 9, 2, 50, 51)],
)
def test_pages_of_fifty(total: int, asked_page: int, page: int, first: int, last: int) -> None:
    paging = Paging(total, 50, asked_page)
    assert (paging.page, paging.first, paging.last) == (page, first, last)


@pytest.mark.parametrize(("text", "page"), [(None, 1), ("3", 3), ("0", 1), ("-1", 1), ("²", 1), ("9" * 50, 1)])
def test_a_page_is_a_number_or_the_first(text: str | None, page: int) -> None:
    assert page_asked(text) == page
