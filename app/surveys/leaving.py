"""The way out of a mail: what its one button sends, and what a link that does not exist is answered."""

from typing import NoReturn

from flask import abort, request

from app.core.database import db
from app.surveys.limits import seconds_to_wait

FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"
"""What a mail programme sends, and what the page's button sends too (RFC 8058, 3.2)."""


def is_meant() -> bool:
    """Tell whether the request presses the button.

    Ask before the database is: on SQLite somebody who sends slowly would hold the only write lock.
    """
    return request.method == "POST" and request.form.get(FIELD) == ONE_CLICK


def refuse_other_posts(*, meant: bool) -> None:
    """Answer whatever else is sent to a way out with 400."""
    if request.method == "POST" and not meant:
        abort(400)


def no_such_link() -> NoReturn:
    """Answer a link that does not exist with 404; who tries many of them has to wait."""
    db.session.rollback()
    abort(429 if seconds_to_wait() else 404)
