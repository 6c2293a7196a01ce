"""The newest health of every account as CSV."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.formulas import neutralised
from app.customers.models import Account
from app.health.models import Telemetry
from app.health.services import compute_health, load_scorecard

AS_OF = date(2026, 1, 31)
SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [
        {"key": "usage", "metric": "logins", "points": [[-100, 0], [0, 0], [100, 100]], "weight": 3},
        {"key": "reach", "metric": "seats_used", "points": [[0, 0], [10, 100]], "weight": 1},
    ],
    "bands": {"amber_from": 50, "green_from": 75},
}


@pytest.fixture
def computed(session: Session) -> Session:
    """Three accounts: with both measures, with one, with none; the first has a name that is a formula."""
    accounts = [Account(crm_id=crm_id, name=crm_id) for crm_id in ("=1+1", "A-2", "A-3")]
    session.add_all(accounts)
    session.flush()
    for account, metric, value in ((0, "logins", 80.0), (0, "seats_used", 4.0), (1, "logins", 40.0)):
        session.add(Telemetry(account_id=accounts[account].id, metric=metric, period_end=AS_OF, value=value))
    session.flush()
    compute_health(session, version=load_scorecard(session, document=SCORECARD), as_of=AS_OF)
    session.commit()
    return session


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("computed")
def test_every_account_with_score_band_and_measures(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "health.csv"
    result = runner.invoke(args=["export", "health", str(path), "--json"])
    assert result.exit_code == 0, result.output
    first, second, third = rows_in(path)
    assert list(first) == [
        "account_id", "scorecard", "version", "as_of", "score", "band", "missing", "usage", "reach",
    ]  # fmt: skip
    assert first["account_id"] == "'=1+1"
    assert (first["scorecard"], first["version"], first["as_of"]) == ("default", "1", "2026-01-31")
    assert (float(first["score"]), first["band"], first["missing"]) == (70.0, "amber", "")
    assert (float(first["usage"]), float(first["reach"])) == (80.0, 40.0)
    assert (float(second["score"]), second["band"], second["missing"], second["reach"]) == (40.0, "red", "reach", "")
    assert (third["score"], third["band"], third["missing"]) == ("", "", "usage;reach")


def test_an_account_that_came_later_has_a_row(computed: Session, runner: FlaskCliRunner, tmp_path: Path) -> None:
    computed.add(Account(crm_id="A-4", name="Four"))
    computed.commit()
    path = tmp_path / "health.csv"
    runner.invoke(args=["export", "health", str(path)])
    assert rows_in(path)[3] == {
        "account_id": "A-4", "scorecard": "default", "version": "1", "as_of": "2026-01-31", "score": "", "band": "",
        "missing": "", "usage": "", "reach": "",
    }  # fmt: skip


def test_the_newest_computation_counts(computed: Session, runner: FlaskCliRunner, tmp_path: Path) -> None:
    changed = {**SCORECARD, "key": "other", "measures": SCORECARD["measures"][:1]}
    compute_health(computed, version=load_scorecard(computed, document=changed), as_of=date(2026, 1, 30))
    computed.commit()
    path = tmp_path / "health.csv"
    runner.invoke(args=["export", "health", str(path)])
    first = rows_in(path)[0]
    assert (first["scorecard"], first["as_of"], "reach" in first) == ("other", "2026-01-30", False)


def test_without_a_computation_there_is_nothing_to_export(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "health.csv"
    result = runner.invoke(args=["export", "health", str(path)])
    assert (result.exit_code, path.exists()) == (1, False)
    assert "No health has been computed yet" in result.stderr


@pytest.mark.usefixtures("computed")
def test_a_folder_that_is_not_there_is_a_refusal(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["export", "health", str(tmp_path / "nowhere" / "health.csv")])
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


@pytest.mark.usefixtures("computed")
def test_an_older_file_is_replaced_and_nothing_is_left_beside_it(runner: FlaskCliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "health.csv").write_text("old", encoding="utf-8")
    runner.invoke(args=["export", "health", str(folder / "health.csv")])
    assert [path.name for path in folder.iterdir()] == ["health.csv"]
    assert len(rows_in(folder / "health.csv")) == 3


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_formulas_are_neutralised(start: str) -> None:
    assert neutralised(f"{start}cmd()") == f"'{start}cmd()"


@pytest.mark.parametrize("text", ["", "A-1", "a=b", "'=1"])
def test_other_text_stays(text: str) -> None:
    assert neutralised(text) == text
