"""Appointments are agreed, moved and called off; every version stays, and each tells the contact by mail."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.display import day
from app.core.errors import Refusal
from app.customers.models import Contact
from app.interviews.models import Appointment, AppointmentMail, Interview, InterviewerZone
from app.interviews.queries.appointment_mails import is_known_to_contact, waits
from app.interviews.queries.planning import Reach, busy_with, current_appointment, is_agreed, reach_of
from app.interviews.queries.talks import Talk
from app.interviews.rules.appointment_words import Kind
from app.interviews.rules.local_time import zone_named
from app.interviews.rules.meeting import LONGEST, Meeting
from app.interviews.rules.period import refusal_to_count
from app.studies.models import Respondent
from app.studies.rules.budget import Consent
from app.users.services import record_event

TELL_CONTACT, TELL_INTERVIEWER = timedelta(days=1), timedelta(hours=1)
"""How long before an appointment each of the two is reminded."""


def agree_appointment(
    session: Session, *, talk: Talk, meeting: Meeting, replaces: int | None, host: str, at: datetime, by: int
) -> Appointment:
    """Agree on an appointment, or move the one that stands; the same again changes nothing.

    `replaces` is the id of the version that the caller saw. Refused where that is no longer the last one, where the
    person does not take part, outside the fieldwork period, in the past, and while the interviewer meets somebody else.
    """
    interview = session.get_one(Interview, talk.id, with_for_update=True)
    reach = reach_of(session, talk.id)
    _refuse_person(talk, reach)
    _refuse_time(session, talk, meeting, at)
    last = current_appointment(session, talk.id)
    if (last.id if last else None) != replaces:
        raise Refusal("The appointment was changed meanwhile; look at it, then change it again.", "replaces")
    if last and not last.is_cancelled and _facts(meeting) == _facts_of(last):
        return last
    if reach.timezone is None:
        session.get_one(Contact, reach.contact_id).timezone = meeting.reading.zone.key
    moved = last if last and not last.is_cancelled else None
    new = _next_version(session, interview, last, at=at, by=by, host=host, is_moved=moved is not None)
    for name, value in _facts(meeting).items():
        setattr(new, name, value)
    session.add(new)
    session.flush()
    _queue_mails(session, new, reach, at=at, host=host)
    _record(session, talk, "appointment.move" if moved else "appointment.agree", new, by)
    return new


def call_off(session: Session, *, talk: Talk, replaces: int | None, host: str, at: datetime, by: int) -> None:
    """Call the appointment off and tell the contact; refused where there is none, or it was changed meanwhile."""
    session.get_one(Interview, talk.id, with_for_update=True)
    last = current_appointment(session, talk.id)
    if last is None or last.is_cancelled or last.id != replaces:
        raise Refusal("There is no such appointment any more; look at what stands now.", "replaces")
    cancelled = _cancelled(session, last, at=at, by=by)
    if is_known_to_contact(session, last.uid):
        _queue(session, cancelled, Kind.CANCELLATION, due_at=at, at=at, host=host)
    _stop_mails(session, last.uid, other_than=cancelled.id, at=at)
    _record(session, talk, "appointment.cancel", cancelled, by)


def drop_appointments(session: Session, *, respondent_ids: Sequence[int], at: datetime, by: int | None) -> int:
    """Call off what stands with these respondents without a mail, for those who want none, and return how many."""
    theirs = sa.select(Interview.id).where(Interview.respondent_id.in_(respondent_ids))
    found = session.scalars(sa.select(Appointment).where(Appointment.interview_id.in_(theirs), is_agreed())).all()
    for appointment in found:
        _cancelled(session, appointment, at=at, by=by)
        _stop_mails(session, appointment.uid, other_than=None, at=at)
    return len(found)


def forget_places(session: Session, *, contact_ids: Sequence[int], at: datetime) -> None:
    """Call off what stands with people who are erased, without a mail, and blank where one was to meet them."""
    theirs = session.scalars(sa.select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))).all()
    drop_appointments(session, respondent_ids=theirs, at=at, by=None)
    interviews = sa.select(Interview.id).where(Interview.respondent_id.in_(theirs))
    session.execute(sa.update(Appointment).where(Appointment.interview_id.in_(interviews)).values(place=""))
    mails = sa.select(Appointment.id).where(Appointment.interview_id.in_(interviews))
    session.execute(sa.update(AppointmentMail).where(AppointmentMail.appointment_id.in_(mails)).values(reason=None))


def choose_zone(session: Session, *, user_id: int, name: str) -> None:
    """Note by which clock an interviewer lives; Refusal where there is no such zone."""
    zone = zone_named(name)
    if zone is None:
        raise Refusal("Choose your time zone from the list, such as Europe/Berlin.", "timezone")
    known = session.get(InterviewerZone, user_id)
    if known is None:
        session.add(InterviewerZone(user_id=user_id, timezone=zone.key))
    else:
        known.timezone = zone.key


def _refuse_person(talk: Talk, reach: Reach) -> None:
    if talk.submitted_at is not None:
        raise Refusal("This interview is submitted; there is nothing left to meet for.", "replaces")
    if reach.consent == Consent.NO:
        raise Refusal("Their consent is no; they are not asked.", "replaces")
    if reach.has_refused:
        raise Refusal("They do not take part; take the last call back first if that was a mistake.", "replaces")
    closed = refusal_to_count(talk.closed_at)
    if closed:
        raise Refusal(closed, "replaces")


def _refuse_time(session: Session, talk: Talk, meeting: Meeting, at: datetime) -> None:
    starts_at = meeting.reading.at
    if starts_at <= at:
        raise Refusal("This time is over; choose one that is still to come.", "day")
    if not talk.opens_on <= starts_at.date() <= talk.closes_on:
        raise Refusal(
            f"The fieldwork runs from {day(talk.opens_on)} to {day(talk.closes_on)}; choose a day within it.", "day"
        )
    ends_at = starts_at + timedelta(minutes=meeting.minutes)
    window = starts_at - timedelta(minutes=LONGEST)
    for other in busy_with(session, interviewer_id=talk.interviewer_id, other_than=talk.id, after=window):
        if other.starts_at < ends_at and starts_at < other.starts_at + timedelta(minutes=other.minutes):
            raise Refusal(f"{talk.interviewer} meets {other.contact} at that time; choose another.", "time")


def _facts(meeting: Meeting) -> dict[str, object]:
    return {
        "starts_at": meeting.reading.at,
        "timezone": meeting.reading.zone.key,
        "wall": f"{meeting.reading.wall:%Y-%m-%dT%H:%M}",
        "minutes": meeting.minutes,
        "way": meeting.way.value,
        "place": meeting.place,
    }


def _facts_of(appointment: Appointment) -> dict[str, object]:
    return {name: getattr(appointment, name) for name in ("starts_at", "timezone", "wall", "minutes", "way", "place")}


def _next_version(
    session: Session,
    interview: Interview,
    last: Appointment | None,
    *,
    at: datetime,
    by: int,
    host: str,
    is_moved: bool,
) -> Appointment:
    """Return the version after the last one; after one that was called off it is another appointment."""
    if last is not None:
        last.superseded_at = at
        session.flush()
    goes_on = last is not None and is_moved
    return Appointment(
        interview_id=interview.id,
        uid=last.uid if last and goes_on else f"{secrets.token_hex(16)}@{host}",
        sequence=last.sequence + 1 if last and goes_on else 0,
        organiser_id=last.organiser_id if last and goes_on else interview.interviewer_id,
        created_at=at,
        created_by=by,
    )


def _cancelled(session: Session, last: Appointment, *, at: datetime, by: int | None) -> Appointment:
    last.superseded_at = at
    session.flush()
    cancelled = Appointment(
        interview_id=last.interview_id,
        uid=last.uid,
        sequence=last.sequence + 1,
        organiser_id=last.organiser_id,
        is_cancelled=True,
        created_at=at,
        created_by=by,
        **_facts_of(last),
    )
    session.add(cancelled)
    session.flush()
    return cancelled


def _queue_mails(session: Session, new: Appointment, reach: Reach, *, at: datetime, host: str) -> None:
    """Queue what tells of a new version, and both reminders where there is time for them; stop those of older ones."""
    kind = Kind.CHANGE if is_known_to_contact(session, new.uid) else Kind.INVITATION
    _stop_mails(session, new.uid, other_than=new.id, at=at)
    if reach.held is None:
        _queue(session, new, kind, due_at=at, at=at, host=host)
        if new.starts_at - TELL_CONTACT > at:
            _queue(session, new, Kind.REMINDER, due_at=new.starts_at - TELL_CONTACT, at=at, host=host)
    if new.starts_at - TELL_INTERVIEWER > at:
        _queue(session, new, Kind.INTERVIEWER, due_at=new.starts_at - TELL_INTERVIEWER, at=at, host=host)


def _queue(
    session: Session, appointment: Appointment, kind: Kind, *, due_at: datetime, at: datetime, host: str
) -> None:
    session.add(
        AppointmentMail(
            appointment_id=appointment.id,
            kind=kind.value,
            message_id=f"<app-{secrets.token_hex(16)}@{host}>",
            due_at=due_at,
            created_at=at,
        )
    )
    session.flush()


def _stop_mails(session: Session, uid: str, *, other_than: int | None, at: datetime) -> None:
    older = sa.select(Appointment.id).where(Appointment.uid == uid)
    if other_than is not None:
        older = older.where(Appointment.id != other_than)
    session.execute(
        sa.update(AppointmentMail)
        .where(AppointmentMail.appointment_id.in_(older), waits())
        .values(cancelled_at=at, reason="changed")
    )


def _record(session: Session, talk: Talk, action: str, appointment: Appointment, by: int) -> None:
    fields = {"study": talk.study_key, "sequence": appointment.sequence, "way": appointment.way}
    record_event(session, actor_id=by, action=action, object_type="interview", object_id=talk.id, fields=fields)
