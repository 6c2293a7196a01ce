"""The rest of an interview as a link: a look at the mail before it goes, the link itself, and taking it back."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.queries.person import Person, person_of
from app.interviews.queries.talks import Talk, course_in
from app.interviews.rules.letters import language_for, rest_letter
from app.interviews.services.handing_over import hand_over_interview, take_interview_back
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.interviews.views.rest import here
from app.studies.rules.letters import Wording
from app.users.policy import Permission, access, current_scope

BY_MAIL = "mail"


@blueprint.route("/interviews/<int:interview_id>/hand-over", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_WRITE)
def hand_over(interview_id: int) -> ResponseReturnValue:
    """Show what would be sent; hand the rest over by mail or as a link to be passed on by hand."""
    talk = own_talk(interview_id)
    if talk.submitted_at is not None or talk.handed_over_at is not None:
        return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)
    if request.method != "POST":
        return hand_over_page(talk)
    try:
        is_new = handed_over(talk)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return hand_over_page(own_talk(interview_id), refusal), 400
    if is_new:
        current_app.extensions["bell"].ring_soon("letters")
        flash(f"The rest is {talk.contact}’s to answer. Nobody can write here until you take it back.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


@blueprint.post("/interviews/<int:interview_id>/take-back")
@access(Permission.INTERVIEWS_WRITE)
def take_back(interview_id: int) -> ResponseReturnValue:
    """End the customer's link and go on in person."""
    talk = own_talk(interview_id)
    try:
        is_back = take_interview_back(db.session, talk=talk, at=now(), by=current_scope().user_id)
        db.session.commit()
        flash("The link is ended; the interview is yours again." if is_back else "The interview is yours.")
    except Missing:
        raise
    except Refusal:
        db.session.rollback()
        flash(f"{talk.contact} has sent the answers meanwhile; the interview is complete.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


def handed_over(talk: Talk) -> bool:
    """Hand over what is open, by the way that was chosen."""
    wording = None
    if request.form.get("by") == BY_MAIL:
        wording = Wording(request.form.get("subject", ""), request.form.get("body", ""))
    return hand_over_interview(
        db.session,
        talk=talk,
        here=here(),
        wording=wording,
        is_anything_open=any(not step.is_done for step in course_in(db.session, talk).steps),
        at=now(),
        by=current_scope().user_id,
    )


def hand_over_page(talk: Talk, refusal: Refusal | None = None) -> str:
    """Render the look before the rest is handed over."""
    person = person_of(db.session, talk.respondent_id)
    steps = course_in(db.session, talk).steps
    proposed = proposed_letter(talk, person)
    wording = Wording(request.form.get("subject", proposed.subject), request.form.get("body", proposed.body))
    return render_template(
        "interviews/hand_over.html",
        talk=talk,
        contact=person,
        still_open=[step for step in steps if not step.is_done],
        wording=wording,
        refusal=refusal,
    )


def proposed_letter(talk: Talk, person: Person) -> Wording:
    """Return the letter in the reader's language, where nobody wrote anything else."""
    name, account, sender = person.name, talk.account, current_scope().name
    language = language_for(person.language)
    return rest_letter(language, name=name, account=account, sender=sender, closes_on=talk.closes_on)
