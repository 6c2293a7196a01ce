"""The preview of a draft: the survey's own page, filled with what is being written; nothing can be sent from it."""

from pathlib import Path

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from app.authoring.queries import draft_of
from app.authoring.rules.problems import reading_of
from app.authoring.views.blueprint import blueprint
from app.core.clock import today
from app.core.database import db
from app.core.workspace import the_workspace
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.languages import in_language, languages_of
from app.surveys.pages import Facts, FormState, Pages
from app.surveys.queries import Asked
from app.users.policy import Permission, access, current_scope

SAMPLE_PERSON = "Robin Sample"


@blueprint.get("/questionnaires/<key>/preview")
@access(Permission.STUDIES)
def preview(key: str) -> ResponseReturnValue:
    """Show the draft as a customer would see it, as far as it can be read."""
    reading = reading_of(draft_of(db.session, key).definition)
    pages = Pages(current_app.jinja_env, stylesheet())
    if reading.questionnaire is None:
        title, advice = "Nothing can be shown yet", reading.problems[0].sentence
        return framed(pages, pages.plain("surveys/shut.html", title=title, advice=advice))
    language = request.args.get("language", "")
    wanted = language if language in languages_of(reading.questionnaire) else reading.questionnaire.language
    return framed(pages, survey_page(pages, in_language(reading.questionnaire, wanted)))


def survey_page(pages: Pages, questionnaire: Questionnaire) -> str:
    """Return the survey's page with the form of a questionnaire, empty."""
    workspace, scope = the_workspace(db.session), current_scope()
    facts = Facts(0, workspace.organisation, scope.name, scope.email, is_sample=False, closes_on=today())
    asked = Asked(questionnaire, questionnaire.asked_in(AskedIn.SURVEY), {})
    return pages.form(facts, asked, SAMPLE_PERSON, FormState("preview", "", {}, {}))


def framed(pages: Pages, page: str) -> Response:
    """Return a page of the survey that the editor may frame, and that cannot send anything."""
    response = Response(page)
    policy = pages.policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", "form-action 'none'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def stylesheet() -> str:
    """Return the survey's style sheet, which travels inside its page."""
    return (Path(current_app.static_folder or "") / "css" / "survey.css").read_text(encoding="utf-8")
