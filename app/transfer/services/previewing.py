"""The first rows of a staged file that are new or change something, made ready to be shown."""

from collections.abc import Iterator, Mapping

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.responses.queries import Given
from app.transfer.queries import changed_answers, moved_responses, new_answers
from app.transfer.rules.preview import (
    CHANGES,
    NEW_ROWS,
    Change,
    Preview,
    cell_text,
    changed_fields,
    first,
    table_of_new,
)
from app.transfer.services.merging import Merge, changed_rows, new_rows


def preview_of_rows(session: Session, merge: Merge) -> Preview:
    """What a staged file of rows would change; stores nothing."""
    keys = [column.name for column in merge.columns if column.key]
    changes = (change for row in changed_rows(session, merge, limit=CHANGES) for change in _row_changes(row, keys))
    rows = [{str(name): cell for name, cell in row.items()} for row in new_rows(session, merge, limit=NEW_ROWS)]
    return Preview(first(changes), *table_of_new(rows, keys))


def preview_of_answers(session: Session, given: Given, questions: Mapping[int, str]) -> Preview:
    """What a staged file of answers would change, response by response; stores nothing."""
    answers = (
        Change(
            row["external_id"],
            questions[row["question_id"]],
            _answer(row["before_number"], row["before_text"]),
            _answer(row["value_number"], row["value_text"]),
        )
        for row in changed_answers(session, given, limit=CHANGES)
    )
    moves = (
        Change(row["external_id"], name, cell_text(before), cell_text(after))
        for row in moved_responses(session, given, limit=CHANGES)
        for name, before, after in (
            ("submitted_at", row["before_at"], row["submitted_at"]),
            ("mode", row["before_mode"], row["mode"]),
        )
        if before != after
    )
    rows = tuple(
        (row["external_id"], questions[row["question_id"]], _answer(row["value_number"], row["value_text"]))
        for row in new_answers(session, given, limit=NEW_ROWS)
    )
    return Preview(first((*answers, *moves)), ("response_id", "question", "value"), rows)


def _row_changes(row: RowMapping, keys: list[str]) -> Iterator[Change]:
    key = " · ".join(cell_text(row[name]) or "" for name in keys)
    for name in (label.removeprefix("differs_") for label in row if label.startswith("differs_") and row[label]):
        for field, before, after in changed_fields(name, row[f"before_{name}"], row[f"after_{name}"]):
            yield Change(key, field, before, after)


def _answer(number: float | None, text: str | None) -> str | None:
    return cell_text(number if text is None else text)
