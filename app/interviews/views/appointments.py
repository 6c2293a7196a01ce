"""An appointment with one person: agreed, moved, called off, with both clocks and every earlier version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.forms_planning import Asked, meeting_in, number_in
from app.interviews.models import Appointment
from app.interviews.queries.planning import (
    Reach,
    appointments_of,
    current_appointment,
    mails_about,
    own_zone,
    reach_of,
)
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.appointment_mails import REASONS
from app.interviews.rules.appointment_words import Kind
from app.interviews.rules.local_time import Reading, zone_names
from app.interviews.rules.meeting import USUAL, WAYS
from app.interviews.rules.moments import moment_words
from app.interviews.rules.sharing import RELATIONS
from app.interviews.services.appointments import agree_appointment, call_off
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.studies.rules.budget import Budget, Held, held_words
from app.studies.rules.hours import zone_of
from app.users.policy import Permission, access, current_scope

MAILS = {
    Kind.INVITATION: "Invitation",
    Kind.CHANGE: "Change",
    Kind.CANCELLATION: "Cancellation",
    Kind.REMINDER: "Reminder to them",
    Kind.INTERVIEWER: "Reminder to the interviewer",
}


@dataclass(frozen=True)
class Clocks:
    """An instant by the clock of the contact and by that of the reader."""

    theirs: str
    yours: str


@blueprint.route("/interviews/<int:interview_id>/appointment", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_READ)
def appointment(interview_id: int) -> ResponseReturnValue:
    """Show when and how one meets; agree on a time, or move it. Refused, the page keeps what was typed."""
    if request.method != "POST":
        return appointment_page(talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id))
    talk = own_talk(interview_id)
    try:
        agreed = agree_appointment(
            db.session,
            talk=talk,
            meeting=meeting_in(request.form),
            replaces=number_in(request.form.get("replaces", "")),
            host=mail_host(),
            at=now(),
            by=current_scope().user_id,
        )
        words = moment_words(agreed.starts_at, ZoneInfo(agreed.timezone), "en")
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return appointment_page(own_talk(interview_id), refusal), 400
    current_app.extensions["bell"].ring("appointments")
    flash(f"Agreed: {words}.")
    return redirect(url_for("interviews.appointment", interview_id=interview_id), code=303)


@blueprint.post("/interviews/<int:interview_id>/appointment/cancel")
@access(Permission.INTERVIEWS_WRITE)
def call_off_appointment(interview_id: int) -> ResponseReturnValue:
    """Call the appointment off and tell the contact."""
    talk = own_talk(interview_id)
    try:
        replaces = number_in(request.form.get("replaces", ""))
        call_off(db.session, talk=talk, replaces=replaces, host=mail_host(), at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return appointment_page(own_talk(interview_id), refusal), 400
    current_app.extensions["bell"].ring("appointments")
    flash("The appointment is called off.")
    return redirect(url_for("interviews.appointment", interview_id=interview_id), code=303)


def appointment_page(talk: Talk, refusal: Refusal | None = None) -> str:
    """Render the page, with what was typed where it was refused."""
    reach = reach_of(db.session, talk.id)
    last = current_appointment(db.session, talk.id)
    standing = last if last and not last.is_cancelled else None
    reader = reader_zone()
    rows = appointments_of(db.session, talk.id)
    return render_template(
        "interviews/appointment.html",
        talk=talk,
        reach=reach,
        relation=RELATIONS.get(reach.relation or ""),  # type: ignore[call-overload]  # A text is looked up as such.
        last=last,
        standing=standing,
        clocks=clocks_of(standing, reader) if standing else None,
        versions=[(row.Appointment, row.by, clocks_of(row.Appointment, reader)) for row in rows],
        mails=mails_about(db.session, last.id) if last else [],
        mail_names=MAILS,
        mail_reasons=REASONS,
        no_mail=held_words(reach.held, Budget()) if reach.held and reach.held is not Held.ANSWERED else None,
        typed=request.form if refusal else typed_of(standing, reach),
        is_zone_known=reach.timezone is not None,
        zones=zone_names(),
        ways=WAYS,
        refusal=refusal,
        choices=[(each.key, moment_words(each.at, each.zone, "en")) for each in choices_of(refusal)],
        reader=reader,
        is_reader_known=own_zone(db.session, current_scope().user_id) is not None,
    )


def choices_of(refusal: Refusal | None) -> tuple[Reading, ...]:
    """Return the instants to choose from, where a time was asked about."""
    return refusal.choices if isinstance(refusal, Asked) else ()


def typed_of(standing: Appointment | None, reach: Reach) -> dict[str, Any]:
    """Return what the fields show before anybody typed: what stands, else what is known of the person."""
    if standing:
        day, hour = standing.wall.split("T")
        return {
            "day": day,
            "time": hour,
            "timezone": standing.timezone,
            "minutes": standing.minutes,
            "way": standing.way,
            "place": standing.place,
            "reading": f"{standing.starts_at:%Y-%m-%dT%H:%MZ}",
        }
    zone = zone_of(reach.timezone, reach.country).key
    return {
        "timezone": "" if zone == "UTC" else zone,
        "minutes": USUAL,
        "way": "phone",
        "place": reach.phone or "",
    }


def clocks_of(found: Appointment, reader: ZoneInfo) -> Clocks:
    """Return the time of an appointment by both clocks."""
    return both_clocks(found.starts_at, ZoneInfo(found.timezone), reader)


def both_clocks(at: datetime, zone: ZoneInfo, reader: ZoneInfo) -> Clocks:
    """Return an instant by the clock of a contact and by that of the reader."""
    return Clocks(moment_words(at, zone, "en"), moment_words(at, reader, "en"))


def reader_zone() -> ZoneInfo:
    """Return the time zone by which the reader lives, UTC where they have not said."""
    return ZoneInfo(own_zone(db.session, current_scope().user_id) or "UTC")


def mail_host() -> str:
    """Return the host under which mails and calendars know us."""
    settings: Settings = current_app.config["SETTINGS"]
    return urlsplit(settings.base_url).hostname or "localhost"
