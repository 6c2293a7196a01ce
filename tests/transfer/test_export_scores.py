"""Scores and gaps of a study go out one row each, and say what the report says."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.reports.services import gap_report
from app.responses.models import Response
from app.scoring.models import RespondentScore
from app.studies.models import Study
from app.transfer.services import export_gaps, export_scores
from tests.conftest import Fill
from tests.reports.studies import add_scored, drawn_study

REPORTED = (
    "health", "health_band", "voice", "voice_band", "respondents", "role_coverage", "equated_health", "gap",
    "shrunken_gap", "se", "p_low", "p_high", "tier", "quadrant", "arr",
)  # fmt: skip


@pytest.fixture
def scored(session: Session, fill: Fill) -> Study:
    """A study with answers of everybody, scored."""
    return session.get_one(Study, fill(add_scored))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_gaps_are_those_of_the_report(session: Session, scored: Study, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    assert export_gaps(session, study=scored, path=path) == 10
    told = {account["account_id"]: account for account in gap_report(session, study=scored)["accounts"]}
    rows = rows_of(path)
    assert [row["account_id"] for row in rows] == sorted(told)
    for row in rows:
        for name in REPORTED:
            value = told[row["account_id"]][name]
            if isinstance(value, int | float):
                assert float(row[name]) == pytest.approx(value), name
            else:
                assert row[name] == (value or ""), name
        assert float(row["weight"]) == 1
    assert {row["stratum"]: int(row["stratum_size"]) for row in rows} == {"Large": 4, "Small": 6}


def test_scores_are_a_row_for_each_person_heard(session: Session, scored: Study, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    heard = session.scalar(sa.select(sa.func.count(Response.id)).where(Response.submitted_at.is_not(None)))
    assert export_scores(session, study=scored, path=path) == heard
    rows = rows_of(path)
    voices = [each for each in session.scalars(sa.select(RespondentScore.voice)) if each is not None]
    assert sorted(float(row["voice"]) for row in rows) == pytest.approx(sorted(voices))
    first = next(row for row in rows if row["contact_id"] == "A1-champion")
    assert (first["account_id"], first["role"], first["mode"]) == ("A1", "champion", "survey")
    assert (float(first["recommendation"]), first["skills"]) == (10, "")


@pytest.mark.parametrize("kind", ["scores", "gaps"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "sav"])
def test_the_command_writes_each_kind_of_file(
    *, runner: FlaskCliRunner, session: Session, scored: Study, tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    key = scored.key
    session.close()
    done = runner.invoke(args=["export", kind, key, str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert path.stat().st_size > 0
    if ending == "xlsx":
        sheet = load_workbook(path).active
        assert sheet.max_row == (31 if kind == "scores" else 11)


@pytest.mark.parametrize("export", [export_scores, export_gaps])
def test_what_was_not_scored_is_refused(session: Session, tmp_path: Path, export: type) -> None:
    study = drawn_study(session)
    with pytest.raises(Refusal, match="has not been scored yet"):
        export(session, study=study, path=tmp_path / "out.csv")
