"""`flask study` as a script sees it."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.health.services import load_scorecard
from app.studies.models import SampledAccount, Study

SCORECARD = {"key": "default", "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0]], "weight": 1}]}
PLAN: dict[str, Any] = {
    "key": "q3", "name": "Q3", "questionnaire": "relationship", "mode": "survey", "strata": [],
    "method": "proportional", "size": 2, "seed": 7, "roles": {"subscriber": 1},
    "opens_on": "2019-10-01", "closes_on": "2019-10-31",
}  # fmt: skip


@pytest.fixture
def workspace(session: Session) -> Session:
    """Three accounts with a subscriber each, and a scorecard."""
    load_scorecard(session, document=SCORECARD)
    for crm_id in "ABC":
        account = Account(crm_id=crm_id, name=crm_id)
        session.add(account)
        session.flush()
        session.add(Contact(crm_id=f"C-{crm_id}", account_id=account.id, name="N.", role="subscriber"))
    session.commit()
    return session


def written(folder: Path, document: Any = PLAN) -> str:
    path = folder / "study.json"
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return str(path)


def printed(runner: FlaskCliRunner, *args: str) -> dict[str, Any]:
    result = runner.invoke(args=["study", *args, "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@pytest.mark.usefixtures("workspace")
def test_a_study_is_created_drawn_audited_and_closed(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert printed(runner, "create", written(tmp_path))["health_as_of"] == "2019-10-31"
    drawn = printed(runner, "draw", "q3")
    assert set(drawn) == {"accounts", "respondents", "allocation", "seed", "audit_sha256", "warnings"}
    assert (drawn["accounts"], drawn["respondents"], drawn["allocation"], drawn["seed"]) == (2, 2, {"all": 2}, 7)
    audit = printed(runner, "audit", "q3")
    assert (audit["recomputed"], audit["audit_sha256"]) == (True, drawn["audit_sha256"])
    assert printed(runner, "close", "q3")["closed_at"]


@pytest.mark.usefixtures("workspace")
def test_people_get_sentences(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert "flask study draw q3" in runner.invoke(args=["study", "create", written(tmp_path)]).stdout
    assert "Drew 2 accounts with 2 respondents, seed 7." in runner.invoke(args=["study", "draw", "q3"]).stdout
    assert "recomputes" in runner.invoke(args=["study", "audit", "q3"]).stdout
    assert "Closed study q3." in runner.invoke(args=["study", "close", "q3"]).stdout


def test_a_draw_that_was_tampered_with_is_told_with_status_1(
    runner: FlaskCliRunner, workspace: Session, tmp_path: Path
) -> None:
    printed(runner, "create", written(tmp_path))
    printed(runner, "draw", "q3")
    workspace.execute(update(SampledAccount).values(weight=2))
    workspace.commit()
    result = runner.invoke(args=["study", "audit", "q3", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["recomputed"] is False
    assert "stored accounts" in result.stderr


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[" * 50_000, id="50,000 deep"),
        pytest.param(b'{"seed": NaN}', id="NaN"),
        pytest.param({**PLAN, "method": "quota"}, id="PPS"),
        pytest.param({**PLAN, "roles": {}}, id="no roles"),
        pytest.param({**PLAN, "scorecard": "other"}, id="unknown scorecard"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_stored(
    runner: FlaskCliRunner, workspace: Session, tmp_path: Path, document: Any
) -> None:
    result = runner.invoke(args=["study", "create", written(tmp_path, document), "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.strip().splitlines()) == 1
    assert workspace.scalar(select(func.count()).select_from(Study)) == 0


@pytest.mark.parametrize("command", ["draw", "audit", "close"])
def test_an_unknown_study_is_refused(runner: FlaskCliRunner, command: str) -> None:
    result = runner.invoke(args=["study", command, "none", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no study “none”" in result.stderr


@pytest.mark.usefixtures("workspace")
def test_a_second_draw_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    printed(runner, "create", written(tmp_path))
    printed(runner, "draw", "q3")
    result = runner.invoke(args=["study", "draw", "q3", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "already been drawn" in result.stderr
