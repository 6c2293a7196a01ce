"""`flask scorecard` and `flask health` as a script sees them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import ScorecardVersion, Telemetry

SCORECARD = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0], [100, 100]], "weight": 1}],
}


def written(folder: Path, document: Any) -> str:
    path = folder / "scorecard.json"
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return str(path)


def test_load_prints_the_version(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["scorecard", "load", written(tmp_path, SCORECARD), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["scorecard"] == {"key": "default", "version": 1}
    again = runner.invoke(args=["scorecard", "load", written(tmp_path, SCORECARD), "--json"])
    assert json.loads(again.stdout) == json.loads(result.stdout)


def test_load_tells_that_a_scorecard_is_circular(runner: FlaskCliRunner, tmp_path: Path) -> None:
    circular = {"key": "voice", "measures": [{"key": "nps", "metric": "nps.last", "points": [[0, 0]], "weight": 1}]}
    path = written(tmp_path, circular)
    assert json.loads(runner.invoke(args=["scorecard", "load", path, "--json"]).stdout)["circular"] is True
    assert "circular" in runner.invoke(args=["scorecard", "load", path]).stdout


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"key: default", id="no JSON"),
        pytest.param(b'{"key": NaN}', id="NaN"),
        pytest.param(b'{"key": "a", "key": "b"}', id="a key twice"),
        pytest.param(b"[" * 50_000 + b"]" * 50_000, id="50,000 deep"),
        pytest.param(b'{"key": "default", "measures": []}', id="no measures"),
    ],
)
def test_a_bad_file_is_refused_with_status_1(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, raw: bytes
) -> None:
    result = runner.invoke(args=["scorecard", "load", written(tmp_path, raw), "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip().endswith(".")
    assert session.scalar(select(func.count()).select_from(ScorecardVersion)) == 0


def test_a_file_that_is_not_there_is_wrong_usage(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert runner.invoke(args=["scorecard", "load", str(tmp_path / "none.json")]).exit_code == 2


def test_compute_prints_what_the_format_names(runner: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    accounts = [Account(crm_id=crm_id, name=crm_id) for crm_id in "ABC"]
    session.add_all(accounts)
    session.flush()
    for account, value in zip(accounts, (90.0, 20.0), strict=False):
        session.add(Telemetry(account_id=account.id, metric="usage", period_end=date(2026, 1, 31), value=value))
    session.commit()
    runner.invoke(args=["scorecard", "load", written(tmp_path, SCORECARD)])
    result = runner.invoke(args=["health", "compute", "--as-of", "2026-02-01", "--json"])
    assert json.loads(result.stdout) == {
        "accounts": 3,
        "scored": 2,
        "bands": {"red": 1, "amber": 0, "green": 1},
        "scorecard": {"key": "default", "version": 1},
        "circular": False,
        "as_of": "2026-02-01",
        "missing": {"usage": 1},
        "relationships": 0,
    }
    assert "Scored 2 of 3" in runner.invoke(args=["health", "compute", "--as-of", "2026-02-01"]).stdout
    today = json.loads(runner.invoke(args=["health", "compute", "--json"]).stdout)
    assert today["accounts"] == 3


def test_compute_without_a_scorecard_says_how_to_load_one(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["health", "compute", "--json"])
    assert result.exit_code == 1
    assert "flask scorecard load" in result.stderr
    other = runner.invoke(args=["health", "compute", "--scorecard", "other"])
    assert "“other”" in other.stderr


def test_an_impossible_date_is_wrong_usage(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["health", "compute", "--as-of", "2026-02-30"]).exit_code == 2


def test_choose_tells_who_is_scored_by_what_and_which_rule_nobody_meets(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    session.add_all([Account(crm_id="A", name="A", segment="Large"), Account(crm_id="B", name="B")])
    session.commit()
    for key in ("default", "large"):
        runner.invoke(args=["scorecard", "load", written(tmp_path, {**SCORECARD, "key": key})])
    rules = [
        {"field": "segment", "values": ["large"], "scorecard": "large"},
        {"field": "tier", "values": ["1"], "scorecard": "large"},
    ]
    result = runner.invoke(args=["scorecard", "choose", written(tmp_path, {"rules": rules, "default": "default"})])
    assert result.exit_code == 0
    assert "rule 1 (segment: large): 1 accounts" in result.stdout
    assert "No account meets rule 2 (tier: large)." in result.stdout
    again = runner.invoke(args=["scorecard", "choose", written(tmp_path, {"rules": rules}), "--json"])
    assert json.loads(again.stdout)["version"] == 1


def test_choosing_a_scorecard_that_is_not_there_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["scorecard", "choose", written(tmp_path, {"default": "nowhere"})])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no scorecard “nowhere”" in result.stderr
