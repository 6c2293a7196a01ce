"""The one place that decides access: every view declares what it needs, and what declares nothing is refused."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.core.error_pages import Page, error_page, typed_fields, wants_json
from app.users.queries import scope_of
from app.users.rules import Permission, Role, Scope
from app.users.rules.present import Present
from app.users.session import load_person

__all__ = ["Permission", "Role", "Scope", "access", "current_scope", "prepare_guard", "public", "scope_of", "signed_in"]

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

DECLARED = "__access__"
PUBLIC = "public"
SIGNED_IN = "signed in"

PUBLIC_ENDPOINTS = frozenset({"static", "health_check.healthz"})
"""Open to everyone, though their code lies below this module and cannot declare it."""

SET_UP = "users.second_factor"
"""The one page behind the sign-in that opens before a required second factor is set up."""

SET_UP_FIRST = Page(
    "Set up your second factor first",
    "Your role needs one since a moment ago, so nothing was stored. Set it up, then send the form once more.",
)


def access(permission: Permission | str) -> Callable[[View], View]:
    """Declare that a view needs a permission, such as `reports:read`. How far it reaches is for the queries."""
    return _declare(Permission(permission))


def public(view: View) -> View:
    """Declare that everyone may open a view."""
    return _declare(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Declare that everyone who is signed in may open a view, whatever their role."""
    return _declare(SIGNED_IN)(view)


def _declare(needed: str) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, DECLARED, needed)
        return view

    return declare


def declared_access(application: Flask, endpoint: str) -> str | None:
    """Return what an endpoint declares: public, signed in, a permission, or nothing."""
    if endpoint in PUBLIC_ENDPOINTS:
        return PUBLIC
    return getattr(application.view_functions[endpoint], DECLARED, None)


def prepare_guard(application: Flask) -> None:
    """Ask the guard before every view, and let templates see who is signed in."""
    application.before_request(guard)
    application.context_processor(lambda: {"person": g.get("scope")})


def guard() -> ResponseReturnValue | None:
    """Let a request pass to its view, or refuse it; runs before any form is looked at.

    Addresses that do not exist, and methods that an address does not know, are left to the router's 404 and 405.
    """
    if request.endpoint is None or request.url_rule is None:
        return None
    needed = declared_access(current_app, request.endpoint)
    if needed == PUBLIC:
        return None
    if needed is None:
        log.error("%s declares no access and is refused", request.endpoint)
        abort(403)
    person = caller()
    if person is None:
        return ask_to_sign_in()
    g.scope = scope = person.scope
    if request.endpoint != SET_UP and person.lacks_factor:
        return ask_to_set_up()
    if needed != SIGNED_IN and not scope.can(Permission(needed)):
        abort(403)
    return None


def caller() -> Present | None:
    """Return who asks, or None for someone who is not signed in; whoever has just signed in is looked up by that.

    What Flask-Login would ask beside its own key (where the browser is, a cookie that is never set) is not looked at.
    """
    key = session.get("_user_id")
    return None if key is None else load_person(key)


def current_scope() -> Scope:
    """Return the scope of the signed-in caller; views behind `access` or `signed_in` always have one."""
    scope: Scope = g.scope
    return scope


def ask_to_sign_in() -> ResponseReturnValue:
    """Send someone who is not signed in to the sign-in page and back; typed text is shown, never dropped."""
    if wants_json() or request.method not in {"GET", "HEAD"}:
        return error_page(401, typed=typed_fields())
    return redirect(url_for("users.sign_in", next=this_address()))


def ask_to_set_up() -> ResponseReturnValue:
    """Send someone whose role must have a second factor to its page and back; typed text is shown, never dropped."""
    if wants_json() or request.method not in {"GET", "HEAD"}:
        return error_page(403, SET_UP_FIRST, typed=typed_fields())
    return redirect(url_for(SET_UP, next=this_address()))


def this_address() -> str | None:
    """Return the address that was asked for, with its query; None for the start, where people land anyway."""
    query = request.query_string.decode("ascii", "replace")
    here = quote(request.path) + (f"?{query}" if query else "")
    return None if here == "/" else here
