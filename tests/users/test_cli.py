"""The commands about people."""

import json

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from app.users.models import AuditEvent, User
from app.users.rules.roles import matrix
from tests.conftest import Fill
from tests.users.people import PASSWORD, changing, populate, sign_in

ALICE = "alice@parallax.test"


def create(runner: FlaskCliRunner, email: str = ALICE, role: str = "leader", password: str = PASSWORD) -> Result:
    command = ["user", "create", email, "--role", role, "--name", "Alice", "--password-stdin", "--json"]
    return runner.invoke(args=command, input=f"{password}\n")


def test_a_login_is_created_and_can_sign_in(application: Flask, runner: FlaskCliRunner) -> None:
    done = create(runner)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"email": ALICE, "name": "Alice", "roles": ["leader"], "active": True}
    assert sign_in(application, ALICE).get("/studies").status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        pytest.param({"email": "nothing"}, 1, "not an e-mail address", id="no-address"),
        pytest.param({"password": "short"}, 1, "12 to 128", id="weak-password"),
        pytest.param({"password": ""}, 1, "no password", id="no-password"),
        pytest.param({"role": "boss"}, 2, "boss", id="unknown-role"),
    ],
)
def test_a_login_is_refused(
    application: Flask, runner: FlaskCliRunner, change: dict[str, str], status: int, words: str
) -> None:
    done = create(runner, **change)
    assert done.exit_code == status
    assert words in done.stderr
    assert done.stdout == ""
    with changing(application) as session:
        assert session.scalars(select(User)).all() == []


def test_nobody_is_created_twice(runner: FlaskCliRunner) -> None:
    create(runner)
    again = create(runner, email=ALICE.upper())
    assert again.exit_code == 1
    assert "already" in again.stderr


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        pytest.param(["user", "disable", ALICE], None, id="disable"),
        pytest.param(["user", "role", ALICE, "--role", "viewer"], None, id="role"),
        pytest.param(["user", "password", ALICE, "--password-stdin"], "another quiet otter swims\n", id="password"),
    ],
)
def test_a_command_signs_out_at_the_next_request(
    application: Flask, runner: FlaskCliRunner, fill: Fill, command: list[str], typed: str | None
) -> None:
    fill(populate)
    browser = sign_in(application, ALICE)
    done = runner.invoke(args=command, input=typed)
    assert done.exit_code == 0, done.output
    assert ALICE in done.stdout
    assert browser.get("/studies").status_code == 302


def test_commands_are_audited(application: Flask, runner: FlaskCliRunner) -> None:
    create(runner)
    runner.invoke(args=["user", "disable", ALICE])
    with changing(application) as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "user")).all()
        assert [(line.action, line.actor_id) for line in lines] == [("user.created", None), ("user.disabled", None)]


def test_somebody_unknown_is_refused(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["user", "disable", "nobody@parallax.test", "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Nobody signs in as" in done.stderr


def test_the_matrix_is_printed(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["policy", "matrix"]).stdout.strip() == matrix()
    document = json.loads(runner.invoke(args=["policy", "matrix", "--json"]).stdout)
    assert document["studies:manage"] == {"admin": "✔", "leader": "own studies", "csm": None, "viewer": None}


def test_the_log_is_verified(application: Flask, runner: FlaskCliRunner) -> None:
    create(runner)
    assert json.loads(runner.invoke(args=["audit", "verify", "--json"]).stdout)["events"] >= 1
    with changing(application) as session:
        session.execute(update(AuditEvent).where(AuditEvent.action == "user.created").values(action="user.forged"))
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "was changed" in broken.stderr
