"""The chain of a study that starts by itself, by command: files in, started, a round, answers by link, the report."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.core.clock import today
from tests.surveys.asked import Customer
from tests.surveys.mailed import with_settings
from tests.surveys.triggered import plan

SCORECARD = {
    "key": "default",
    "measures": [{"key": "logins", "metric": "logins", "points": [[0, 0], [100, 100]], "weight": 1}],
}
ANSWERS = {"recommend": "2", "satisfaction": "2", "effort": "3", "value_promised": "5", "value_delivered": "2"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Import files of six accounts: three closed a case in time, one has it open, one long ago, one is churned."""
    day = today()
    names = ("acme", "brio", "cato", "open", "old", "gone")
    statuses = {"gone": "churned"}
    closed: dict[str, Any] = {"acme": 1, "brio": 2, "cato": 3, "open": None, "old": 60, "gone": 1}
    tables = {
        "accounts": [["account_id", "name", "status", "segment", "arr", "currency"]]
        + [[name, name.title(), statuses.get(name, ""), "Mid", "1000", "EUR"] for name in names],
        "contacts": [["contact_id", "account_id", "name", "email", "role", "consent"]]
        + [
            [f"{name}-{role}", name, f"{role} {name}", f"{role}@{name}.test", role, "no" if name == "cato" else "yes"]
            for name in names
            for role in ("champion", "admin")
        ],
        "cases": [["case_id", "account_id", "opened_at", "closed_at"]]
        + [
            [f"case-{name}", name, "2026-01-05", "" if ago is None else (day - timedelta(days=ago)).isoformat()]
            for name, ago in closed.items()
        ],
        "telemetry": [["account_id", "period_end", "metric", "value"]]
        + [[name, (day - timedelta(days=2)).isoformat(), "logins", "90"] for name in names],
    }
    for name, rows in tables.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    (tmp_path / "scorecard.json").write_text(json.dumps(SCORECARD), encoding="utf-8")
    document = plan("case_closed", key="after-case", name="After a case")
    (tmp_path / "study.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def said(runner: FlaskCliRunner, *words: object) -> Any:
    result = runner.invoke(args=[*map(str, words), "--json"])
    assert result.exit_code == 0, result.stderr or result.exception
    return json.loads(result.stdout)


def in_field(runner: FlaskCliRunner, files: Path) -> Any:
    """Bring the files in, plan the study and start it; returns what the start says."""
    for kind in ("accounts", "contacts", "cases", "telemetry"):
        said(runner, "import", kind, files / f"{kind}.csv")
    said(runner, "scorecard", "load", files / "scorecard.json")
    said(runner, "study", "create", files / "study.json")
    return said(runner, "study", "draw", "after-case")


def test_from_the_files_to_the_report(
    application: Flask, runner: FlaskCliRunner, client: FlaskClient, files: Path
) -> None:
    with_settings(application)
    begun = in_field(runner, files)
    assert (begun["accounts"], begun["respondents"], begun["allocation"]) == (0, 0, {})
    assert said(runner, "study", "audit", "after-case")["audit_sha256"] == begun["audit_sha256"]
    # Before anybody has joined, there is a report all the same.
    assert said(runner, "study", "score", "after-case")["accounts"] == 0
    said(runner, "report", "gaps", "after-case", "--out", files / "empty.json")

    seen = said(runner, "study", "trigger", "after-case", "--dry-run")
    assert (seen["accounts"], seen["respondents"], seen["mails"]) == (3, 6, 4)
    assert seen["held_back"] == {"consent": 2}
    assert [each["account_id"] for each in seen["occasions"] if each["joins_now"]] == ["cato", "brio", "acme"]
    assert said(runner, "study", "trigger", "after-case", "--dry-run") == seen
    assert said(runner, "study", "trigger", "after-case") == seen | {"dry_run": False}
    again = said(runner, "study", "trigger", "after-case")
    assert (again["accounts"], again["mails"], again["held_back"]) == (0, 0, {"consent": 2})
    assert said(runner, "mail", "send")["mails"] == {"sent": 4}

    assert said(runner, "study", "links", "after-case", "--csv", files / "links.csv")["links"] == 4
    with (files / "links.csv").open(encoding="utf-8", newline="") as file:
        links = list(csv.DictReader(file))
    for link in links[:3]:
        address = "/s/" + link["url"].rsplit("/", 1)[1]
        assert Customer(client, address).send(ANSWERS).status_code in {200, 303}

    scored = said(runner, "study", "score", "after-case")
    assert (scored["responses"], scored["respondents"], scored["accounts"]) == (3, 3, 2)
    assert scored["warnings"][0]["code"] == "NOT_DRAWN"
    said(
        runner, "report", "gaps", "after-case",
        "--out", files / "gaps.json", "--html", files / "gaps.html", "--pdf", files / "gaps.pdf",
    )  # fmt: skip
    report = json.loads((files / "gaps.json").read_text(encoding="utf-8"))
    assert report["population"] == {"accounts": 3, "arr": 3000.0}
    assert (report["sample"]["drawn"], report["sample"]["responded"]) == (3, 2)
    assert report["sample"]["response_rates"]["rr1"] is not None
    assert report["as_of"] == today().isoformat()
    assert [each["health"] for each in report["accounts"]] == [90.0] * 3
    assert report["warnings"][0]["code"] == "NOT_DRAWN"
    page = (files / "gaps.html").read_text(encoding="utf-8")
    assert "describe the accounts that were asked, not the portfolio" in page
    assert "We asked three accounts, each 1 day after a support case is closed or soon after; two answered" in page
    assert re.search(r"Estimated for all (3|three).accounts asked", page)
    assert "seed 0" not in page
    assert "not drawn: asked 1 day after a support case is closed" in page
    assert (files / "gaps.pdf").stat().st_size > 1000

    said(runner, "export", "responses", "after-case", files / "responses.csv")
    with (files / "responses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["stratum"], row["stratum_size"], float(row["weight"])) for row in rows} == {("Mid", "3", 1.0)}
    assert said(runner, "study", "audit", "after-case")["recomputed"]
    said(runner, "study", "close", "after-case")
    assert runner.invoke(args=["study", "trigger", "after-case"]).exit_code == 1


def test_what_the_commands_say_to_people(runner: FlaskCliRunner, files: Path) -> None:
    in_field(runner, files)
    refused = runner.invoke(args=["study", "draw", "after-case"])
    assert (refused.exit_code, refused.stderr) == (1, "Study “after-case” has already been started.\n")
    told = runner.invoke(args=["study", "trigger", "after-case", "--dry-run"]).stdout
    assert "3 accounts would join with 6 people." in told
    assert "2 held back: Their consent is no." in told
    assert runner.invoke(args=["study", "trigger", "nope"]).exit_code == 1
    document = plan("case_closed", key="second", size=3)
    (files / "study.json").write_text(json.dumps(document), encoding="utf-8")
    wrong = runner.invoke(args=["study", "create", str(files / "study.json")])
    assert wrong.exit_code == 1
    assert "“size” does not go with a trigger" in wrong.stderr
    (files / "study.json").write_text(json.dumps(plan("renewal", key="second")), encoding="utf-8")
    assert runner.invoke(args=["study", "create", str(files / "study.json")]).exit_code == 0
    assert "has not been started yet" in runner.invoke(args=["study", "trigger", "second"]).stderr
    begun = runner.invoke(args=["study", "draw", "second"]).stdout
    assert "accounts join 120 days before renewal" in begun
    assert "flask study trigger second" in begun
