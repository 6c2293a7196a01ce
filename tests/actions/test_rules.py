"""What makes an action, and how urgent it is."""

from datetime import UTC, date, datetime

import pytest

from app.actions.rules import Typed, Urgency, checked_note, due_words, urgency, wish_of
from app.core.errors import Refusal

TODAY = date(2026, 11, 27)
DONE = datetime(2026, 11, 20, 9, tzinfo=UTC)
GOOD = Typed("Send the roadmap", "7", "2026-12-01", is_promised=True)
OWNERS = {7, 8}

REFUSED = {
    "no title": (Typed("  ", "7", "2026-12-01"), "title"),
    "a title too long": (Typed("x" * 301, "7", "2026-12-01"), "title"),
    "nobody": (Typed("x", "", "2026-12-01"), "owner"),
    "a stranger": (Typed("x", "9", "2026-12-01"), "owner"),
    "no number": (Typed("x", "7'--", "2026-12-01"), "owner"),
    "no day": (Typed("x", "7", ""), "due_on"),
    "an impossible day": (Typed("x", "7", "2026-02-30"), "due_on"),
    "yesterday": (Typed("x", "7", "2026-11-26"), "due_on"),
    "another century": (Typed("x", "7", "2126-01-01"), "due_on"),
}
STANDS = {
    "ahead": (date(2026, 12, 2), None, Urgency.OPEN, "due in five days"),
    "tomorrow": (date(2026, 11, 28), None, Urgency.OPEN, "due in one day"),
    "today": (TODAY, None, Urgency.OPEN, "due today"),
    "late": (date(2026, 11, 13), None, Urgency.OVERDUE, "14 days overdue"),
    "done late": (date(2026, 11, 13), DONE, Urgency.DONE, "done 20\N{NO-BREAK SPACE}November 2026"),
}


def test_what_was_typed_is_a_wish() -> None:
    wish = wish_of(GOOD, owners=OWNERS, today=TODAY)
    assert (wish.title, wish.owner_id, wish.due_on, wish.is_promised) == GOOD_WISH


GOOD_WISH = ("Send the roadmap", 7, date(2026, 12, 1), True)


def test_a_title_is_one_line() -> None:
    typed = Typed(" Send\r\nBcc: x@y.test\0 ", "7", "2026-12-01")
    assert wish_of(typed, owners=OWNERS, today=TODAY).title == "Send Bcc: x@y.test"


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_at_its_field(case: str) -> None:
    typed, field = REFUSED[case]
    with pytest.raises(Refusal) as refused:
        wish_of(typed, owners=OWNERS, today=TODAY)
    assert refused.value.field == field


def test_a_day_that_is_over_may_stay() -> None:
    late = date(2026, 11, 1)
    typed = Typed("x", "7", "2026-11-01")
    assert wish_of(typed, owners=OWNERS, today=TODAY, before=late).due_on == late


@pytest.mark.parametrize("case", STANDS)
def test_how_urgent_it_is(case: str) -> None:
    due_on, done_at, stands, words = STANDS[case]
    assert urgency(due_on=due_on, done_at=done_at, today=TODAY) is stands
    assert due_words(due_on=due_on, done_at=done_at, today=TODAY) == words


def test_a_note_is_plain_text() -> None:
    assert checked_note("  ") is None
    assert checked_note("a\r\nb ") == "a\nb"
    for bad in ("x" * 5001, "a\0b"):
        with pytest.raises(Refusal):
            checked_note(bad)
