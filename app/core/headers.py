"""Security headers on every answer, and which answers may be kept by a cache."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, request

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
PERMISSIONS = ("camera", "geolocation", "microphone", "payment", "usb")

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{directive} {source}" for directive, source in SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Lines = list[tuple[str, str]]
ONE_YEAR = "max-age=31536000"
ONE_DAY = "max-age=86400"


def prepare_headers(application: Flask) -> None:
    """Put the headers on every answer; browsers that reached us by https are told to keep to it.

    They are put on last, behind Flask, whose own lists of headers read each of them twice again.
    """
    lines = list(HEADERS.items())
    if application.config["SETTINGS"].is_secure:
        lines.append(("Strict-Transport-Security", ONE_YEAR))
    inside = application.wsgi_app

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Lines, *error: Any) -> Callable[[bytes], object]:
            given = {name for name, _ in headers}
            return start_response(status, headers + [line for line in lines if line[0] not in given], *error)

        return inside(environ, start)

    application.wsgi_app = answer  # type: ignore[method-assign]

    @application.after_request
    def say_how_long(response: Response) -> Response:
        response.headers["Cache-Control"] = caching(response)
        return response


def caching(response: Response) -> str:
    """Return how long an answer may be kept: a static file whose address carries its version for ever, a page never."""
    if request.endpoint != "static" or response.status_code not in {200, 304}:
        return "no-store"
    if "v" in request.args:
        return f"public, {ONE_YEAR}, immutable"
    return f"public, {ONE_DAY}" if request.path.endswith(".woff2") else "no-cache"
