"""Answers of one response in the shape in which a staged file has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import Instant
from app.questionnaires.rules.kinds import ParsedAnswer


def given_response(
    *,
    respondent_id: int,
    external_id: str,
    submitted_at: datetime | None,
    mode: str,
    answers: Mapping[int, ParsedAnswer],
) -> sa.FromClause:
    """Return one response as `record_answers` takes it, from its answers by question id."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column("respondent_id", sa.Integer),
        sa.column("external_id", sa.String),
        sa.column("submitted_at", Instant),
        sa.column("mode", sa.String),
        sa.column("question_id", sa.Integer),
        sa.column("value_number", sa.Float),
        sa.column("value_text", sa.Text),
    ]
    rows = [
        (respondent_id, external_id, submitted_at, mode, question_id, answer.value_number, answer.value_text)
        for question_id, answer in answers.items()
    ]
    typed = [
        tuple(
            sa.cast(sa.null(), column.type) if cell is None else cell for column, cell in zip(columns, row, strict=True)
        )
        for row in rows
    ]
    return sa.values(*columns, name="given").data(typed).cte("given_response")
