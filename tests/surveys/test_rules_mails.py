"""Hours, pauses, reminders and texts of mails: tables of cases, without an application."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.retries import MOST_TRIES, pause_after
from app.studies.rules.budget import Facts, Held
from app.studies.rules.hours import next_working, zone_of
from app.surveys.rules.invitations.finding import finding
from app.surveys.rules.invitations.languages import LANGUAGES, default_wording, language_of
from app.surveys.rules.invitations.reminders import held_from_reminder
from app.surveys.rules.invitations.sending import Kind, Unwanted, unwanted_because
from app.surveys.rules.invitations.texts import MailWording, TextError, checked_wording, filled
from app.surveys.tongue import tongue_of

ZONES = {
    "their own": ("Asia/Tokyo", "Germany", "Asia/Tokyo"),
    "their country's": (None, "Germany", "Europe/Berlin"),
    "a country's code": (None, "us", "America/Chicago"),
    "no such zone": ("Mars/Olympus", "France", "Europe/Paris"),
    "a path": ("../../etc/passwd", None, "UTC"),
    "a folder": ("Europe", None, "UTC"),
    "nothing known": (None, None, "UTC"),
    "an unknown country": ("", "Atlantis", "UTC"),
}


@pytest.mark.parametrize("case", ZONES)
def test_where_somebody_is(case: str) -> None:
    timezone, country, expected = ZONES[case]
    assert zone_of(timezone, country).key == expected


HOURS = {
    "within": ("UTC", "2026-11-27T09:00", "2026-11-27T09:00"),
    "before the first hour": ("UTC", "2026-11-27T08:59", "2026-11-27T09:00"),
    "the last minute": ("UTC", "2026-11-26T16:59", "2026-11-26T16:59"),
    "after the last hour": ("UTC", "2026-11-26T17:00", "2026-11-27T09:00"),
    "Friday evening": ("UTC", "2026-11-27T17:00", "2026-11-30T09:00"),
    "Saturday": ("UTC", "2026-11-28T10:00", "2026-11-30T09:00"),
    "Sunday night": ("UTC", "2026-11-29T23:59", "2026-11-30T09:00"),
    "Tokyo is ahead": ("Asia/Tokyo", "2026-11-26T22:00", "2026-11-27T00:00"),
    "New York is behind": ("America/New_York", "2026-11-27T13:59", "2026-11-27T14:00"),
    "the clocks go forward on the Sunday between": ("Europe/Berlin", "2026-03-27T16:30", "2026-03-30T07:00"),
    "the clocks go back on the Sunday between": ("Europe/Berlin", "2026-10-23T15:30", "2026-10-26T08:00"),
    "half an hour's zone": ("Asia/Kolkata", "2026-11-27T03:00", "2026-11-27T03:30"),
}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("case", HOURS)
def test_working_hours_where_the_reader_is(case: str) -> None:
    zone, at, expected = HOURS[case]
    assert next_working(instant(at), zone_of(zone, None)) == instant(expected)


def test_at_any_hour_means_now() -> None:
    sunday = instant("2026-11-29T03:00")
    assert next_working(sunday, zone_of("UTC", None), at_any_hour=True) == sunday


def test_eight_tries_within_two_days() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES + 1)]
    assert pauses[-1] is None
    assert sum((pause for pause in pauses if pause), timedelta()) == timedelta(hours=48)
    assert MOST_TRIES == 8


AT = instant("2026-11-27T10:00")
REMINDERS = {
    "silent for five days": (Facts(is_invited=True), 1, 5.0, False, None),
    "silent for less": (Facts(is_invited=True), 1, 4.9, False, Held.MAILED_LATELY),
    "a mail waits": (Facts(is_invited=True), 1, 9.0, True, Held.MAILED_LATELY),
    "never invited": (Facts(), 0, None, False, Held.NOT_INVITED),
    "reminded once": (Facts(is_invited=True), 2, 6.0, False, None),
    "reminded twice": (Facts(is_invited=True), 3, 60.0, False, Held.REMINDED_ENOUGH),
    "answered": (Facts(has_answered=True), 1, 9.0, False, Held.ANSWERED),
    "unsubscribed": (Facts(stop="unsubscribed"), 1, 9.0, False, Held.UNSUBSCRIBED),
    "enough of the stratum were heard": (Facts(is_quota_full=True), 1, 9.0, False, Held.QUOTA_FULL),
}


@pytest.mark.parametrize("case", REMINDERS)
def test_who_is_reminded(case: str) -> None:
    facts, mails, days, is_waiting, expected = REMINDERS[case]
    mailed_at = None if days is None else AT - timedelta(days=days)
    assert held_from_reminder(facts, at=AT, mails=mails, mailed_at=mailed_at, is_waiting=is_waiting) is expected


UNWANTED = {
    "wanted": (Facts(), date(2026, 11, 27), None, True, None),
    "closed": (Facts(has_answered=True), date(2026, 12, 1), AT, True, Unwanted.CLOSED),
    "over": (Facts(), date(2026, 11, 26), None, True, Unwanted.CLOSED),
    "answered meanwhile": (Facts(has_answered=True), date(2026, 12, 1), None, True, Held.ANSWERED),
    "quota full meanwhile": (Facts(is_quota_full=True), date(2026, 12, 1), None, True, Held.QUOTA_FULL),
    "without a link": (Facts(), date(2026, 12, 1), None, False, Unwanted.NO_LINK),
}


@pytest.mark.parametrize("case", UNWANTED)
def test_a_due_mail_is_looked_at_again(case: str) -> None:
    facts, closes_on, closed_at, has_link, expected = UNWANTED[case]
    assert unwanted_because(facts, at=AT, closes_on=closes_on, closed_at=closed_at, has_link=has_link) == expected


REFUSED = {
    "no subject": ("  ", "Text", "subject"),
    "a line feed in the subject": ("Hello\nBcc: all@mail.example", "Text", "subject"),
    "a carriage return in the subject": ("Hello\rBcc: all@mail.example", "Text", "subject"),
    "a break at the subject's end": ("Hello\r\n", "Text", "subject"),
    "a line separator in the subject": ("Hello\u2028Bcc: x", "Text", "subject"),
    "NUL in the subject": ("Hello\0", "Text", "subject"),
    "a long subject": ("x" * 201, "Text", "subject"),
    "a link in the subject": ("{link}", "Text", "subject"),
    "no text": ("Hello", " \n ", "body"),
    "a long text": ("Hello", "x" * 5_001, "body"),
    "NUL in the text": ("Hello", "a\0b", "body"),
    "an unknown placeholder": ("Hello", "{nick_name}", "body"),
    "an attribute": ("Hello", "{name.__class__}", "body"),
    "an index": ("Hello", "{name[0]}", "body"),
    "a conversion": ("Hello", "{name!r:>999999999}", "body"),
    "nothing in braces": ("Hello", "{}", "body"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_texts_that_are_refused_name_their_field(case: str) -> None:
    subject, body, field = REFUSED[case]
    with pytest.raises(TextError) as refused:
        checked_wording(subject, body)
    assert refused.value.field == field


def test_a_text_is_filled_once() -> None:
    assert filled("{name} {other} {", {"name": "{account}", "account": "Acme"}) == "{account} {other} {"


def test_paragraphs_are_what_empty_lines_part() -> None:
    assert checked_wording("S", "One,\r\ntwo\r\n\r\n \r\nthree").paragraphs == [["One,", "two"], ["three"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_our_own_words_are_as_good_as_anybody_s(language: str, kind: Kind) -> None:
    wording = default_wording(language, kind)
    assert checked_wording(wording.subject, wording.body) == wording
    assert len({tongue_of(language).day(date(2026, month, 3)) for month in range(1, 13)}) == 12


SPOKEN = {
    "their own": ("de", "en", (), "de"),
    "with a region": ("pt-BR", "es", (), "es"),
    "a region of a language that we have": ("fr-CA", "en", (), "fr"),
    "none": (None, "de", (), "de"),
    "none that anybody has": ("sv", "fi", (), "en"),
    "one that the owner wrote": ("sv", "en", ("sv",), "sv"),
}


@pytest.mark.parametrize("case", SPOKEN)
def test_the_language_of_a_mail(case: str) -> None:
    wanted, questionnaire, own, expected = SPOKEN[case]
    assert language_of(wanted, questionnaire, own) == expected


COUNTS = {"waiting": 0, "sent": 0, "bounced": 0}
FINDINGS = {
    "before": (COUNTS, 412, 38, "412 people will get the invitation, 38 are held back"),
    "one": (COUNTS, 1, 0, "1 person will get the invitation"),
    "nobody": (COUNTS, 0, 1, "0 people will get the invitation, 1 is held back"),
    "under way": (COUNTS | {"waiting": 100, "sent": 312}, 0, 38, "312 of 412 mails are sent, 100 wait"),
    "done": (COUNTS | {"sent": 410, "bounced": 2}, 0, 38, "412 mails are sent, 2 came back"),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_the_page_s_title_is_a_finding(case: str) -> None:
    counts, will_get, held, expected = FINDINGS[case]
    assert finding(counts, will_get=will_get, held=held) == expected


def test_a_wording_keeps_braces_that_are_no_placeholder() -> None:
    assert checked_wording("A } and {", "x") == MailWording("A } and {", "x")
