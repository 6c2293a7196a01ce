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
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.examples import PERSON, example_facts
from app.questionnaires.rules.languages import in_language, languages_of
from app.questionnaires.rules.route import Route
from app.surveys.pages import FormState, Host, Pages, Written, leaf_of
from app.surveys.queries import Asked
from app.surveys.rules.shown import pages as shown_pages
from app.surveys.rules.words import Words
from app.users.policy import Permission, access, current_scope


@blueprint.get("/questionnaires/<key>/preview")
@access(Permission.STUDIES)
def preview(key: str) -> ResponseReturnValue:
    """Show the draft as a customer would see it, as far as it can be read."""
    reading = reading_of(draft_of(db.session, key).definition)
    pages = Pages(current_app.jinja_env, stylesheet())
    if reading.questionnaire is None:
        words = Words("Nothing can be shown yet", escaped(reading.problems[0].sentence))
        return framed(pages.plain("surveys/shut.html", words=words))
    language = request.args.get("language", "")
    wanted = language if language in languages_of(reading.questionnaire) else reading.questionnaire.language
    return framed(survey_page(pages, in_language(reading.questionnaire, wanted)))


def survey_page(pages: Pages, questionnaire: Questionnaire) -> Written:
    """Return one page of the survey with the form of a questionnaire, empty; `page` in the address counts from 1."""
    workspace, scope = the_workspace(db.session), current_scope()
    host = Host(0, workspace.organisation, scope.name, scope.email, is_sample=False, closes_on=today())
    shown = shown_pages(Route(questionnaire, example_facts(questionnaire), {}))
    number = request.args.get("page", "1")
    wanted = int(number) - 1 if number.isdecimal() and len(number) < 4 else 0
    leaf = leaf_of(shown, max(0, min(wanted, len(shown) - 1)))
    asked = Asked(questionnaire, {}, tuple(languages_of(questionnaire)))
    return pages.form(host, asked, leaf, PERSON, FormState("preview", "", {}, {}))


def escaped(sentence: str) -> str:
    """Return a sentence in which braces stand for themselves."""
    return sentence.replace("{", "{{").replace("}", "}}")


def framed(page: Written) -> Response:
    """Return a page of the survey that the editor may frame, and that cannot send anything."""
    response = Response(page.html)
    policy = page.policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", "form-action 'none'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def stylesheet() -> str:
    """Return the survey's style sheet, which travels inside its page."""
    return (Path(current_app.static_folder or "") / "css" / "survey.css").read_text(encoding="utf-8")
