"""What holds for every request: headers, size limits, forged forms, faults, logs."""

import json
import logging
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError

from app import create_app
from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, is_reading
from app.core.error_pages import PAGES
from app.core.errors import Missing, Refusal
from app.core.forgery import is_own
from app.core.health_check import worker_state
from app.core.logs import JsonLines, redacted
from app.core.workspace import Workspace
from app.users.policy import PUBLIC_ENDPOINTS, public
from tests.users.people import changing, token_in

BASE = "http://localhost"


@public
def fail() -> str:
    kind = request.args["kind"]
    faults: dict[str, Exception] = {
        "busy": OperationalError("SELECT secret", {"x": "private"}, Exception("database is locked")),
        "data": DataError("INSERT", {"x": "private"}, Exception("value out of range")),
        "missing": Missing("There is no such thing."),
        "refused": Refusal("That cannot be done on a Sunday."),
        "broken": RuntimeError("private details"),
    }
    raise faults[kind]


@public
def echo() -> str:
    return f"{is_reading.get()}"


@pytest.fixture
def probed(application: Flask) -> Flask:
    """An application with views that fail on demand, answering as in production."""
    for address in ("/fail", "/fail.json"):
        application.add_url_rule(address, endpoint=address, view_func=fail, methods=["GET", "POST"])
    application.add_url_rule("/echo", view_func=echo, methods=["GET", "POST"])
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


def test_every_answer_carries_the_headers(probed: Flask) -> None:
    browser = probed.test_client()
    for address in ("/sign-in", "/healthz", "/nope", "/static/css/parallax.css", "/fail?kind=broken", "/studies"):
        headers = browser.get(address, buffered=True).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for directive in ("object-src", "base-uri", "frame-ancestors"):
            assert f"{directive} 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_pages_are_never_kept_and_versioned_files_are(probed: Flask) -> None:
    browser = probed.test_client()
    page = browser.get("/first-admin")
    assert page.headers["Cache-Control"] == "no-store"
    found = re.search(r'href="(/static/css/parallax\.css\?v=[0-9a-f]+)"', page.text)
    assert found
    assert "immutable" in browser.get(found[1], buffered=True).headers["Cache-Control"]
    assert browser.get("/static/css/parallax.css", buffered=True).headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/nope.css?v=1").headers["Cache-Control"] == "no-store"


def test_https_makes_cookies_secure(database_url: str, tmp_path: Path) -> None:
    home = tmp_path / "https"
    home.mkdir()
    application = create_app(Settings(home, database_url, "k", "https://parallax.test", None, None, None, None))
    reply = application.test_client().get("/first-admin")
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-parallax=")
    assert "Secure" in cookie
    assert "max-age" in reply.headers["Strict-Transport-Security"]
    with application.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("kind", "status"),
    [("busy", 503), ("data", 400), ("missing", 404), ("refused", 400), ("broken", 500)],
)
def test_faults_become_pages_and_keep_their_details(probed: Flask, kind: str, status: int) -> None:
    page = probed.test_client().get("/fail", query_string={"kind": kind})
    assert page.status_code == status
    assert page.text.count("<h1") == 1
    assert "private" not in page.text
    assert "Traceback" not in page.text
    assert ("Sunday" in page.text) is (kind == "refused")
    data = probed.test_client().get("/fail.json", query_string={"kind": kind})
    assert data.status_code == status
    assert data.json is not None
    assert data.json["error"]["status"] == status
    assert "private" not in data.text


def test_a_busy_database_says_when_to_try_again(probed: Flask) -> None:
    assert int(probed.test_client().get("/fail?kind=busy").headers["Retry-After"]) > 0


def test_every_status_says_what_to_do() -> None:
    assert set(PAGES) == {400, 401, 403, 404, 405, 413, 429, 500, 503}
    assert all(page.title and page.advice.endswith(".") for page in PAGES.values())


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        pytest.param("GET", "/nope", 404, id="nowhere"),
        pytest.param("GET", "/nope.json", 404, id="nowhere-in-json"),
        pytest.param("GET", "/sign-out", 405, id="wrong-method"),
        pytest.param("TRACE", "/sign-in", 405, id="trace"),
        pytest.param("GET", "/sign-in?next=%00", 400, id="nul-in-query"),
        pytest.param("GET", "/studies/%00/gaps", 400, id="nul-in-path"),
        pytest.param("GET", "/static/..%2f..%2f..%2fpyproject.toml", 404, id="traversal"),
        pytest.param("GET", "/static/", 404, id="folder"),
    ],
)
def test_odd_requests_are_refused(probed: Flask, method: str, address: str, status: int) -> None:
    reply = probed.test_client().open(address, method=method)
    assert reply.status_code == status
    assert (reply.mimetype == "application/json") is address.endswith(".json")


def test_a_body_over_a_megabyte_is_refused(probed: Flask) -> None:
    reply = probed.test_client().post("/sign-in", data={"email": "x" * 1_000_001})
    assert reply.status_code == 413
    assert "too large" in reply.text


def test_a_thousand_fields_are_no_fault(probed: Flask) -> None:
    assert probed.test_client().post("/sign-in", data={f"f{n}": "1" for n in range(20_000)}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="no-origin"),
        pytest.param({"Origin": BASE}, 200, id="own-origin"),
        pytest.param({"Origin": "https://localhost"}, 200, id="own-host-behind-tls"),
        pytest.param({"Referer": f"{BASE}/sign-in"}, 200, id="own-referer"),
        pytest.param({"Origin": "https://evil.example"}, 400, id="other-origin"),
        pytest.param({"Origin": "null"}, 400, id="null-origin"),
        pytest.param({"Origin": "http://localhost.evil.example"}, 400, id="own-host-as-prefix"),
        pytest.param({"Origin": "http://localhost:81"}, 400, id="other-port"),
        pytest.param({"Origin": "http://["}, 400, id="broken-origin"),
        pytest.param({"Referer": "https://evil.example/"}, 400, id="other-referer"),
    ],
)
def test_forms_of_other_sites_are_refused(probed: Flask, headers: dict[str, str], status: int) -> None:
    browser = probed.test_client()
    token = token_in(browser.get("/first-admin").text)
    assert browser.post("/echo", data={"csrf_token": token}, headers=headers).status_code == status


@pytest.mark.parametrize("token", [None, "", "A" * 40], ids=["none", "empty", "made-up"])
def test_forms_without_their_token_are_refused(probed: Flask, token: str | None) -> None:
    browser = probed.test_client()
    browser.get("/first-admin")
    reply = browser.post(
        "/echo", data={"note": "Typed <b>with care</b>", "password": "s3cret words"} | {"csrf_token": token or ""}
    )
    assert reply.status_code == 400
    assert "Typed &lt;b&gt;with care&lt;/b&gt;" in reply.text
    assert "s3cret words" not in reply.text


def test_the_token_of_another_session_is_refused(probed: Flask) -> None:
    foreign = token_in(probed.test_client().get("/first-admin").text)
    browser = probed.test_client()
    browser.get("/first-admin")
    assert browser.post("/echo", data={"csrf_token": foreign}).status_code == 400


def test_the_base_address_may_send_forms_whatever_the_host() -> None:
    assert is_own("https://parallax.test", "10.0.0.1:8000", "https://parallax.test/base")
    assert not is_own("http://parallax.test", "10.0.0.1:8000", "https://parallax.test")


def test_only_reading_requests_are_marked_as_reading(probed: Flask) -> None:
    browser = probed.test_client()
    token = token_in(browser.get("/first-admin").text)
    assert browser.get("/echo").text == "True"
    assert browser.post("/echo", data={"csrf_token": token}).text == "False"
    assert is_reading.get() is False


def test_the_sample_is_marked_on_every_page(probed: Flask) -> None:
    browser = probed.test_client()
    assert "Sample data." not in browser.get("/first-admin").text
    with changing(probed) as session:
        session.merge(Workspace(id=1, is_sample=True))
    for address in ("/first-admin", "/nope", "/fail?kind=missing"):
        assert "Sample data." in browser.get(address).text


def test_healthz_answers(probed: Flask) -> None:
    reply = probed.test_client().get("/healthz")
    assert reply.status_code == 200
    assert reply.json is not None
    assert reply.json["status"] == reply.json["database"] == "ok"
    assert reply.json["worker"] == {"state": "never", "seen_at": None}
    assert re.fullmatch(r"\d+\.\d+\.\d+", reply.json["version"])
    assert "health_check.healthz" in PUBLIC_ENDPOINTS


@pytest.mark.parametrize(("age", "state"), [(5, "running"), (59, "running"), (61, "silent"), (86_400, "silent")])
def test_the_worker_is_told_by_its_heartbeat(tmp_path: Path, age: int, state: str) -> None:
    heartbeat = tmp_path / "worker.heartbeat"
    heartbeat.touch()
    os.utime(heartbeat, (time.time() - age, time.time() - age))
    assert worker_state(heartbeat, now())["state"] == state


def test_healthz_is_unwell_without_a_database(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path}/not/there/parallax.db"
    application = create_app(Settings(tmp_path, nowhere, "k", BASE, None, None, None, None))
    reply = application.test_client().get("/healthz")
    assert reply.status_code == 503
    assert reply.json is not None
    assert reply.json["database"] == "unreachable"
    assert "Retry-After" in reply.headers
    page = application.test_client().get("/sign-in")
    assert page.status_code == 503
    assert "busy or out of reach" in page.text


def test_a_locked_database_is_503_and_stores_nothing(probed: Flask) -> None:
    if not str(probed.config["SETTINGS"].database_url).startswith("sqlite"):
        with probed.app_context():
            assert db.session.execute(text("SELECT 1")).scalar_one() == 1
        return
    with probed.app_context():
        engine = db.engine
    browser = probed.test_client()
    token = token_in(browser.get("/first-admin").text)
    form = {"csrf_token": token, "name": "Ada", "email": "ada@parallax.test", "password": "seven quiet otters swim"}
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA busy_timeout = 50")
    with engine.begin() as holder:
        holder.execute(text("UPDATE workspace SET is_sample = is_sample"))
        reply = browser.post("/first-admin", data=form)
    assert reply.status_code == 503
    assert "Ada" in reply.text
    assert "seven quiet" not in reply.text
    assert browser.post("/first-admin", data=form).status_code == 302


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        pytest.param("GET /s/abc-DEF_123?score=9", "abc-DEF_123", id="survey-link"),
        pytest.param("POST /u/tok?x=1", "/u/tok", id="unsubscribe-link"),
        pytest.param("Authorization: Bearer abc.def", "abc.def", id="bearer"),
        pytest.param("/x?token=abc&y=1", "=abc", id="query"),
        pytest.param("failed\n[SQL: INSERT]\n[parameters: ('Jane', 'j@x.test')]", "Jane", id="bound-values"),
    ],
)
def test_secrets_are_struck_out_of_logs(line: str, secret: str) -> None:
    assert secret not in redacted(line)
    assert "***" in redacted(line)


def test_plain_lines_stay() -> None:
    assert redacted("/studies/q3/gaps") == "/studies/q3/gaps"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the application logs, as its own formatter writes it."""
    written: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(JsonLines().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    with caplog.at_level(logging.INFO):
        yield written
    logging.getLogger().removeHandler(handler)


def test_faults_are_logged_as_json_without_values(probed: Flask, lines: list[str]) -> None:
    started = now()
    probed.test_client().get("/fail?kind=broken")
    probed.test_client().get("/fail?kind=busy")
    records = [json.loads(line) for line in lines]
    assert any("traceback" in record and record["path"] == "/fail" for record in records)
    assert any("database is locked" in record["message"] for record in records)
    assert "'x': 'private'" not in "".join(lines)
    assert now() - started < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        pytest.param("application/json", True, id="a-script"),
        pytest.param("text/html,application/xhtml+xml,*/*;q=0.8", False, id="a-browser"),
        pytest.param("*/*", False, id="anything"),
        pytest.param("text/html;q=0.5,application/json", True, id="rather-json"),
        pytest.param("nonsense;;q=x", False, id="nonsense"),
    ],
)
def test_a_script_that_accepts_json_gets_json(probed: Flask, accept: str, is_json: bool) -> None:
    reply = probed.test_client().get("/fail?kind=refused", headers={"Accept": accept})
    assert reply.status_code == 400
    assert (reply.mimetype == "application/json") is is_json
