"""Default deny, and SECURITY.md says what the code does."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask

from app.users.policy import PUBLIC, SIGNED_IN, Permission, access, declared_access, public, signed_in
from app.users.rules.roles import matrix
from tests.conftest import Fill
from tests.users.people import ADMIN, LEADER, populate, sign_in

ROOT = Path(__file__).resolve().parents[2]


def add_probe(application: Flask) -> None:
    """Add views that declare what the product has none of yet."""
    probe = Blueprint("probe", __name__)
    probe.get("/probe/undeclared")(lambda: "in")
    probe.get("/probe/users", endpoint="users")(access("users:manage")(lambda: "in"))
    probe.route("/probe/users", methods=["POST"], endpoint="change")(access(Permission.USERS)(lambda: "in"))
    probe.get("/probe/me", endpoint="me")(signed_in(lambda: "in"))
    probe.get("/probe/all", endpoint="all")(public(lambda: "in"))
    probe.get("/probe/data.json", endpoint="data")(access("reports:read")(lambda: "in"))
    application.register_blueprint(probe)


@pytest.fixture
def probed(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, and the probing views."""
    add_probe(application)
    fill(populate)
    return application


def test_a_view_that_declares_nothing_is_refused_to_admins_too(probed: Flask) -> None:
    assert sign_in(probed, ADMIN).get("/probe/undeclared").status_code == 403
    assert probed.test_client().get("/probe/undeclared").status_code == 403


def test_declarations_are_read_by_endpoint(probed: Flask) -> None:
    endpoints = ("probe.users", "probe.me", "probe.all", "static", "health_check.healthz")
    declared = [declared_access(probed, endpoint) for endpoint in endpoints]
    assert declared == [Permission.USERS, SIGNED_IN, PUBLIC, PUBLIC, PUBLIC]


@pytest.mark.parametrize(
    ("email", "address", "status"),
    [
        pytest.param(None, "/probe/all", 200, id="public-for-anyone"),
        pytest.param(None, "/probe/me", 302, id="signed-in-asks-anyone-to-sign-in"),
        pytest.param(None, "/probe/data.json", 401, id="data-says-401"),
        pytest.param(LEADER, "/probe/me", 200, id="signed-in"),
        pytest.param(LEADER, "/probe/users", 403, id="without-permission"),
        pytest.param(ADMIN, "/probe/users", 200, id="with-permission"),
        pytest.param(LEADER, "/probe/data.json", 200, id="data"),
    ],
)
def test_the_guard_decides(probed: Flask, email: str | None, address: str, status: int) -> None:
    browser = sign_in(probed, email) if email else probed.test_client()
    assert browser.get(address).status_code == status
    assert browser.head(address).status_code == status


def test_access_is_decided_before_the_form_is_looked_at(probed: Flask) -> None:
    assert sign_in(probed, LEADER).post("/probe/users", data={"csrf_token": "wrong"}).status_code == 403
    assert probed.test_client().post("/probe/users", data={"csrf_token": "wrong"}).status_code == 401
    assert sign_in(probed, ADMIN).post("/probe/users", data={"csrf_token": "wrong"}).status_code == 400


def test_a_token_in_a_header_signs_nobody_in(probed: Flask) -> None:
    headers = {"Authentication-Token": "x", "Authorization": "Bearer x"}
    assert probed.test_client().get("/probe/me?auth_token=x", headers=headers).status_code == 302


def test_unknown_permissions_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="studies:raed"):
        access("studies:raed")


def test_security_md_shows_the_matrix_of_the_code() -> None:
    assert matrix() in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
