"""How the cookie of a session is read."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SessionCookies(SecureCookieSessionInterface):
    """Reads and writes cookies as Flask does, of one application, whose signing is prepared once."""

    _signing: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookies; the secret never changes while the application runs."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing
