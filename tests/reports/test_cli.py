"""`flask report gaps`."""

import json
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner
from pypdf import PdfReader

from tests.conftest import Fill
from tests.reports.studies import add_scored, drawn_study
from tests.users.people import changing


def test_it_writes_all_that_is_asked_for_and_prints_where(runner: FlaskCliRunner, fill: Fill, tmp_path: Path) -> None:
    fill(add_scored)
    html, pdf, out, one_page = (tmp_path / "made" / name for name in ("r.html", "r.pdf", "r.json", "one.pdf"))
    asked = ["--html", str(html), "--pdf", str(pdf), "--out", str(out), "--one-page", str(one_page)]
    done = runner.invoke(args=["report", "gaps", "q1", *asked, "--paper", "letter", "--json"])
    assert done.exit_code == 0, done.output
    paths = {"html": str(html), "pdf": str(pdf), "one_page": str(one_page), "out": str(out)}
    assert json.loads(done.stdout) == {"study": "q1", **paths}
    sheets = PdfReader(one_page).pages
    assert [round(sheet.mediabox.width) for sheet in sheets] == [612], "one page of Letter"
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert pdf.read_bytes().startswith(b"%PDF")
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["study"] == "q1"
    assert len(document["accounts"]) == 10


def test_without_options_it_makes_the_pdf_and_prints_its_absolute_path(runner: FlaskCliRunner, fill: Fill) -> None:
    fill(add_scored)
    done = runner.invoke(args=["report", "gaps", "q1"])
    path = Path(done.stdout.strip())
    assert path.is_absolute()
    assert path.read_bytes().startswith(b"%PDF")


def test_a_paper_that_we_do_not_have_is_refused(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["report", "gaps", "q1", "--paper", "legal"])
    assert done.exit_code == 2
    assert "'a4', 'letter'" in done.stderr


def test_before_scoring_it_is_refused_with_the_command(
    application: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    with changing(application) as session:
        drawn_study(session)
    out = tmp_path / "out.json"
    done = runner.invoke(args=["report", "gaps", "q1", "--out", str(out)])
    assert done.exit_code == 1
    assert "flask study score q1" in done.stderr
    assert not out.exists()


def test_an_unknown_study_is_refused(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["report", "gaps", "none"])
    assert done.exit_code == 1
    assert "none" in done.stderr


def test_a_place_that_cannot_be_written_is_refused(runner: FlaskCliRunner, fill: Fill, tmp_path: Path) -> None:
    fill(add_scored)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = runner.invoke(args=["report", "gaps", "q1", "--out", str(tmp_path / "file" / "out.json")])
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
