"""A copy of everything about a person: what they said in the questionnaire's words, and no key to anything."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.settings.services import change_consent
from app.users.models import User
from tests.conftest import Fill
from tests.subjects.marked import EARLIER, EMAIL, MARK, NAME, WORDS, add_marked
from tests.surveys.asked import GOOD, Customer
from tests.surveys.mailed import send_due, with_settings
from tests.users.people import changing


@pytest.fixture
def copy(application: Flask, fill: Fill, runner: FlaskCliRunner, tmp_path: Path) -> dict[str, Any]:
    """The copy for the marked person, who answered below the second text about data."""
    token = fill(add_marked)
    with changing(application) as session:
        change_consent(session, texts={"en": "{organisation} keeps it."})
        session.add(User(email=EMAIL.lower(), name="Staff too", fs_uniquifier="x"))
    with_settings(application)
    send_due(application)
    assert Customer(application.test_client(), f"/s/{token}").send(GOOD).status_code == 200
    path = tmp_path / "copy.json"
    done = runner.invoke(args=["subject", "export", EMAIL.upper(), "--out", str(path), "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {"contacts": 5, "responses": 3, "file": str(path)}
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_a_copy_tells_all_of_it(copy: dict[str, Any]) -> None:
    assert {each["name"] for each in copy["contacts"]} == {NAME}
    assert copy["contacts"][0]["custom"] == {"nickname": f"{MARK}custom"}
    assert {each["key"] for each in copy["studies"]} == {"q1", "pulse", "talks"}
    assert next(each["voice"] for each in copy["studies"] if each["key"] == "q1") is not None
    assert sorted(each["sent_at"] is None for each in copy["invitations"]) == [False, True]
    assert [(each["channel"], each["participated"], each["summary"]) for each in copy["conversations"]] == [
        ("call", False, f"{MARK}talked")
    ]
    assert len(copy["interviews"]) == 2
    assert len(copy["mails_in_outbox"]) == 1
    assert copy["logins"] == [EMAIL.lower()]
    scored, interviewed, surveyed = copy["responses"]
    assert {each["value"] for each in scored["answers"]} >= {WORDS, EARLIER, 2.0}
    recommend = next(each for each in surveyed["answers"] if each["question"] == "recommend")
    assert (recommend["value"], recommend["answer"]) == (9.0, "9 of 10")
    assert recommend["text"].startswith("How likely")
    assert surveyed["told_about_data"] == {"version": 1, "text": "{organisation} keeps it."}
    assert scored["told_about_data"] is None
    assert {each["note"] for each in interviewed["remarks"]} == {f"{MARK}note", f"{MARK}note2"}
    assert interviewed["sent"][0]["reason"] == f"{MARK}reason"


def test_a_copy_opens_nothing(copy: dict[str, Any]) -> None:
    told = json.dumps(copy)
    assert "nonce" not in told
    assert "sha256" not in told
    assert "Staff too" not in told


def test_a_copy_goes_to_standard_output_too(copy: dict[str, Any], runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["subject", "export", EMAIL, "--json"])
    assert {**json.loads(done.stdout), "made_at": ""} == {**copy, "made_at": ""}
