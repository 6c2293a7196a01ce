"""When a report is due by mail, and how that and what became of it are told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from app.core.errors import Refusal
from app.core.fates import fate_words
from app.reports.rules.delivery import Rhythm, Wish, arrival, checked_wish, next_sending

MONDAY, FRIDAY = Wish(Rhythm.WEEKLY, 0), Wish(Rhythm.WEEKLY, 4)


def monthly(day: int) -> Wish:
    return Wish(Rhythm.MONTHLY, day)


def nine(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "after", "due"),
    [
        (MONDAY, date(2026, 11, 28), nine(2026, 11, 30)),
        (MONDAY, date(2026, 11, 30), nine(2026, 12, 7)),
        (FRIDAY, date(2026, 12, 31), nine(2027, 1, 1)),
        (monthly(1), date(2026, 11, 28), nine(2026, 12, 1)),
        (monthly(1), date(2026, 12, 1), nine(2027, 1, 1)),
        (monthly(31), date(2026, 11, 28), nine(2026, 11, 30)),
        (monthly(31), date(2026, 11, 30), nine(2026, 12, 31)),
        (monthly(30), date(2027, 2, 1), nine(2027, 3, 1)),
        (monthly(29), date(2028, 2, 1), nine(2028, 2, 29)),
        (monthly(31), date(2027, 1, 29), nine(2027, 2, 1)),
        (monthly(31), date(2027, 1, 31), nine(2027, 2, 1)),
        (monthly(31), date(2027, 2, 1), nine(2027, 3, 1)),
        (monthly(5), date(2026, 12, 4), nine(2026, 12, 7)),
        (monthly(5), date(2026, 12, 7), nine(2027, 1, 5)),
    ],
    ids=[
        "the coming Monday",
        "a Monday leads to the next",
        "over the end of a year",
        "the first of a month",
        "the first leads to the next",
        "the last of a short month",
        "from a short month to a long one",
        "28 February is a Sunday",
        "a leap day",
        "Sunday the 31st is Monday the 1st",
        "asked on that Sunday",
        "asked on that Monday",
        "Saturday the 5th is Monday the 7th",
        "after that Monday",
    ],
)
def test_the_next_mail_is_due_on_a_later_working_day(wish: Wish, after: date, due: datetime) -> None:
    assert next_sending(wish, after) == due


def test_where_mails_go_at_any_hour_a_day_is_the_day() -> None:
    assert next_sending(monthly(5), date(2026, 12, 4), at_any_hour=True) == datetime(2026, 12, 5, tzinfo=UTC)
    assert next_sending(monthly(31), date(2027, 2, 1), at_any_hour=True) == datetime(2027, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize("day", range(1, 32))
def test_a_month_has_one_mail_whatever_the_day(day: int) -> None:
    after, seen = date(2026, 1, 1), []
    while after.year < 2028:
        due = next_sending(monthly(day), after, at_any_hour=True)
        assert due is not None
        seen.append((due.year, due.month))
        after = due.date()
    assert len(set(seen)) == len(seen)
    assert len(seen) >= 24


def test_editions_decide_for_themselves() -> None:
    assert next_sending(Wish(Rhythm.EDITION), date(2026, 11, 28)) is None


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 27, 16, 59, tzinfo=UTC), datetime(2026, 11, 27, 16, 59, tzinfo=UTC)),
        (datetime(2026, 11, 27, 17, tzinfo=UTC), nine(2026, 11, 30)),
        (datetime(2026, 11, 30, 3, tzinfo=UTC), nine(2026, 11, 30)),
    ],
    ids=["in working hours", "Friday evening", "Monday night"],
)
def test_a_mail_arrives_in_working_hours(at: datetime, due: datetime) -> None:
    assert arrival(at, at_any_hour=False) == due
    assert arrival(at, at_any_hour=True) == at


@pytest.mark.parametrize(
    ("sent", "wish"),
    [
        (("weekly", "4", "x"), FRIDAY),
        (("monthly", "x", "31"), monthly(31)),
        (("edition", "", ""), Wish(Rhythm.EDITION)),
    ],
)
def test_a_form_says_when(sent: tuple[str, str, str], wish: Wish) -> None:
    assert checked_wish(*sent) == wish


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (("", "0", "1"), "rhythm"),
        (("daily", "0", "1"), "rhythm"),
        (("weekly", "5", "1"), "weekday"),
        (("weekly", "-1", "1"), "weekday"),
        (("monthly", "0", "0"), "month_day"),
        (("monthly", "0", "32"), "month_day"),
        (("monthly", "0", "٣"), "month_day"),
    ],
)
def test_a_form_that_says_nothing_clear_is_refused(sent: tuple[str, str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_wish(*sent)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (MONDAY, "every Monday"),
        (monthly(3), "on day 3 of each month"),
        (monthly(31), "on the last day of each month"),
        (Wish(Rhythm.EDITION), "at each new edition"),
    ],
)
def test_a_wish_in_words(wish: Wish, words: str) -> None:
    assert wish.words == words


@dataclass
class Mail:
    """What is known of a mail."""

    due_at: datetime
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    cancelled_at: datetime | None = None
    tries: int = 0
    reason: str | None = None


DUE = nine(2026, 11, 30)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (Mail(DUE), "Is sent 30 November 2026, 09:00 UTC."),
        (Mail(DUE, tries=1, reason="451 busy"), "Tried again 30 November 2026, 09:00 UTC. 451 busy"),
        (Mail(DUE, sent_at=DUE, tries=1), "Sent 30 November 2026, 09:00 UTC."),
        (Mail(DUE, sent_at=DUE, cancelled_at=DUE), "Sent 30 November 2026, 09:00 UTC."),
        (Mail(DUE, cancelled_at=DUE, reason="It was stopped."), "Not sent. It was stopped."),
        (Mail(DUE, failed_at=DUE, tries=1, reason="550 no"), "Given up after 1 try. 550 no"),
        (Mail(DUE, failed_at=DUE, tries=8, reason="451 busy"), "Given up after 8 tries. 451 busy"),
    ],
    ids=["waits", "failed once", "sent", "sent as it was stopped", "not sent", "refused", "given up"],
)
def test_what_became_of_a_mail(mail: Mail, words: str) -> None:
    assert fate_words(mail).replace("\u00a0", " ") == words
