"""What a CRM keeps of each account: by command and by the browser, each cut to what its caller may see."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthComputation
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from app.studies.services import create_study
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace
from tests.transfer.conftest import STUDY
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, sign_in

HEADER = ["account_id", "health", "voice", "gap", "tier", "study"]


def rows_of(text: str) -> dict[str, dict[str, str]]:
    return {row["account_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests: A1 to A10 scored, two more never asked."""
    fill(add_workspace)
    return application


@pytest.mark.usefixtures("filled")
def test_every_account_has_a_row_and_what_is_not_known_is_empty(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    session.add(Account(crm_id="=1+1", name="Formula"))
    session.commit()
    path = tmp_path / "crm.csv"
    done = runner.invoke(args=["export", "crm", str(path), "--json"])
    assert done.exit_code == 0, done.output
    rows = rows_of(path.read_text(encoding="utf-8"))
    assert list(next(iter(rows.values()))) == HEADER
    assert len(rows) == session.scalar(sa.select(sa.func.count()).select_from(Account))
    score = session.scalars(sa.select(AccountScore).join(Account).where(Account.crm_id == "A4")).one()
    assert score.voice is not None
    assert score.gap is not None
    assert float(rows["A4"]["voice"]) == pytest.approx(score.voice)
    assert float(rows["A4"]["gap"]) == pytest.approx(score.gap)
    assert (rows["A4"]["tier"], rows["A4"]["study"], float(rows["A4"]["health"])) == (score.tier, "q1", 80)
    assert list(rows["A12"].values()) == ["A12", "", "", "", "", ""]
    assert "'=1+1" in rows


@pytest.mark.usefixtures("filled")
def test_the_newest_study_that_heard_the_account_counts(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    later = create_study(session, document={**STUDY, "closes_on": "2031-02-13"})
    scoring = Scoring(
        study_id=later.id, health_computation_id=session.scalar(sa.select(HealthComputation.id)), figures={}
    )
    session.add(scoring)
    session.flush()
    known = {row.crm_id: row.id for row in session.execute(sa.select(Account.crm_id, Account.id))}
    for crm_id, voice in (("A4", 12.5), ("A5", None)):
        session.add(
            AccountScore(
                scoring_id=scoring.id, account_id=known[crm_id], respondents=1, voice=voice, tier="watch",
                quadrant="insufficient", dimensions={},
            )
        )  # fmt: skip
    session.commit()
    path = tmp_path / "crm.csv"
    runner.invoke(args=["export", "crm", str(path)])
    rows = rows_of(path.read_text(encoding="utf-8"))
    assert (rows["A4"]["voice"], rows["A4"]["gap"], rows["A4"]["study"]) == ("12.5", "", "s")
    assert rows["A5"]["study"] == "q1"
    session.execute(sa.update(Study).where(Study.key == "s").values(closes_on=date(2020, 1, 1)))
    session.commit()
    runner.invoke(args=["export", "crm", str(path)])
    assert rows_of(path.read_text(encoding="utf-8"))["A4"]["study"] == "q1"


@pytest.mark.parametrize(
    ("email", "accounts", "voices"),
    [(ADMIN, 12, 10), (LEADER, 12, 10), (STRANGER, 12, 0), (VIEWER, 12, 10), (CSM, 2, 2)],
)
def test_each_reader_gets_the_part_that_is_theirs(filled: Flask, email: str, accounts: int, voices: int) -> None:
    browser = sign_in(filled, email)
    with browser.get("/accounts.csv") as reply:
        rows = rows_of(reply.text)
    assert len(rows) == accounts
    assert sum(row["voice"] != "" for row in rows.values()) == voices
    assert 'href="/accounts.xlsx"' in browser.get("/accounts").text


def test_as_a_workbook_numbers_are_numbers(filled: Flask) -> None:
    from openpyxl import load_workbook

    with sign_in(filled, ADMIN).get("/accounts.xlsx") as reply:
        content = reply.data
    rows = list(load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert list(rows[0]) == HEADER
    assert next(row for row in rows if row[0] == "A4")[1] == 80
