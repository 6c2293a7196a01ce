"""How the cookie of a session is read."""

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.core.clock import now

MOST_KEPT = 1_000


class SessionCookies(SecureCookieSessionInterface):
    """Reads and writes the cookies of one application as Flask does, and checks the signature of each but once.

    A page that saves as its fields are typed in sends the same cookie each time; how old it is counts every time.
    """

    def __init__(self) -> None:
        """Begin without a signer, whose secret is known when the first cookie comes."""
        self._signer: URLSafeTimedSerializer | None = None
        self._read: dict[str, tuple[float, str]] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookies; the secret never changes while the application runs."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a request; what is no cookie of ours, or is too old, opens an empty one."""
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
        signer = self.get_signing_serializer(app)
        if not cookie or signer is None:
            return super().open_session(app, request)
        lifetime = int(app.permanent_session_lifetime.total_seconds())
        signed_at, said = self._read.get(cookie) or (None, "")
        if signed_at is not None and 0 <= now().timestamp() - signed_at <= lifetime:
            return self.session_class(self.serializer.loads(said))
        try:
            values, signed = signer.loads(cookie, max_age=lifetime, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        self._keep(cookie, signed.timestamp(), values)
        return self.session_class(values)

    def _keep(self, cookie: str, signed_at: float, values: dict[str, Any]) -> None:
        if len(self._read) >= MOST_KEPT:
            self._read.clear()
        self._read[cookie] = (signed_at, self.serializer.dumps(values))
