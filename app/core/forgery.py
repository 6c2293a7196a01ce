"""Forged forms are refused: every unsafe request needs our own Origin and the token of its own session."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect

HEADER, FIELD = "X-CSRFToken", "csrf_token"
MOST_KEPT = 1_000
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

csrf = CSRFProtect()


def prepare_forgery_check(application: Flask) -> None:
    """Check every unsafe request. Call it after access is guarded, so that access is decided first.

    The token lives as long as its session, so that a form left open over lunch can still be sent. Flask-WTF's own
    look at the Referer is off: it needs to know whether the browser came by https, which only a proxy in front knows.
    """
    application.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_CHECK_DEFAULT=False)
    application.before_request(refuse_foreign_forms)
    csrf.init_app(application)
    application.before_request(refuse_forged_forms)


def refuse_foreign_forms() -> None:
    """Refuse an unsafe request whose Origin, or Referer where there is no Origin, is another site's."""
    if request.method not in UNSAFE:
        return
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source and not is_own(source, request.host, current_app.config["SETTINGS"].base_url):
        raise CSRFError("The form came from another address than this one.")


def refuse_forged_forms() -> None:
    """Refuse an unsafe request without the token of its session.

    A page that saves as its fields are typed in sends the same token each time. Found good once it stays so for as long
    as it is its session's, because it has no time limit: then its signature is not worked out again.
    """
    if request.method not in UNSAFE:
        return
    tokens = request.headers.get(HEADER, ""), session.get(FIELD, "")
    if tokens in _found_good:
        return
    csrf.protect(apply_exemptions=True)
    if g.get("csrf_valid") and all(tokens) and FIELD not in request.form:
        if len(_found_good) >= MOST_KEPT:
            _found_good.clear()
        _found_good.add(tokens)


_found_good: set[tuple[str, str]] = set()
"""Tokens that were sent in the header, each with the secret of the session that it was found to be signed for."""


def is_own(source: str, host: str, base_url: str) -> bool:
    """Tell whether an Origin or Referer names this site: the base address, or the host that was asked.

    The scheme of the host that was asked is not compared: behind a proxy we are reached by http while the browser
    uses https.
    """
    try:
        site = urlsplit(source)
    except ValueError:
        return False
    own = urlsplit(base_url)
    return (site.scheme, site.netloc) == (own.scheme, own.netloc) or (
        site.scheme in {"http", "https"} and site.netloc == host
    )
