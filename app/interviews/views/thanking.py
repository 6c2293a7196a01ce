"""The mail of thanks: a proposal, a look at it, and only then its way."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.queries import actions_of_respondent
from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.queries.person import person_of
from app.interviews.queries.talks import Talk
from app.interviews.rules.letters import Promise, language_for, thanks_letter
from app.interviews.services.thanking import thank, thanks_key
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.studies.queries.letters import letter_by_key
from app.studies.rules.letters import Wording, checked, paragraphs
from app.users.policy import Permission, access, current_scope

SEND = "send"


@blueprint.route("/interviews/<int:interview_id>/thanks", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_WRITE)
def thanks(interview_id: int) -> ResponseReturnValue:
    """Show the proposal, then the mail as it will be read; send it when that was seen."""
    talk = own_talk(interview_id)
    if talk.submitted_at is None or letter_by_key(db.session, thanks_key(talk.id)):
        return redirect(url_for("interviews.brief", interview_id=interview_id), code=303)
    if request.method != "POST":
        return thanks_page(talk, proposal(talk))
    typed = Wording(request.form.get("subject", ""), request.form.get("body", ""))
    try:
        wording = checked(typed)
        if request.form.get("go") != SEND:
            return thanks_page(talk, wording, is_seen=request.form.get("go") != "change")
        base_url = current_app.config["SETTINGS"].base_url
        thank(db.session, talk=talk, wording=wording, base_url=base_url, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return thanks_page(talk, typed, refusal), 400
    current_app.extensions["bell"].ring_soon("letters")
    flash(f"The mail to {talk.contact} is on its way.")
    return redirect(url_for("interviews.brief", interview_id=interview_id), code=303)


def proposal(talk: Talk) -> Wording:
    """Return what the mail says where nobody writes anything else, in the reader's language."""
    person = person_of(db.session, talk.respondent_id)
    promised = [
        Promise(row.title, row.owner, row.due_on)
        for row in actions_of_respondent(db.session, respondent_id=talk.respondent_id)
        if row.is_promised and row.done_at is None
    ]
    sender, language = current_scope().name, language_for(person.language)
    return thanks_letter(language, name=person.name, account=talk.account, sender=sender, promises=promised)


def thanks_page(talk: Talk, wording: Wording, refusal: Refusal | None = None, *, is_seen: bool = False) -> str:
    """Render the mail to be changed, or as it will be read."""
    return render_template(
        "interviews/thanks.html",
        talk=talk,
        contact=person_of(db.session, talk.respondent_id),
        wording=wording,
        paragraphs=paragraphs(wording.body),
        refusal=refusal,
        is_seen=is_seen,
        sender=current_scope(),
    )
