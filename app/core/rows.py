"""Rows that are about to be changed."""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.ids import LARGEST_ID

Row = TypeVar("Row")


def locked_row(session: Session, wanted: Select[Row], *, row_id: int, missing: Missing) -> Row:
    """The row of a statement, as it stands now and locked until the transaction ends; `missing` where there is none.

    `row_id` is the id that the statement asks for, as an address named it.
    """
    if row_id > LARGEST_ID:
        raise missing
    found = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise missing
    return found
