"""`flask study invite`, `study remind` and `mail send`."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.surveys.mailed import invitations, with_settings
from tests.surveys.test_views_inviting import add_pulse


@pytest.fixture
def world(application: Flask, fill: Fill) -> Flask:
    fill(add_pulse)
    with_settings(application)
    return application


def said(runner: FlaskCliRunner, *words: str) -> Any:
    result = runner.invoke(args=[*words, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.usefixtures("world")
def test_from_looking_to_reminding(runner: FlaskCliRunner, session: Session) -> None:
    session.rollback()
    expected = {"study": "pulse", "kind": "invitation", "mails": 2, "held_back": {"consent": 1}, "dry_run": True}
    assert said(runner, "study", "invite", "pulse", "--dry-run") == expected
    assert invitations(session) == []
    session.rollback()
    assert said(runner, "study", "invite", "pulse") == expected | {"dry_run": False}
    assert said(runner, "study", "invite", "pulse")["mails"] == 0
    assert said(runner, "mail", "send") == {"mails": {"sent": 2}, "due": 0}
    assert said(runner, "mail", "send") == {"mails": {}, "due": 0}
    assert said(runner, "study", "remind", "pulse")["held_back"] == {"consent": 1, "mailed_lately": 2}
    session.execute(sa.text("UPDATE invitation SET sent_at = '2026-01-05 09:00:00'"))
    session.commit()
    assert said(runner, "study", "remind", "pulse")["mails"] == 2
    text = runner.invoke(args=["study", "remind", "pulse", "--dry-run"])
    assert text.stdout.splitlines()[0] == "0 would get the reminder, 3 held back."


def test_a_server_that_is_away_is_status_one(world: Flask, runner: FlaskCliRunner, session: Session) -> None:
    session.rollback()
    said(runner, "study", "invite", "pulse")
    with_settings(world, mail_url="smtp://127.0.0.1:9?timeout=2")
    result = runner.invoke(args=["mail", "send", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"mails": {}, "due": 2}


@pytest.mark.usefixtures("world")
def test_what_cannot_be_invited_is_refused(runner: FlaskCliRunner, session: Session) -> None:
    assert runner.invoke(args=["study", "invite", "nope"]).exit_code == 1
    session.execute(sa.text("UPDATE study SET drawn_at = NULL"))
    session.commit()
    refused = runner.invoke(args=["study", "invite", "pulse"])
    assert refused.exit_code == 1
    assert "has not been drawn yet" in refused.stderr
