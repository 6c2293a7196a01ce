"""A second factor for the tests: whose it is, and the code that the app would show."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import now
from app.users.models import SecondFactor, User
from app.users.queries import user_by_email
from app.users.rules.second_factor import authenticator
from app.users.services.second_factors import set_up_factor
from tests.users.people import LEADER, PASSWORD, changing, token_in

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
ZERO = timedelta(0)


def code_of(key: str, later: timedelta = ZERO) -> str:
    """Return what the app shows now, or some time later."""
    return str(authenticator(key).generate(now() + later).token)


def wrong_code(key: str) -> str:
    """Return six digits that no step around now has."""
    near = {code_of(key, timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(digits for digits in map("{:06}".format, range(10)) if digits not in near)


def known(session: Session, email: str = LEADER) -> User:
    """Return a person who is there."""
    person = user_by_email(session, email)
    assert person is not None
    return person


def give_factor(application: Flask, email: str = LEADER) -> list[str]:
    """Set up a person's second factor as if some time ago, and return the recovery codes."""
    with changing(application) as session:
        codes = set_up_factor(
            session, user=known(session, email), key=KEY, code=code_of(KEY), secret=str(application.secret_key)
        )
        session.execute(update(SecondFactor).values(last_step=0))
    return codes


def send_password(browser: FlaskClient, email: str = LEADER, **environ: str) -> TestResponse:
    """Send the right password."""
    form = {"csrf_token": token_in(browser.get("/sign-in", environ_base=environ).text), "next": "/studies"}
    return browser.post("/sign-in", data={**form, "email": email, "password": PASSWORD}, environ_base=environ)


def send_code(browser: FlaskClient, code: str, **environ: str) -> TestResponse:
    """Send a code after the password."""
    form = {"csrf_token": token_in(browser.get("/sign-in/code?next=/studies", environ_base=environ).text)}
    return browser.post("/sign-in/code", data={**form, "code": code, "next": "/studies"}, environ_base=environ)
