"""How a survey's pages are answered: in their own look and language, under their own policy, compressed."""

import gzip
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import Row

from app.core.error_pages import RETRY_SECONDS
from app.surveys.pages import Pages, Written, host_of, writable
from app.surveys.rules.doors import STATUS, Shut
from app.surveys.rules.forms import FORM_KEY
from app.surveys.rules.tongues import chosen_language
from app.surveys.rules.words import error_words, shut_words
from app.surveys.tongue import spoken_languages

QUICKLY = 1
"""How hard gzip tries: trying harder saves a tenth, and would take as long as all the rest of the page."""
RETRY = {"Retry-After": str(RETRY_SECONDS)}
LANGUAGE = "lang"
"""What names a language in an address."""


def error_reply(
    status: int, typed: list[tuple[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a page in the survey's look that needs no database; what was typed stands on it."""
    shown = [(name, writable(value)) for name, value in typed or () if name != FORM_KEY]
    hidden = [(name, value) for name, value in typed or () if name == FORM_KEY]
    language = chosen_language(spoken_languages(), request.accept_languages.values())
    page = pages().plain(
        "surveys/shut.html", language, words=error_words(status), typed=shown, hidden=hidden, resend=status == 503
    )
    return reply(page, status, headers or (RETRY if status == 503 else None))


def reply(page: Written, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page under its own policy, compressed for browsers that take that."""
    response = Response(page.html, status, headers)
    response.headers["Content-Security-Policy"] = page.policy
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(page.html.encode(), QUICKLY, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def shut_reply(door: Row[Any], shut: Shut) -> Response:
    """Return the page of a link that does not open now, in the visitor's language."""
    closed_on = min(door.closed_at.date(), door.closes_on) if door.closed_at else door.closes_on
    words = shut_words(shut, opens_on=door.opens_on, closed_on=closed_on)
    wishes = (request.args.get(LANGUAGE), door.answered_in, door.language, *request.accept_languages.values())
    language = chosen_language(spoken_languages(), wishes)
    return reply(pages().plain("surveys/shut.html", language, words=words, host=host_of(door)), STATUS[shut])


def pages() -> Pages:
    """Return the pages of this application."""
    found: Pages = current_app.extensions["survey_pages"]
    return found
