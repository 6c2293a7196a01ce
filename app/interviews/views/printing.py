"""The guide on paper: of one interview, and of a questionnaire as it stands."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.display import day
from app.interviews.queries.routes import instrument_asked, route_in
from app.interviews.queries.talks import talk_in_scope
from app.interviews.rules.paper import sheets_of
from app.interviews.views.blueprint import blueprint
from app.questionnaires.queries import definition_of, newest_version
from app.questionnaires.rules.examples import example_facts
from app.questionnaires.rules.route import Route
from app.users.policy import Permission, access, current_scope


@blueprint.get("/interviews/<int:interview_id>/guide.pdf")
@access(Permission.INTERVIEWS_READ)
def guide_pdf(interview_id: int) -> ResponseReturnValue:
    """Give the guide of one interview as PDF: this person's words, loops and branches, without any answer."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    instrument = instrument_asked(db.session, talk)
    facts = route_in(db.session, talk).facts
    html = render_template(
        "interviews/guide_pdf.html",
        title=f"{talk.contact}, {talk.account}",
        under=f"{talk.study} · interviewer {talk.interviewer} · fieldwork until {day(talk.closes_on)}",
        sheets=sheets_of(Route(instrument.questionnaire, facts, {})),
    )
    return as_pdf(html, f"interview-{talk.id}.pdf")


@blueprint.get("/questionnaires/<key>/guide.pdf")
@access(Permission.STUDIES)
def questionnaire_pdf(key: str) -> ResponseReturnValue:
    """Give the guide of a questionnaire's newest version as PDF, with an invented customer in its words."""
    version = newest_version(db.session, key)
    questionnaire = definition_of(version)
    html = render_template(
        "interviews/guide_pdf.html",
        title=version.name,
        under=f"Version {version.version} of {day(version.published_at)}; names in brackets stand for the customer’s",
        sheets=sheets_of(Route(questionnaire, example_facts(questionnaire), {})),
    )
    return as_pdf(html, f"questionnaire-{version.key}.pdf")


def as_pdf(html: str, name: str) -> Response:
    """Return a page as PDF, shown in the browser; what makes it is loaded late."""
    from app.core.pdf import render_pdf

    content = render_pdf(html)
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
