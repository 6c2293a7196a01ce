"""The web glue that every page stands on: cookies, size limits, headers, error pages, logs, and the shell's facts."""

from collections.abc import Callable
from contextvars import Token
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
from werkzeug.wrappers import Request

from app.core.config import Settings
from app.core.database import db, is_reading
from app.core.display import FILTERS
from app.core.error_pages import prepare_error_pages
from app.core.headers import prepare_headers
from app.core.health_check import blueprint
from app.core.logs import prepare_logs
from app.core.words import capital, in_words, label
from app.core.workspace import the_workspace

BODY_BYTES = 1_000_000
FORM_FIELDS = 2_000
UPLOAD_BYTES = 16_000_000
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TAKES = "__takes_bytes__"

READS_FIRST = "__reads_first__"

View = TypeVar("View", bound=Callable[..., Any])


def takes_uploads(view: View) -> View:
    """Declare that a view takes bodies as large as an upload; every other address takes 1 MB."""
    setattr(view, TAKES, UPLOAD_BYTES)
    return view


def reads_first(view: View) -> View:
    """Declare that a view that stores something reads before that, and stores inside `writing`.

    On SQLite it holds the only write lock for as long as it writes, not from the look at the cookie on.
    """
    setattr(view, READS_FIRST, True)
    return view


def prepare_web(application: Flask) -> None:
    """Set up what every request needs, whoever sends it. Call it before anything else that looks at requests."""
    settings: Settings = application.config["SETTINGS"]
    application.config.update(
        SESSION_COOKIE_NAME="__Host-parallax" if settings.is_secure else "parallax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES,
        MAX_FORM_PARTS=FORM_FIELDS,
    )
    prepare_logs(application)
    prepare_headers(application)
    prepare_error_pages(application)
    prepare_reading(application)
    application.before_request(widen_limit)
    prepare_static_versions(application)
    application.jinja_env.filters.update(FILTERS, label=label, in_words=in_words, capital=capital)
    application.before_request(refuse_nul)
    application.context_processor(lambda: {"is_sample": is_sample})
    application.register_blueprint(blueprint)


def prepare_reading(application: Flask) -> None:
    """Mark requests that only read, so that on SQLite they wait for nobody's write lock."""

    @application.before_request
    def start() -> None:
        view = application.view_functions.get(request.endpoint or "")
        g.reading = is_reading.set(request.method in READING or hasattr(view, READS_FIRST))

    @application.teardown_request
    def finish(_error: BaseException | None) -> None:
        token: Token[bool] | None = g.pop("reading", None)
        if token is not None:
            is_reading.reset(token)


def widen_limit() -> None:
    """Raise the limit of a body for a view that takes uploads, before anything looks at the form."""
    limit = declared_limit()
    if limit is not None:
        request.max_content_length = limit


def prepare_uploads(application: Flask) -> None:
    """Let go of the database before an upload is read, however slowly it arrives.

    Call it after access is guarded and before anything reads a form: the guard's transaction would hold the write lock
    of SQLite until the last byte is here.
    """

    @application.before_request
    def let_go() -> None:
        if declared_limit() is not None:
            db.session.commit()


def declared_limit() -> int | None:
    """Return how large a body the view of this request declares to take; None means as large as everywhere."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, TAKES, None)


def prepare_static_versions(application: Flask) -> None:
    """Give the address of every static file its version, so that browsers may keep it until it changes."""
    folder = Path(application.static_folder or "")

    @application.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        path = folder / values.get("filename", "")
        if endpoint == "static" and path.is_file():
            values.setdefault("v", f"{path.stat().st_mtime_ns // 1_000_000:x}")


def refuse_nul() -> None:
    """Refuse addresses with a NUL: no name here has one, and PostgreSQL cannot even look for it."""
    if "\0" in request.path or (request.query_string and has_nul(request)):
        abort(400)


def has_nul(asked: Request) -> bool:
    """Tell whether a value behind the question mark holds a NUL."""
    return any("\0" in value for value in asked.args.values())


def is_sample() -> bool:
    """Tell whether this workspace shows sample data; asked once per request."""
    if "is_sample" not in g:
        g.is_sample = the_workspace(db.session).is_sample
    return bool(g.is_sample)
