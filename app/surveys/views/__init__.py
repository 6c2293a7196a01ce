"""The pages of surveys: a customer's form and the way out of mails; who is invited, and what the mails say."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.error_pages import prepare_error_look
from app.core.forgery import csrf
from app.surveys.views import survey as customers
from app.surveys.views.anonymous import PREFIX as OPEN
from app.surveys.views.anonymous import anonymous
from app.surveys.views.inviting import invitations, remind, state, stop, try_mail
from app.surveys.views.texts import mail_preview, mail_text
from app.surveys.views.unsubscribing import PREFIX, show_error, unsubscribe

__all__ = ["prepare_surveys"]

READ, SEND = ("GET",), ("POST",)
PAGES: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/a/<path:token>", anonymous, READ + SEND),
    ("/u/<path:token>", unsubscribe, READ + SEND),
    ("/studies/<key>/invitations", invitations, READ + SEND),
    ("/studies/<key>/invitations/state.json", state, READ),
    ("/studies/<key>/invitations/remind", remind, SEND),
    ("/studies/<key>/invitations/stop", stop, SEND),
    ("/studies/<key>/invitations/test", try_mail, SEND),
    ("/studies/<key>/invitations/texts/<kind>/<language>", mail_text, READ + SEND),
    ("/studies/<key>/invitations/texts/<kind>/<language>/mail", mail_preview, READ),
)
"""Address, view, methods; a view's name is its endpoint."""


for address, view, methods in PAGES:
    customers.blueprint.add_url_rule(address, view_func=view, methods=methods)


def prepare_surveys(application: Flask) -> None:
    """Attach all pages; the addresses of customers have looks of their own for errors, and no cookie."""
    customers.prepare_surveys(application)
    prepare_error_look(application, PREFIX, show_error)
    prepare_error_look(application, OPEN, customers.show_error)
    csrf.exempt(f"{anonymous.__module__}.{anonymous.__name__}")
    csrf.exempt(f"{unsubscribe.__module__}.{unsubscribe.__name__}")
