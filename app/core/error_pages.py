"""What a person sees when something did not work: what happened, and what to do about it."""

import logging
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.core.errors import Missing, Refusal

log = logging.getLogger(__name__)

RETRY_SECONDS = 10
MOST_TYPED = 100
JSON = "application/json"
SECRET_WORDS = ("password", "token", "secret", "code")


class Page(NamedTuple):
    """A title, and the sentence that says what to do."""

    title: str
    advice: str


PAGES = {
    400: Page("This request could not be read", "Go back, check what was entered, and send it again."),
    401: Page("You are signed out", "Sign in again, then send the form once more."),
    403: Page("This is not yours to open", "Your role does not include this page. Ask an admin if it should."),
    404: Page("There is nothing at this address", "It may have been moved or closed, or it is not shared with you."),
    405: Page("This address works differently", "Go back and use the buttons of the page you came from."),
    413: Page("This is too large", "Send less text at once, or import large files by command."),
    429: Page("Too many attempts", "Wait a little, then try again."),
    500: Page("Something broke on our side", "Nothing you did was wrong. The fault has been recorded; try again soon."),
    503: Page(
        "The database is busy or out of reach",
        "Nothing was stored. Try again in a few seconds; what you typed stays on the page before this one.",
    ),
}
Typed = list[tuple[str, str]]
Look = Callable[[int, Page, Typed], Response]
"""Shows an error of some addresses in a look of their own: its status, its words, and what was typed."""
LOOKS = "error_looks"

FORGED = Page(
    "This form could not be trusted, so nothing was stored",
    "It was open since before you signed in, or it came from another site. Reload the page and send it again.",
)


def prepare_error_pages(application: Flask) -> None:
    """Answer every fault with a page in the look, or with JSON where that was asked for."""
    application.register_error_handler(HTTPException, show_http_error)
    application.register_error_handler(CSRFError, show_forgery)
    application.register_error_handler(Missing, show_missing)
    application.register_error_handler(Refusal, show_refusal)
    application.register_error_handler(OperationalError, show_busy)
    application.register_error_handler(PoolTimeout, show_busy)
    application.register_error_handler(DataError, show_unreadable)
    application.register_error_handler(RecursionError, show_unreadable)


def prepare_error_look(application: Flask, prefix: str, look: Look) -> None:
    """Let errors at all addresses that begin like this be shown in another look than the staff's."""
    application.extensions.setdefault(LOOKS, {})[prefix] = look


def own_look() -> Look | None:
    """Return the look of the address asked for, or None where it is the staff's."""
    looks: dict[str, Look] = current_app.extensions.get(LOOKS, {})
    return next((look for prefix, look in looks.items() if request.path.startswith(prefix)), None)


def wants_json() -> bool:
    """Tell whether JSON was asked for: by an address that ends in .json, or by a script that accepts nothing else.

    Who accepts anything, as browsers and curl do, gets the page.
    """
    if request.headers.get("Accept") == JSON:
        return True
    accepted = request.accept_mimetypes
    return request.path.endswith(".json") or accepted[JSON] > accepted["text/html"]


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show a refusal that carries its own status, keeping headers such as Allow and Retry-After."""
    if error.response is not None:
        return error.response
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "WWW-Authenticate"}}
    typed = typed_fields() if error.code in {403, 404} else None
    return error_page(error.code or 500, headers=kept, typed=typed, needs_database=error.code != 500)


def show_forgery(_error: CSRFError) -> ResponseReturnValue:
    """Explain a form that could not be trusted, and give back what was typed into it."""
    return error_page(400, FORGED, typed=typed_fields())


def show_missing(_error: Missing) -> ResponseReturnValue:
    """Show the same page for what does not exist and for what is not shared with this person."""
    return error_page(404, typed=typed_fields())


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    """Show a refusal that no view took care of, with its sentence."""
    return error_page(400, PAGES[400]._replace(advice=refusal.sentence), typed=typed_fields())


def show_unreadable(error: DataError | RecursionError) -> ResponseReturnValue:
    """Answer a value that the database cannot hold, or JSON nested too deep to read, as what it is: a bad request."""
    return error_page(400, typed=typed_fields() if isinstance(error, DataError) else None)


def show_busy(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
    """Say that the database does not answer; its message goes to the log, the values that were sent do not."""
    log.error("The database did not answer: %s", getattr(error, "orig", None) or type(error).__name__)
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return error_page(503, headers=headers, typed=typed_fields(), needs_database=False)


def error_page(
    code: int,
    page: Page | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    typed: list[tuple[str, str]] | None = None,
    needs_database: bool = True,
) -> ResponseReturnValue:
    """Return an error in the look, or as JSON where JSON was asked for."""
    shown = page or PAGES.get(code) or Page("This did not work", "Go back and try another way.")
    look = own_look()
    if look:
        response = look(code, shown, typed or [])
    elif wants_json():
        response = jsonify(error={"status": code, "title": shown.title, "advice": shown.advice})
    else:
        if not needs_database:
            g.setdefault("is_sample", False)
        response = make_response(
            render_template("errors/error.html", code=code, page=shown, typed=typed or [], back=sent_from())
        )
    response.status_code = code
    response.headers.update(headers or {})
    return response


def typed_fields() -> list[tuple[str, str]]:
    """Return what was typed into the refused form, so that it can be copied; never passwords or tokens.

    A body that is too large to be read gives nothing back.
    """
    try:
        form = request.form
    except RequestEntityTooLarge:
        return []
    return [
        (name.replace("_", " "), value)
        for name, value in form.items(multi=True)
        if value.strip() and not any(word in name.lower() for word in SECRET_WORDS)
    ][:MOST_TYPED]


def sent_from() -> str | None:
    """Return the address to go back to, where the refused request was a form."""
    return (
        request.path
        if request.method == "POST" and request.url_rule and "GET" in (request.url_rule.methods or ())
        else None
    )
