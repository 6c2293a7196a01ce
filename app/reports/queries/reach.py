"""Which accounts a reader may see, as a condition of a statement."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

Only = Collection[int] | None
"""The account ids a person may see; None is all of them."""


def within(column: Any, only: Only) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a column of account ids is among `only`; none where that is None, which is all."""
    # The ids stand in the statement itself: databases take thousands of them there, and not as so many values.
    return () if only is None else (column.in_(sa.bindparam(None, sorted(only), expanding=True, literal_execute=True)),)
