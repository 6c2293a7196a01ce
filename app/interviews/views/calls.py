"""One call: how the person is reached, what is read aloud, what it came to, and every call before it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.words import capital
from app.interviews.forms_planning import call_in
from app.interviews.queries.calls import people_to_call
from app.interviews.queries.planning import Reach, attempts_of, current_appointment, own_zone, reach_of
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.calling import CHANNELS
from app.interviews.rules.meeting import USUAL
from app.interviews.rules.moments import day_words, moment_words, time_words
from app.interviews.rules.next_call import best_call
from app.interviews.rules.scripts import no_thanks, scripts_for
from app.interviews.services.attempts import record_attempt, undo_attempt
from app.interviews.views.appointments import both_clocks, clocks_of, reader_zone
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.studies.rules.attempts import CALL_OUTCOMES, FINAL, CallOutcome, Outcome
from app.studies.rules.hours import next_working, zone_of
from app.users.policy import Permission, access, current_scope

GROUPS: tuple[tuple[str, Callable[[Outcome], bool]], ...] = (
    ("Nobody reached", lambda outcome: not outcome.is_contact and not outcome.is_final),
    ("Reached, goes on", lambda outcome: outcome.is_contact and not outcome.is_final),
    ("Final: nobody calls again", lambda outcome: outcome.is_final),
)

AFTER = {CallOutcome.APPOINTMENT: "interviews.appointment", CallOutcome.ONLINE: "interviews.hand_over"}
"""The pages that an outcome leads on to: whoever would rather answer online gets the link next."""


@blueprint.route("/interviews/<int:interview_id>/call", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_READ)
def call(interview_id: int) -> ResponseReturnValue:
    """Show what is needed to call somebody; enter what the call came to. Refused, the page keeps what was typed."""
    if request.method != "POST":
        return call_page(talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id))
    talk = own_talk(interview_id)
    reach = reach_of(db.session, interview_id)
    try:
        entered = call_in(request.form, zone=zone_of(reach.timezone, reach.country), at=now())
        record_attempt(db.session, talk=talk, call=entered, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return call_page(own_talk(interview_id), refusal), 400
    flash(f"Entered: {entered.outcome.label}.")
    return redirect(after_the_call(interview_id, entered.outcome.key), code=303)


@blueprint.post("/interviews/<int:interview_id>/calls/<int:attempt_id>/undo")
@access(Permission.INTERVIEWS_WRITE)
def undo_call(interview_id: int, attempt_id: int) -> ResponseReturnValue:
    """Take back an entry that was a mistake, with a reason that stays on record."""
    talk = own_talk(interview_id)
    try:
        reason = request.form.get("reason", "")
        undo_attempt(db.session, talk=talk, attempt_id=attempt_id, reason=reason, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return call_page(own_talk(interview_id), refusal), 400
    flash("Taken back; the entry stays on record.")
    return redirect(url_for("interviews.call", interview_id=interview_id), code=303)


@blueprint.get("/interviews/next")
@access(Permission.INTERVIEWS_WRITE)
def next_call() -> ResponseReturnValue:
    """Lead to the person whom it is best to call now, or say that there is nobody."""
    people = people_to_call(db.session, scope=current_scope(), at=now())
    best = best_call([one.to_call for one in people], at=now())
    if best is not None:
        return redirect(url_for("interviews.call", interview_id=best.interview_id))
    return redirect(url_for("interviews.day", nobody=1))


def after_the_call(interview_id: int, outcome: CallOutcome) -> str:
    """Return where one goes on after a call."""
    return url_for(AFTER.get(outcome, "interviews.call"), interview_id=interview_id)


def call_page(talk: Talk, refusal: Refusal | None = None) -> str:
    """Render the page, with what was typed where it was refused."""
    reach, at = reach_of(db.session, talk.id), now()
    zone, reader = zone_of(reach.timezone, reach.country), reader_zone()
    last = current_appointment(db.session, talk.id)
    attempts = attempts_of(db.session, talk.respondent_id)
    values = script_values(talk, reach)
    local = at.astimezone(zone)
    return render_template(
        "interviews/call.html",
        talk=talk,
        reach=reach,
        their_time=f"{time_words(local, 'en')} on {day_words(local, 'en')}",
        zone=zone.key.replace("_", " "),
        is_zone_known=reach.timezone is not None or zone.key != "UTC",
        is_working=next_working(at, zone) == at,
        clocks=clocks_of(last, reader) if last and not last.is_cancelled and last.starts_at > at else None,
        attempts=[attempt_line(row, zone) for row in attempts],
        is_over=any(row.CallAttempt.superseded_at is None and row.CallAttempt.outcome in FINAL for row in attempts),
        next_clocks=next_clocks(attempts, zone, reader),
        scripts=scripts_for(values),
        no_thanks=no_thanks(values),
        groups=[(title, [each for each in CALL_OUTCOMES.values() if belongs(each)]) for title, belongs in GROUPS],
        channels=CHANNELS,
        typed=request.form if refusal else {},
        refusal=refusal,
        is_reader_known=own_zone(db.session, current_scope().user_id) is not None,
    )


def script_values(talk: Talk, reach: Reach) -> dict[str, str]:
    """Return the names that stand in scripts."""
    return {
        "contact": reach.name,
        "account": reach.account,
        "study": talk.study,
        "organisation": reach.organisation or "your account team",
        "interviewer": talk.interviewer,
        "address": current_scope().email,
        "minutes": str(USUAL),
    }


def attempt_line(row: Any, zone: Any) -> dict[str, Any]:
    """Return one earlier call as the list shows it."""
    attempt = row.CallAttempt
    outcome = CALL_OUTCOMES[CallOutcome(attempt.outcome)]
    return {
        "id": attempt.id,
        "label": outcome.label,
        "code": outcome.code,
        "channel": CHANNELS.get(attempt.channel, capital(attempt.channel)),
        "note": attempt.note,
        "at": attempt.attempted_at,
        "by": row.by,
        "next": moment_words(attempt.next_call_at, zone, "en") if attempt.next_call_at else "",
        "is_undone": attempt.superseded_at is not None,
        "undone_by": row.undone_by,
        "undone_at": attempt.superseded_at,
        "reason": attempt.undo_reason,
    }


def next_clocks(attempts: Any, zone: Any, reader: Any) -> Any:
    """Return when to call next by both clocks, as the last call that stands says; None where it says nothing."""
    standing = next((row.CallAttempt for row in attempts if row.CallAttempt.superseded_at is None), None)
    if standing is None or standing.next_call_at is None:
        return None
    return both_clocks(standing.next_call_at, zone, reader)
