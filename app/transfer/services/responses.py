"""Exports of responses, one row each with all versions side by side, and the codebook that explains the columns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.sheets import Sheet, write_csv, write_xlsx
from app.studies.models import Study
from app.studies.services.anonymity import refuse_anonymous
from app.transfer.queries.answers import answer_counts, loops_of, noted_absences, response_rows, versions_of
from app.transfer.rules.codebook import FACTS, FLAGS, HEADER, Variable, absent_cell, cell_of, variables_of
from app.transfer.services.files import ending_of, write_sav
from app.users.rules import Scope

CODEBOOK = "Codebook"


def export_responses(session: Session, *, study: Study, path: Path, scope: Scope | None = None) -> int:
    """Write a study's submitted responses to a file, one row each, and return how many; CSV, XLSX or SAV by its name.

    A workbook has the codebook as its second sheet; beside a CSV file it is FILE.codebook.csv. Answers behind a branch
    that closed are left out. With a scope, only of the accounts that it may see. Refuses an anonymous study.
    """
    refuse_anonymous(study)
    kind = ending_of(path)
    variables = study_variables(session, study, scope)
    noted = noted_absences(session, study, scope=scope)
    rows = wide_rows(variables, response_rows(session, study, scope=scope), noted, is_coded=kind == ".sav")
    header = [variable.name for variable in variables]
    if kind == ".sav":
        return write_sav(path, variables, rows, title=study.name)
    if kind == ".xlsx":
        book = Sheet(CODEBOOK, HEADER, [variable.row() for variable in variables])
        return write_xlsx(path, [Sheet("Responses", header, rows), book])
    count = write_csv(path, header, rows)
    if path.is_file():
        write_csv(path.with_suffix(".codebook.csv"), HEADER, (variable.row() for variable in variables))
    return count


def export_codebook(session: Session, *, study: Study, path: Path, scope: Scope | None = None) -> int:
    """Write what each column of a study's responses means to a CSV file, and return how many columns there are.

    Refuses an anonymous study.
    """
    refuse_anonymous(study)
    variables = study_variables(session, study, scope)
    return write_csv(path, HEADER, (variable.row() for variable in variables))


def study_variables(session: Session, study: Study, scope: Scope | None) -> list[Variable]:
    """Return the columns of a study's responses."""
    loops = loops_of(session, study, scope=scope)
    answered = answer_counts(session, study, scope=scope)
    return variables_of(versions_of(session, study), answered=answered, looped=loops.questions, items=loops.most)


def wide_rows(
    variables: Sequence[Variable], rows: Iterator[Any], noted: Mapping[tuple[str, str, str], str], *, is_coded: bool
) -> Iterator[list[Any]]:
    """Yield one row of cells per response from the answers, which come response by response.

    `noted` says why questions of a response have no answer, where an interviewer wrote it down.
    """
    asked = variables[len(FACTS) + len(FLAGS) :]
    for _, group in groupby(rows, key=lambda row: row.external_id):
        answers = list(group)
        yield [*_facts(answers[0]), *_flags(answers[0]), *_answers(asked, answers, noted, is_coded=is_coded)]


def _facts(row: Any) -> list[Any]:
    submitted_at = row.submitted_at.isoformat().replace("+00:00", "Z")
    who = (row.external_id, row.account_id, row.contact_id, submitted_at, row.mode, row.role, row.language, row.seconds)
    held_on = row.held_on.isoformat() if row.held_on else None
    peeked_at = row.peeked_at.isoformat().replace("+00:00", "Z") if row.peeked_at else None
    drawn = (row.stratum, row.stratum_size, row.weight, row.questionnaire, row.version)
    return [*who, *drawn, row.interviewer, held_on, peeked_at]


def _flags(row: Any) -> list[int]:
    kinds = {f"flag_{flag['kind']}" for flag in row.flags or ()}
    return [int(variable.name in kinds) for variable in FLAGS]


def _answers(
    asked: Sequence[Variable], answers: Sequence[Any], noted: Mapping[tuple[str, str, str], str], *, is_coded: bool
) -> list[Any]:
    items = sorted({row.item for row in answers if row.item})
    place = {"": 0} | {item: number for number, item in enumerate(items, start=1)}
    given = {(row.question, place[row.item]): row for row in answers if row.question and row.is_counted}
    cells: list[Any] = []
    for variable in asked:
        if not variable.question:
            number = int(variable.name.removeprefix("item_"))
            cells.append(items[number - 1] if number <= len(items) else None)
            continue
        row = given.get((variable.question, variable.place))
        item = items[variable.place - 1] if 0 < variable.place <= len(items) else ""
        absence = noted.get((answers[0].external_id, variable.question, item))
        if row is not None:
            cells.append(cell_of(variable, row, is_coded=is_coded))
        else:
            cells.append(None if absence is None else absent_cell(variable, absence, is_coded=is_coded))
    return cells
