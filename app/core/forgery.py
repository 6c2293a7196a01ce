"""Forged forms are refused: every unsafe request needs our own Origin and the token of its own session."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

csrf = CSRFProtect()


def prepare_forgery_check(application: Flask) -> None:
    """Check every unsafe request. Call it after access is guarded, so that access is decided first.

    The token lives as long as its session, so that a form left open over lunch can still be sent. Flask-WTF's own
    look at the Referer is off: it needs to know whether the browser came by https, which only a proxy in front knows.
    """
    application.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    application.before_request(refuse_foreign_forms)
    csrf.init_app(application)


def refuse_foreign_forms() -> None:
    """Refuse an unsafe request whose Origin, or Referer where there is no Origin, is another site's."""
    if request.method not in UNSAFE:
        return
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source and not is_own(source, request.host, current_app.config["SETTINGS"].base_url):
        raise CSRFError("The form came from another address than this one.")


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
