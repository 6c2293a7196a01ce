"""The forms of the pyxform project: what converts there imports, or names what it has that Parallax does not."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.services import XLSFormRefused, publish_questionnaire, read_xlsform


@pytest.fixture(scope="session")
def verdicts(shared: Path) -> list[tuple[Path, str]]:
    """Each file with the verdict of pyxform: ok or error."""
    folder = shared / "instruments"
    with (folder / "xlsform" / "pyxform_verdicts.csv").open(encoding="utf-8", newline="") as file:
        return [(folder / row["file"], row["verdict"]) for row in csv.DictReader(file)]


@cache
def outcome_of(path: Path) -> tuple[str, list[str]]:
    """What becomes of a file, and the sentences about it."""
    try:
        converted = read_xlsform(path.read_bytes(), path.name, key="form")
    except XLSFormRefused as refused:
        return "named", list(refused.constructs)
    except Refusal as refusal:
        return "refused", [refusal.sentence]
    assert parse_definition(converted.document).questions
    return "imported", list(converted.warnings)


def test_every_file_is_imported_named_or_refused_as_pyxform_judges_it(verdicts: list[tuple[Path, str]]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for path, verdict in verdicts:
        outcome, sentences = outcome_of(path)
        counted[verdict, outcome] += 1
        assert outcome == "imported" or all(sentences), path.name
        assert not [sentence for sentence in sentences if "Traceback" in sentence], path.name
    assert counted == {("ok", "imported"): 27, ("ok", "named"): 37, ("error", "refused"): 14}


NAMED = [
    ("UCL_Biomass_Plot_Form.xlsx", ["row 22 “center_point”: the type “geopoint”",
                                     "UCL_regions.csv", "row 32 “trees”", "atan()"]),
    ("choice_filter_test.xlsx", ["choice_filter"]),
    ("pull_data.xlsx", ["pulldata()"]),
    ("or_other.xlsx", ["or_other"]),
    ("loop.xlsx", ["a loop over a list"]),
    ("tutorial.xls", ["row 2 “member”: a repetition"]),
    ("case_insensitivity.xlsx", ["osm", "external_choices", "entities"]),
    ("hidden.xls", ["hidden"]),
    ("default_time_demo.xls", ["time"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "named"), NAMED, ids=[name for name, _ in NAMED])
def test_what_a_file_has_that_parallax_does_not_is_named(
    verdicts: list[tuple[Path, str]], name: str, named: list[str]
) -> None:
    path = next(path for path, _ in verdicts if path.name == name)
    outcome, sentences = outcome_of(path)
    assert outcome == "named"
    for words in named:
        assert any(words in sentence for sentence in sentences), sentences


def test_the_same_form_in_four_shapes_is_the_same_questionnaire(verdicts: list[tuple[Path, str]]) -> None:
    paths = [path for path, _ in verdicts if path.stem == "yes_or_no_question"]
    assert {path.suffix for path in paths} == {".csv", ".md", ".xls", ".xlsx"}
    documents = [read_xlsform(path.read_bytes(), path.name, key="form").document for path in paths]
    assert all(document == documents[0] for document in documents)


def test_what_is_imported_can_be_published_and_what_is_refused_stores_nothing(
    verdicts: list[tuple[Path, str]], session: Session
) -> None:
    published = 0
    for path, _ in verdicts:
        key = path.name.replace(".", "_")
        try:
            converted = read_xlsform(path.read_bytes(), path.name, key=key)
        except Refusal:
            continue
        publish_questionnaire(session, document=converted.document)
        published += 1
    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == published == 27
