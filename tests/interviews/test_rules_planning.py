"""Local times, calendar entries, texts, outcomes and the order of calls: tables of cases, without an application."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from app.core.errors import Refusal
from app.interviews.rules.appointment_mails import unwanted_because
from app.interviews.rules.appointment_text import Agreed, entry_of, told
from app.interviews.rules.appointment_words import LANGUAGES, Kind, language_of
from app.interviews.rules.calendar import Method, calendar_text
from app.interviews.rules.calling import Call, refusal_of
from app.interviews.rules.local_time import after_the_gap, offset_words, readings, wall_in, zone_named, zone_names
from app.interviews.rules.meeting import Way, minutes_in, place_in, way_in
from app.interviews.rules.next_call import Ready, ToCall, best_call, held_from_call, in_order
from app.interviews.rules.scripts import scripts_for
from app.interviews.rules.sharing import Relation, relation_of
from app.studies.rules.attempts import CALL_OUTCOMES, ENDS, FINAL, REFUSALS, CallOutcome, Channel, Tried, tried_of
from app.studies.rules.budget import Budget, Facts, Held
from app.studies.rules.dispositions import OUTCOMES, Contacted, Disposition, disposition_of, rates_of_counts
from tests.conftest import leave_out

ZONES = (
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "America/New_York",
    "Europe/London",
    "America/Santiago",
    "Asia/Kolkata",
)
AT = datetime(2026, 11, 27, 10, tzinfo=UTC)


def instants_by_search(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which a clock shows a wall time, by looking at every minute of the two days around it."""
    start = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    minutes = (start + timedelta(minutes=minute) for minute in range(30 * 60 + 1))
    return [at for at in minutes if at.astimezone(zone).replace(tzinfo=None, fold=0) == wall]


def changes_of(zone: ZoneInfo, year: int) -> list[datetime]:
    """Return the hours of a year in which the clocks of a zone change, as wall times before the change."""
    hours = (datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24 * 366))
    return [
        at.astimezone(zone).replace(tzinfo=None)
        for at in hours
        if at.astimezone(zone).utcoffset() != (at + timedelta(hours=1)).astimezone(zone).utcoffset()
    ]


def test_200_appointments_across_changes_of_clocks_mean_the_right_instant() -> None:
    dice, kinds = random.Random(360), {0: 0, 1: 0, 2: 0}  # noqa: S311  (no secret)
    for number in range(200):
        zone = ZoneInfo(ZONES[number % len(ZONES)])
        around = changes_of(zone, 2026 + number % 3) or [wall_in("2027-03-28", "02:00")]
        wall = dice.choice(around).replace(minute=0) + timedelta(minutes=dice.randrange(-180, 240, 5))
        expected = instants_by_search(wall, zone)
        found = readings(wall, zone)
        assert [reading.at for reading in found] == expected, (zone, wall)
        kinds[len(found)] += 1
        if not found:
            offered = after_the_gap(wall, zone)
            assert offered[0].at - timedelta(minutes=1) < offered[0].at <= offered[-1].at
            assert offered[0].local.utcoffset() != (offered[0].at - timedelta(minutes=1)).astimezone(zone).utcoffset()
            assert all(reading.wall > wall for reading in offered)
    assert min(kinds.values()) > 5, kinds


@pytest.mark.parametrize(
    ("zone", "day", "hour", "offered"),
    [
        pytest.param("Europe/London", "2027-03-28", "01:30", ["02:00", "02:30"], id="an-hour"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:10", ["02:30", "02:40"], id="half-an-hour"),
        pytest.param("America/Santiago", "2026-09-06", "00:00", ["01:00"], id="midnight"),
        pytest.param("Pacific/Apia", "2011-12-30", "12:00", ["00:00", "12:00"], id="a-whole-day"),
    ],
)
def test_a_time_that_clocks_skip_is_led_to_one_that_exists(zone: str, day: str, hour: str, offered: list[str]) -> None:
    wall = wall_in(day, hour)
    assert readings(wall, ZoneInfo(zone)) == ()
    assert [f"{each.local:%H:%M}" for each in after_the_gap(wall, ZoneInfo(zone))] == offered


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" America/New York ", "America/New_York"),
        ("UTC", "UTC"),
        ("", None),
        (None, None),
        ("Moon/Base", None),
        ("../../etc/passwd", None),
        ("/etc/localtime", None),
        ("Europe", None),
        ("Europe/Berlin\n", "Europe/Berlin"),
        ("x" * 500, None),
    ],
)
def test_zones_are_known_by_name(name: str | None, found: str | None) -> None:
    zone = zone_named(name)
    assert (zone.key if zone else None) == found


def test_zones_to_choose_from_are_places() -> None:
    names = zone_names()
    assert {"Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"} <= set(names)
    assert not any(name.startswith("Etc/") for name in names)


def test_offsets_read_in_one_way() -> None:
    winter = datetime(2026, 1, 15, 12, tzinfo=UTC)
    found = [offset_words(winter.astimezone(ZoneInfo(zone))) for zone in ("Asia/Kolkata", "America/New_York", "UTC")]
    assert found == ["UTC+05:30", "UTC-05:00", "UTC+00:00"]


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [("", "10:00", "day"), ("28.3.2027", "10:00", "day"), ("2027-03-28", "", "time"), ("2027-03-28", "24:00", "time")],
)
def test_wall_times_that_are_none(day: str, hour: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        wall_in(day, hour)
    assert refused.value.field == field


def agreed(**changes: object) -> Agreed:
    facts: dict[str, object] = {
        "kind": Kind.INVITATION,
        "uid": "abc@parallax.test",
        "sequence": 0,
        "starts_at": datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
        "timezone": "America/New_York",
        "minutes": 45,
        "way": Way.PHONE,
        "place": "+1 212 555",
        "contact": ("nora@acme.test", "Nora Näätä"),
        "language": "en",
        "account": "Acme",
        "interviewer": ("anna@parallax.test", "Anna Asker"),
        "organiser": ("anna@parallax.test", "Anna Asker"),
        "organisation": "Fernhollow",
    } | changes
    return Agreed(**facts)  # type: ignore[arg-type]


def entry(**changes: object) -> str:
    facts = agreed(**changes)
    found = entry_of(facts, told(facts), stamp=AT)
    assert found is not None
    return calendar_text(found)


def test_an_entry_is_what_calendars_read() -> None:
    text = entry(place="Room 7; floor 2, left\nBEGIN:VALARM", account="Ünïcode " * 20)
    raw = text.encode()
    lines = raw.split(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"METHOD:REQUEST" in lines
    assert b"DTSTART:20261204T093000Z" in lines
    assert b"BEGIN:VALARM" not in lines
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:Room 7\\; floor 2\\, left\\nBEGIN:VALARM\r\n" in unfolded
    calendar = Calendar.from_ical(raw)
    event = calendar.walk("VEVENT")[0]
    assert str(calendar["METHOD"]) == "REQUEST"
    assert str(event["UID"]) == "abc@parallax.test"
    assert event["DTSTART"].dt == datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert event["DTSTAMP"].dt == AT
    assert str(event["ORGANIZER"]) == "mailto:anna@parallax.test"
    assert str(event["ATTENDEE"]) == "mailto:nora@acme.test"
    assert event["ATTENDEE"].params["CN"] == "Nora Näätä"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert str(event["STATUS"]) == "CONFIRMED"


def test_a_cancellation_strikes_the_same_entry_out() -> None:
    event = Calendar.from_ical(entry(kind=Kind.CANCELLATION, sequence=3)).walk("VEVENT")[0]
    assert (str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])) == ("abc@parallax.test", 3, "CANCELLED")
    assert Method.CANCEL.value in entry(kind=Kind.CANCELLATION)
    assert "RSVP" not in entry(kind=Kind.CANCELLATION)


@pytest.mark.parametrize("hostile", ['x";CN=evil:mailto:evil@x', "a\r\nATTENDEE:mailto:evil@x", "\x00\x1f;,:"])
def test_names_cannot_write_lines_of_their_own(hostile: str) -> None:
    text = entry(contact=("nora@acme.test", hostile), place=hostile, account=hostile)
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert str(event["ATTENDEE"]) == "mailto:nora@acme.test"
    assert not any(line.startswith("ATTENDEE:mailto:evil") for line in text.split("\r\n"))


def test_a_reminder_changes_no_calendar() -> None:
    facts = agreed(kind=Kind.REMINDER)
    assert entry_of(facts, told(facts), stamp=AT) is None


def test_the_text_says_it_all_in_english() -> None:
    words = told(agreed(kind=Kind.CHANGE, before=(datetime(2026, 12, 3, 9, tzinfo=UTC), "America/New_York")))
    assert words.subject == "Changed: our conversation on Friday, 4 December 2026, 04:30"
    assert words.lines == (
        "When: Friday, 4 December 2026, 04:30 (America/New York, UTC-05:00)",
        "In UTC: Friday, 4 December 2026, 09:30 UTC",
        "Before, no longer valid: Thursday, 3 December 2026, 04:00 (America/New York, UTC-05:00)",
        "How: By phone, +1 212 555",
        "How long: 45 minutes",
        "With: Anna Asker, anna@parallax.test",
    )
    assert words.ending.startswith("If this does not suit you, reply")


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.INTERVIEWER])
def test_every_language_says_every_mail(language: str, kind: Kind) -> None:
    words = told(agreed(kind=kind, language=f"{language}-XX", account="{name} & Söhne"))
    assert words.language == language
    everything = " ".join((words.subject, words.greeting, words.opening, *words.lines, words.ending, words.summary))
    assert "{name} & Söhne" in everything, "what stands in a name is not filled in again"
    assert everything.count("{") == 1
    assert "04:30" in everything or "4:30" in everything or "٤:٣٠" in everything


def test_languages_that_we_do_not_speak_get_english() -> None:
    assert [language_of(wish) for wish in (None, "", "fi", "de_AT", "PT-br")] == ["en", "en", "en", "de", "en"]


def test_what_is_typed_of_a_meeting() -> None:
    assert way_in("video") is Way.VIDEO
    assert place_in(" a\r\nb\tc ", Way.VIDEO) == "a b c"
    assert minutes_in(" 45 ") == 45
    for reading in (lambda: way_in("x"), lambda: place_in("\n", Way.PHONE), lambda: place_in("x" * 501, Way.PHONE)):
        with pytest.raises(Refusal):
            reading()
    for raw in ("", "4", "481", "1e2", "٤٥", "-5"):
        with pytest.raises(Refusal):
            minutes_in(raw)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        pytest.param({}, None, id="wanted"),
        pytest.param({"is_superseded": True}, "changed", id="moved"),
        pytest.param({"is_cancelled": True}, "changed", id="called-off"),
        pytest.param({"kind": Kind.CANCELLATION}, "changed", id="a-cancellation-of-what-stands"),
        pytest.param({"kind": Kind.CANCELLATION, "is_cancelled": True, "is_over": True}, None, id="cancellation"),
        pytest.param({"at": AT + timedelta(days=2)}, "over", id="begun"),
        pytest.param({"is_over": True}, "done", id="submitted"),
        pytest.param({"held": Held.UNSUBSCRIBED}, "unsubscribed", id="unsubscribed"),
        pytest.param({"kind": Kind.INTERVIEWER, "held": Held.UNSUBSCRIBED}, None, id="interviewers-own"),
        pytest.param({"kind": Kind.INTERVIEWER, "held": Held.REFUSED}, "refused", id="interviewer-need-not-call"),
    ],
)
def test_mails_that_are_not_wanted_any_more(changes: dict[str, object], because: str | None) -> None:
    facts: dict[str, object] = {
        "is_superseded": False,
        "is_cancelled": False,
        "is_over": False,
        "held": None,
        "starts_at": AT + timedelta(days=1),
        "at": AT,
    }
    kind = changes.pop("kind", Kind.REMINDER)
    assert unwanted_because(kind, **{**facts, **changes}) == because  # type: ignore[arg-type]


def test_the_table_of_outcomes_is_that_of_call_centres(shared: Path) -> None:
    file = shared / "instruments" / "aapor" / "quexs_outcomes.csv"
    if not file.exists():
        leave_out("The tables of AAPOR's outcomes are not beside this project.")
    with file.open(encoding="utf-8") as lines:
        known = {row["aapor_id"]: row for row in csv.DictReader(lines)}
    groups = {"": "NE"}
    compared = 0
    for outcome in CALL_OUTCOMES.values():
        row = known.get(outcome.code)
        if row is None or outcome.key is CallOutcome.HELD:
            continue
        compared += 1
        group = OUTCOMES[Disposition(outcome.tried)].group
        assert groups.get(row["calc"], row["calc"]) == group, outcome
        if row["default_delay_minutes"] != "0" and outcome.key not in {
            CallOutcome.DO_NOT_CONTACT,
            CallOutcome.MISSED_APPOINTMENT,
            CallOutcome.WRONG_NUMBER,
        }:
            assert outcome.delay == timedelta(minutes=int(row["default_delay_minutes"])), outcome
    assert compared >= 17


def test_the_table_holds_together() -> None:
    assert set(CALL_OUTCOMES) == set(CallOutcome)
    assert set(REFUSALS) < set(ENDS) < set(FINAL)
    for outcome in CALL_OUTCOMES.values():
        assert outcome.label
        assert not (outcome.is_final and outcome.delay), outcome
        if outcome.is_for_ever:
            assert outcome.is_final


@pytest.mark.parametrize(
    ("calls", "tried"),
    [
        pytest.param([], Tried.NOTHING, id="none"),
        pytest.param(["no_answer", "voicemail"], Tried.NON_CONTACT, id="machine-after-silence"),
        pytest.param(["not_now", "no_answer"], Tried.SOFT_REFUSAL, id="silence-does-not-undo-a-no"),
        pytest.param(["appointment", "refused"], Tried.REFUSED, id="refused-in-the-end"),
        pytest.param(["left_company"], Tried.LEFT, id="gone"),
        pytest.param(["held"], Tried.NOTHING, id="answers-tell-the-rest"),
    ],
)
def test_calls_come_to_the_most_telling_of_them(calls: list[str], tried: Tried) -> None:
    assert tried_of(CallOutcome(call) for call in calls) is tried


@pytest.mark.parametrize(
    ("contacted", "code"),
    [
        (Contacted(is_invited=False, tried=Tried.NO_ANSWER), "3.13"),
        (Contacted(is_invited=False, tried=Tried.NON_CONTACT), "2.20"),
        (Contacted(is_invited=False, tried=Tried.AGREED), "2.12a"),
        (Contacted(is_invited=False, tried=Tried.OTHER), "2.30"),
        (Contacted(is_invited=False, tried=Tried.LEFT), "4.70"),
        (Contacted(is_invited=False, tried=Tried.REFUSED), "2.112"),
        (Contacted(is_invited=False, has_declined=True, tried=Tried.NO_ANSWER), "2.112"),
        (Contacted(is_invited=False, has_begun=True, tried=Tried.AGREED), "2.12"),
    ],
)
def test_calls_tell_dispositions(contacted: Contacted, code: str) -> None:
    assert OUTCOMES[disposition_of(contacted, has_response=False, core_share=None)].code == code


def test_calls_move_all_six_rates() -> None:
    """By hand: I 5, P 1, R 2, NC 3, O 1, UH 4, NE 2; e = 12 / 14."""
    counts = {
        Disposition.COMPLETE: 5,
        Disposition.PARTIAL: 1,
        Disposition.REFUSED: 1,
        Disposition.SOFT_REFUSAL: 1,
        Disposition.NON_CONTACT: 3,
        Disposition.OTHER: 1,
        Disposition.NO_ANSWER: 4,
        Disposition.LEFT: 2,
    }
    rates = rates_of_counts(counts)
    assert (rates.rr1, rates.rr2) == (5 / 16, 6 / 16)
    assert rates.rr3 == pytest.approx(5 / (12 + 4 * 12 / 14))
    assert rates.rr4 == pytest.approx(6 / (12 + 4 * 12 / 14))
    assert (rates.rr5, rates.rr6) == (5 / 12, 6 / 12)


def call(outcome: str, **changes: object) -> Call:
    facts: dict[str, object] = {"channel": Channel.PHONE, "note": None, "attempted_at": AT, "next_at": None} | changes
    return Call(CALL_OUTCOMES[CallOutcome(outcome)], **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        pytest.param(call("no_answer"), None, id="plain"),
        pytest.param(call("not_now"), "note", id="why"),
        pytest.param(call("no_answer", attempted_at=AT + timedelta(hours=1)), "attempted", id="to-come"),
        pytest.param(call("refused", next_at=AT + timedelta(days=1)), "next", id="no-next-after-a-no"),
        pytest.param(call("call_back", next_at=AT - timedelta(minutes=1)), "next", id="next-is-over"),
    ],
)
def test_calls_that_cannot_be_entered(entered: Call, field: str | None) -> None:
    problem = refusal_of(entered, at=AT)
    assert (problem.field if problem else None) == field


def test_the_next_call_is_what_was_said_else_the_usual_delay() -> None:
    wish = AT + timedelta(days=2)
    assert call("no_answer").call_again_at == AT + timedelta(hours=3)
    assert call("no_answer", next_at=wish).call_again_at == wish
    assert call("appointment").call_again_at is None
    assert call("refused").call_again_at is None


def person(number: int, zone: str = "Europe/Berlin", **changes: object) -> ToCall:
    facts: dict[str, object] = {"closes_on": date(2026, 12, 31)} | changes
    return ToCall(number, ZoneInfo(zone), **facts)  # type: ignore[arg-type]


def test_whom_to_call_next() -> None:
    """It is Friday, 11:00 in Berlin, 05:00 in New York and 15:30 in Kolkata."""
    people = [
        person(1, attempts=2),
        person(2, attempts=1, closes_on=date(2026, 12, 10)),
        person(3, "Asia/Kolkata", attempts=1),
        person(4, "America/New_York"),
        person(5, "America/New_York", is_promised=True, next_at=AT - timedelta(minutes=5), attempts=4),
        person(6, next_at=AT + timedelta(hours=1)),
        person(7, is_promised=True, next_at=AT + timedelta(hours=2)),
    ]
    assert [one.interview_id for one in in_order(people, at=AT)] == [5, 2, 3, 1, 6, 7, 4]
    assert best_call(people, at=AT) == people[4]
    assert best_call(people[3:4], at=AT) is None
    assert people[3].due_at(AT) == datetime(2026, 11, 27, 14, tzinfo=UTC)
    assert [people[place].ready(AT) for place in (0, 3, 4)] == [Ready.NOW, Ready.LATER, Ready.PROMISED]


@pytest.mark.parametrize(
    ("facts", "is_spoken_to", "held"),
    [
        pytest.param(Facts(), False, None, id="free"),
        pytest.param(Facts(consent="no"), True, Held.CONSENT, id="no"),
        pytest.param(Facts(has_refused=True), True, Held.REFUSED, id="refused"),
        pytest.param(Facts(stop="unsubscribed", has_address=False), False, None, id="mails-are-not-calls"),
        pytest.param(Facts(is_person_asked=True), False, Held.PERSON_ASKED, id="asked-elsewhere"),
        pytest.param(Facts(is_person_asked=True, other_studies=9), True, None, id="in-conversation-already"),
        pytest.param(Facts(other_studies=2), False, Held.ACCOUNT_ASKED, id="account-asked"),
    ],
)
def test_whom_the_budget_holds_back_from_calls(facts: Facts, is_spoken_to: bool, held: Held | None) -> None:
    assert held_from_call(facts, Budget(), is_spoken_to=is_spoken_to) == held


def test_scripts_are_short_and_filled_in() -> None:
    names = ("contact", "account", "study", "organisation", "interviewer", "address", "minutes")
    scripts = scripts_for({name: f"<{name}>" for name in names})
    assert len(scripts) == 4
    for script in scripts:
        assert len(script.lines) <= 5
        assert all("{" not in line and len(line) < 130 for line in script.lines)


def test_what_an_interviewer_is_to_the_account() -> None:
    assert relation_of(7, 7) is Relation.OWN_CSM
    assert relation_of(7, 8) is Relation.NEUTRAL
    assert relation_of(7, None) is Relation.NEUTRAL
