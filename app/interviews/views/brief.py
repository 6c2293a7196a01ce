"""The brief of a submitted interview, on the screen and as PDF."""

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.actions.queries import actions_of_respondent
from app.core.clock import today
from app.core.database import db
from app.core.pdf import render_pdf
from app.interviews.queries.before import answers_by_link, earlier_numbers
from app.interviews.queries.predictions import predictions_of
from app.interviews.queries.promised import promises_beside
from app.interviews.queries.talks import Talk, course_in, talk_in_scope
from app.interviews.queries.ways import way_of
from app.interviews.rules.brief import FIGURES, brief_title, figures, own_level, quotes, starred, told
from app.interviews.rules.brief_promises import promises
from app.interviews.rules.meeting import WAYS
from app.interviews.services.thanking import thanks_key
from app.interviews.views.blueprint import blueprint
from app.responses.rules import QuotePermission
from app.studies.queries.letters import letter_by_key
from app.users.policy import Permission, access, current_scope


@blueprint.get("/interviews/<int:interview_id>/brief")
@access(Permission.INTERVIEWS_READ)
def brief(interview_id: int) -> ResponseReturnValue:
    """Show what is to be known of an interview in two minutes; before it is submitted there is none."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if talk.submitted_at is None:
        return redirect(url_for("interviews.guide", interview_id=interview_id))
    letter = letter_by_key(db.session, thanks_key(talk.id))
    return render_template("interviews/brief.html", **brief_values(talk), letter=letter)


@blueprint.get("/interviews/<int:interview_id>/brief.pdf")
@access(Permission.INTERVIEWS_READ)
def brief_pdf(interview_id: int) -> ResponseReturnValue:
    """Give the brief as PDF, shown in the browser."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if talk.submitted_at is None:
        return redirect(url_for("interviews.guide", interview_id=interview_id))
    content = render_pdf(render_template("interviews/brief_pdf.html", **brief_values(talk)))
    name = f"brief-{talk.study_key}-{talk.id}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def brief_values(talk: Talk) -> dict[str, Any]:
    """Return what stands on the page."""
    scope = current_scope()
    steps = course_in(db.session, talk).steps
    said, way = quotes(steps), way_of(db.session, talk)
    sealed = predictions_of(db.session, scope=scope, talk=talk)
    earlier = earlier_numbers(db.session, scope=scope, talk=talk, keys=list(FIGURES))
    predicted = {
        key: [(each.author, value) for each in sealed if (value := each.values.get(key)) is not None] for key in FIGURES
    }
    return {
        "talk": talk,
        "title": brief_title(steps, talk.contact),
        "figures": figures(steps, before={key: each.value for key, each in earlier.items()}, predicted=predicted),
        "before_at": max((each.at for each in earlier.values()), default=None),
        "way": WAYS[way].lower() if way else "",
        "is_withheld": own_level(steps) is QuotePermission.NONE,
        "starred": starred(steps),
        "quotes": [each for each in said if not each.is_paraphrase],
        "meant": [each for each in said if each.is_paraphrase],
        "promises": promises(steps),
        "promised": promises_beside(db.session, talk),
        "told": told(steps),
        "sealed": sealed,
        "actions": actions_of_respondent(db.session, respondent_id=talk.respondent_id),
        "by_link": answers_by_link(db.session, talk.response_id),
        "today": today(),
    }
