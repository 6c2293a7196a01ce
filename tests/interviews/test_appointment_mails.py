"""Mails about appointments on their way: what they hold, that they come once, and what is not sent any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import db
from app.customers.models import Contact
from app.interviews.models import Appointment, AppointmentMail, Interview
from app.interviews.queries.planning import current_appointment
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.appointment_words import Kind
from app.interviews.rules.calling import Call
from app.interviews.rules.local_time import Reading
from app.interviews.rules.meeting import Meeting, Way
from app.interviews.services.appointments import agree_appointment, call_off
from app.interviews.services.attempts import record_attempt
from app.interviews.tasks import appointments
from app.studies.models import MailStop
from app.studies.rules.attempts import CALL_OUTCOMES, CallOutcome, Channel
from app.users.models import User
from app.users.policy import scope_of
from tests.interviews.planned import add_reachable, contact_of, soon
from tests.interviews.talks import ANNA, World
from tests.post_office import PostOffice, open_post_office, parts_of

PLACE = "+1 212 555; ask for Nora"


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        application.config["SETTINGS"] = replace(application.config["SETTINGS"], mail_url=office.url)
        yield office


@pytest.fixture
def world(session: Session) -> World:
    found = add_reachable(session)
    session.commit()
    return found


def talk(session: Session, world: World) -> Talk:
    anna = session.get_one(User, world.people[ANNA])
    return talk_in_scope(session, scope=scope_of(anna), interview_id=world.interviews["nora"])


def agree(
    session: Session,
    world: World,
    at: datetime,
    place: str = PLACE,
    *,
    is_moved: bool = False,
    zone: str = "Europe/Berlin",
) -> Appointment:
    last = current_appointment(session, world.interviews["nora"])
    assert (last is not None) == is_moved
    meeting = Meeting(Reading(at, ZoneInfo(zone)), 45, Way.PHONE, place)
    found = agree_appointment(
        session,
        talk=talk(session, world),
        meeting=meeting,
        replaces=last.id if last else None,
        host="parallax.test",
        at=now(),
        by=world.people[ANNA],
    )
    session.commit()
    return found


def cancel(session: Session, world: World) -> None:
    last = current_appointment(session, world.interviews["nora"])
    call_off(
        session,
        talk=talk(session, world),
        replaces=last.id if last else None,
        host="parallax.test",
        at=now(),
        by=world.people[ANNA],
    )
    session.commit()


def bring_forward(session: Session, kind: Kind) -> None:
    """Make mails of a kind due, as time would."""
    session.execute(sa.update(AppointmentMail).where(AppointmentMail.kind == kind.value).values(due_at=now()))
    session.commit()


def entry_in(mail: EmailMessage) -> tuple[str, Calendar, Event]:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    raw = cast("bytes", part.get_payload(decode=True))
    assert raw.count(b"\n") == raw.count(b"\r\n") > 10
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    calendar = cast("Calendar", Calendar.from_ical(raw))
    assert part.get_param("method") == str(calendar["METHOD"]), "the method of the mail is that of the entry"
    assert part.get_content_charset() == "utf-8"
    return str(calendar["METHOD"]), calendar, cast("Event", calendar.walk("VEVENT")[0])


def test_an_appointment_is_told_changed_and_called_off(session: Session, office: PostOffice, world: World) -> None:
    first, second = soon(3), soon(4, 12)
    agree(session, world, first)
    assert appointments() == 1
    assert appointments() == 0
    agree(session, world, second, is_moved=True)
    assert appointments() == 1
    agree(session, world, second, "Room 7", is_moved=True)
    assert appointments() == 1
    cancel(session, world)
    assert appointments() == 1
    assert [address for address, _ in office.took] == ["nora@acme.test"] * 4
    found = [entry_in(mail) for mail in office.mails]
    assert [method for method, _, _ in found] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    events = [event for _, _, event in found]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2, 3]
    assert [event["DTSTART"].dt for event in events] == [first, second, second, second]
    assert [str(event["LOCATION"]) for event in events] == [PLACE, PLACE, "Room 7", "Room 7"]
    assert {str(event["ORGANIZER"]) for event in events} == {f"mailto:{ANNA}"}
    assert {str(event["ATTENDEE"]) for event in events} == {"mailto:nora@acme.test"}
    texts = [parts_of(mail)["text/plain"] for mail in office.mails]
    assert f"In UTC: {first:%A}, {first.day} {first:%B %Y}, 10:00 UTC" in texts[0]
    assert "Before" not in texts[0]
    assert f"Before, no longer valid: {first:%A}, {first.day}" in texts[1]
    assert "Before" not in texts[2], "only the place has changed"
    assert "does not take place" in texts[3]
    mail = office.mails[0]
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert mail["Reply-To"] == f"Anna Asker <{ANNA}>"
    assert len({mail["Message-ID"] for mail in office.mails}) == 4


@pytest.mark.parametrize("language", ["de", "fr", "es", "ar"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_contact_reads_it_in_their_language(
    session: Session, office: PostOffice, world: World, language: str
) -> None:
    contact_of(session, world.respondents["nora"]).language = language
    agree(session, world, soon(3), zone="Asia/Kolkata")
    appointments()
    mail = office.mails[0]
    assert mail["Content-Language"] == language
    assert "UTC+05:30" in parts_of(mail)["text/plain"]
    assert ('dir="rtl"' in parts_of(mail)["text/html"]) == (language == "ar")
    assert "Haskelby" in parts_of(mail)["text/plain"]


def test_what_was_never_told_is_not_taken_back(session: Session, office: PostOffice, world: World) -> None:
    agree(session, world, soon(3))
    agree(session, world, soon(4), is_moved=True)
    assert appointments() == 1
    text = parts_of(office.mails[0])["text/plain"]
    assert "thank you for taking the time" in text
    cancel(session, world)
    assert appointments() == 1
    last = current_appointment(session, world.interviews["nora"])
    agree_again = Meeting(Reading(soon(5), ZoneInfo("Europe/Berlin")), 45, Way.PHONE, PLACE)
    agree_appointment(
        session, talk=talk(session, world), meeting=agree_again, replaces=last.id if last else None, host="h.test",
        at=now(), by=world.people[ANNA],
    )  # fmt: skip
    cancel(session, world)
    assert appointments() == 0


def test_both_are_reminded_once_and_not_of_what_has_changed(session: Session, office: PostOffice, world: World) -> None:
    agree(session, world, soon(3))
    appointments()
    bring_forward(session, Kind.REMINDER)
    bring_forward(session, Kind.INTERVIEWER)
    assert appointments() == 2
    assert appointments() == 0
    assert [address for address, _ in office.took] == ["nora@acme.test", "nora@acme.test", ANNA]
    reminder, own = office.mails[1:]
    assert reminder["Subject"].startswith("Reminder: our conversation on")
    assert [part.get_content_type() for part in reminder.iter_parts()] == ["text/plain", "text/html"]
    assert own["Subject"] == "In an hour: Nora, Haskelby"
    assert f"/interviews/{world.interviews['nora']}" in parts_of(own)["text/plain"]
    agree(session, world, soon(4), is_moved=True)
    cancel(session, world)
    for kind in (Kind.REMINDER, Kind.INTERVIEWER):
        bring_forward(session, kind)
    appointments()
    subjects = [mail["Subject"] for mail in office.mails[3:]]
    assert len(subjects) == 1
    assert subjects[0].startswith("Cancelled:")


def test_reminders_are_a_day_and_an_hour_before(session: Session, world: World) -> None:
    at = soon(3)
    agree(session, world, at)
    due = {row.kind: row.due_at for row in session.execute(sa.select(AppointmentMail.kind, AppointmentMail.due_at))}
    assert due[Kind.REMINDER.value] == at - timedelta(days=1)
    assert due[Kind.INTERVIEWER.value] == at - timedelta(hours=1)


def test_a_server_that_says_later_gets_the_same_mail_again(session: Session, office: PostOffice, world: World) -> None:
    agree(session, world, soon(3))
    office.data = lambda _address: "451 try again"
    assert appointments() == 0
    row = session.scalars(sa.select(AppointmentMail).where(AppointmentMail.kind == Kind.INVITATION.value)).one()
    assert (row.tries, row.sent_at, row.failed_at) == (1, None, None)
    assert row.due_at > now()
    wanted = row.message_id
    office.data = lambda _address: None
    session.rollback()
    bring_forward(session, Kind.INVITATION)
    assert appointments() == 1
    assert office.mails[0]["Message-ID"] == wanted
    office.data = lambda _address: "554 never"
    agree(session, world, soon(4), is_moved=True)
    appointments()
    session.rollback()
    change = session.scalars(sa.select(AppointmentMail).where(AppointmentMail.kind == Kind.CHANGE.value)).one()
    assert change.failed_at is not None
    assert change.reason is not None
    assert "never" in change.reason


def stop(session: Session, world: World) -> None:
    contact = contact_of(session, world.respondents["nora"])
    session.add(MailStop(contact_id=contact.id, reason="unsubscribed"))


def refuse(session: Session, world: World) -> None:
    call = Call(CALL_OUTCOMES[CallOutcome.REFUSED], Channel.PHONE, None, now(), None)
    record_attempt(session, talk=talk(session, world), call=call, at=now(), by=world.people[ANNA])


def withdraw_consent(session: Session, world: World) -> None:
    contact_of(session, world.respondents["nora"]).consent = "no"


@pytest.mark.parametrize("change", [stop, refuse, withdraw_consent])
def test_who_wants_no_mail_gets_none(session: Session, office: PostOffice, world: World, change: object) -> None:
    agree(session, world, soon(3))
    cast("type[None]", change)(session, world)  # type: ignore[call-arg]  # One of the functions above.
    session.commit()
    assert appointments() == 0
    bring_forward(session, Kind.REMINDER)
    assert appointments() == 0
    assert office.took == []


def test_hostile_names_stay_names(session: Session, office: PostOffice, world: World) -> None:
    contact = session.get_one(Contact, contact_of(session, world.respondents["nora"]).id)
    contact.name = 'Nora\r\nBcc: evil@x.test\r\n\r\nATTENDEE:mailto:evil@x.test; "q"'
    agree(session, world, soon(3), "a;b,c\\n BEGIN:VALARM \u202e")
    assert appointments() == 1
    mail = office.mails[0]
    assert mail["Bcc"] is None
    assert [address for address, _ in office.took] == ["nora@acme.test"]
    _, _, event = entry_in(mail)
    assert str(event["ATTENDEE"]) == "mailto:nora@acme.test"
    assert str(event["LOCATION"]) == "a;b,c\\n BEGIN:VALARM  "
    assert "<script" not in parts_of(mail)["text/html"]


def test_one_appointment_stands_however_many_agree_on_one(session: Session, world: World) -> None:
    agree(session, world, soon(3))
    twin = Appointment(
        interview_id=world.interviews["nora"],
        uid="other@x",
        sequence=0,
        starts_at=soon(3),
        timezone="UTC",
        wall="2026-12-01T10:00",
        minutes=5,
        way="phone",
        place="x",
        organiser_id=session.get_one(Interview, world.interviews["nora"]).interviewer_id,
    )
    session.add(twin)
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()
    assert db.session is not None
    assert soon(3).tzinfo is UTC
