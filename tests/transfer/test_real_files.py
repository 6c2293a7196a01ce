"""Real and realistic files that others made."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Outcome
from app.health.models import Telemetry
from app.health.services import load_scorecard
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer, Response
from app.studies.services import create_study, draw_study
from app.transfer.services import ImportRefused, Options, import_file

Database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STUDY = {
    "key": "q3",
    "name": "Q3",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": ["segment"],
    "method": "census",
    "seed": 360,
    "roles": {"subscriber": 1.0},
    "scorecard": "default",
    "opens_on": "2019-09-01",
    "closes_on": "2019-09-30",
}
SCORECARD = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "usage_gb_month", "points": [[0, 0], [30, 100]], "weight": 1}],
    "bands": {"amber_from": 50, "green_from": 75},
}
NAMES = {"csat_1_5": "satisfaction", "open_text": "reason"}


@pytest.fixture(scope="session")
def telco(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The import files of the Telco portfolio."""
    folder = tmp_path_factory.mktemp("telco")
    converter, source = shared / "data" / "telco_to_imports.py", shared / "data" / "telco" / "telco_dev.csv"
    subprocess.run([sys.executable, converter, source, folder], check=True, capture_output=True)
    return folder


def count(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_telco(session: Session, telco: Path) -> None:
    manifest = json.loads((telco / "manifest.json").read_text(encoding="utf-8"))
    for kind in ("accounts", "contacts", "telemetry", "outcomes"):
        report = import_file(session, kind=kind, path=telco / f"{kind}.csv")
        assert (report.rows, report.created) == (manifest["rows"][kind], manifest["rows"][kind])
    assert (count(session, Account), count(session, Telemetry), count(session, Outcome)) == (3527, 28216, 3527)
    assert sum(session.scalars(sa.select(Account.arr)), Decimal(0)) == Decimal("2725919.40")
    assert the_workspace(session).currency == "USD"
    account = session.scalars(sa.select(Account).where(Account.crm_id == "0011-IGKFF")).one()
    assert account.custom["offer"] == "Offer D"
    health = sa.select(sa.func.sum(Telemetry.value)).where(Telemetry.metric == "vendor_health")
    assert session.scalar(health) == float(manifest["sums"]["vendor_health"])

    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    assert draw_study(session, study=create_study(session, document=STUDY)).respondents == 3527
    options = Options(study="q3", renamed=NAMES, ignored=("exit_reason_category",))
    path = telco / "survey_responses.csv"
    report = import_file(session, kind="responses", path=path, options=options)
    assert (report.rows, report.created, report.extra) == (5417, 4472, {"ignored": 945})
    assert (count(session, Response), count(session, Answer)) == (3527, 4472)
    assert session.scalar(sa.select(sa.func.sum(Answer.value_number))) == float(manifest["sums"]["csat_1_5"])
    again = import_file(session, kind="responses", path=path, options=options)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4472)


@Database
def test_telco_answers_without_a_mapping_are_refused(session: Session, telco: Path) -> None:
    for kind in ("accounts", "contacts"):
        import_file(session, kind=kind, path=telco / f"{kind}.csv")
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    draw_study(session, study=create_study(session, document=STUDY))
    session.commit()
    with pytest.raises(ImportRefused) as refused:
        import_file(session, kind="responses", path=telco / "survey_responses.csv", options=Options(study="q3"))
    assert refused.value.report.errors_total == 5417
    assert refused.value.report.errors[0].row == 2
    session.rollback()
    assert count(session, Answer) == 0


def botanic_imports(source: Path, folder: Path) -> dict[str, int]:
    """Make import files of the Botanic answers, one account per respondent, and return their rows."""
    answers = {"nps": "recommend", "explication": "reason"}
    rows: dict[str, list[list[str]]] = {
        "accounts": [["account_id", "name", "visits"]],
        "contacts": [["contact_id", "account_id", "name", "role"]],
        "responses": [["response_id", "account_id", "contact_id", "submitted_at", "question", "value"]],
    }
    with source.open(encoding="utf-8", newline="") as file:
        for person in csv.DictReader(file):
            key = person["id"]
            rows["accounts"].append([key, f"Customer {key}", person["NbPassageKS"]])
            rows["contacts"].append([f"C-{key}", key, f"Visitor {key}", "subscriber"])
            rows["responses"].extend(
                [f"R-{key}", key, f"C-{key}", "2019-09-15", question, person[column]]
                for column, question in answers.items()
                if person[column].strip() not in {"", "NA"}
            )
    for kind, content in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(content)
    return {kind: len(content) - 1 for kind, content in rows.items()}


@Database
def test_botanic(session: Session, shared: Path, tmp_path: Path) -> None:
    made = botanic_imports(shared / "data" / "botanic_nps" / "nps_utf8.csv", tmp_path)
    for kind in ("accounts", "contacts"):
        assert import_file(session, kind=kind, path=tmp_path / f"{kind}.csv").created == made[kind]
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    draw_study(session, study=create_study(session, document={**STUDY, "strata": []}))
    report = import_file(session, kind="responses", path=tmp_path / "responses.csv", options=Options(study="q3"))
    assert report.created == report.rows == made["responses"]
    texts = session.scalars(sa.select(Answer.value_text).where(Answer.value_text.is_not(None))).all()
    assert any("échange" in text for text in texts)


RAW_HEADER = b"account_id,name,nps,satisfaction,intention,note,visits,ticket,t\n"


@pytest.fixture(scope="session")
def raw_lines(shared: Path) -> list[bytes]:
    """The lines of the Botanic answers as they came, Latin-1 and DOS bytes mixed; their first cell becomes the key."""
    content = (shared / "data" / "botanic_nps" / "nps_raw_mixed_encoding.csv").read_bytes()
    return content.splitlines(keepends=True)[1:]


@Database
def test_botanic_as_it_came_is_refused_by_row(
    session: Session, raw_lines: list[bytes], write_file: Callable[[bytes], Path]
) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_file(session, kind="accounts", path=write_file(RAW_HEADER + b"".join(raw_lines)))
    report = refused.value.report
    assert report.encoding == "Windows-1252"
    assert {error.column for error in report.errors} == {"note"}
    assert all("mixes encodings" in error.message for error in report.errors)
    for error in report.errors:
        assert any(0x80 <= byte < 0xA0 for byte in raw_lines[(error.row or 0) - 2])
    session.rollback()
    assert count(session, Account) == 0


@Database
def test_no_botanic_line_with_dos_letters_passes_and_every_other_does(
    session: Session, raw_lines: list[bytes], write_file: Callable[[bytes], Path]
) -> None:
    genuine = [line for line in raw_lines if not any(0x80 <= byte < 0xA0 for byte in line)]
    assert sum(not line.isascii() for line in genuine) > 500
    report = import_file(session, kind="accounts", path=write_file(RAW_HEADER + b"".join(genuine)))
    assert (report.created, report.encoding) == (len(genuine), "Windows-1252")
    session.rollback()
    with_dos_e = [line for line in raw_lines if b"\x82" in line]
    with pytest.raises(ImportRefused) as refused:
        import_file(session, kind="accounts", path=write_file(RAW_HEADER + b"".join(with_dos_e)))
    assert refused.value.report.errors_total == len(with_dos_e)
