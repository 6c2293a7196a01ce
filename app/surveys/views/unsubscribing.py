"""The way out of our mails: one page, one button, no sign-in and no question (RFC 8058)."""

from typing import Any

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.core.clock import now
from app.core.database import db, turn_to_write
from app.core.error_pages import RETRY_SECONDS, Page
from app.studies.rules.budget import Stop
from app.studies.rules.links import is_token
from app.surveys.leaving import FIELD, ONE_CLICK
from app.surveys.limits import seconds_to_wait
from app.surveys.queries.mails import unsubscriber
from app.surveys.rules.tongues import chosen_language
from app.surveys.rules.words import leave_words
from app.surveys.services.unsubscribing import unsubscribe as stop_mails
from app.surveys.tongue import spoken_languages
from app.surveys.views.replies import pages, reply
from app.users.policy import public
from app.users.rules.sign_ins import token_sha256

PREFIX = "/u/"


@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the one button, or stop all mails to the person whose link this is."""
    # The form is read before the database is asked: on SQLite a slow sender would hold the only write lock.
    is_meant = request.method == "POST" and request.form.get(FIELD) == ONE_CLICK
    with turn_to_write():
        found = opened(token)
        if request.method == "POST" and not is_meant:
            abort(error_reply(400))
        if is_meant:
            stop_mails(db.session, contact_id=found.contact_id, study_key=found.study, at=now())
            db.session.commit()
    is_gone = is_meant or found.stop == Stop.UNSUBSCRIBED
    page = pages().plain(
        "surveys/unsubscribe.html", spoken_to(found.language), who=found, is_gone=is_gone, field=FIELD, value=ONE_CLICK
    )
    return reply(page)


def spoken_to(language: str | None = None) -> str:
    """Return the language of a person, else of their browser, as far as the pages speak it."""
    return chosen_language(spoken_languages(), (language, *request.accept_languages.values()))


def opened(token: str) -> Row[Any]:
    """Return whom a link belongs to; one that does not exist is 404, and who tries many of them is asked to wait."""
    found = unsubscriber(db.session, token_sha256(token)) if is_token(token) else None
    if found is None:
        db.session.rollback()
        wait = seconds_to_wait()
        if wait:
            abort(error_reply(429, {"Retry-After": str(wait)}))
        abort(error_reply(404))
    return found


def show_error(status: int, _page: Page, _typed: list[tuple[str, str]]) -> Response:
    """Return an error that arose before or beside the view, in the survey's look."""
    return error_reply(status, {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None)


def error_reply(status: int, headers: dict[str, str] | None = None) -> Response:
    """Return a page in the survey's look that needs no database."""
    return reply(pages().plain("surveys/shut.html", spoken_to(), words=leave_words(status)), status, headers)
