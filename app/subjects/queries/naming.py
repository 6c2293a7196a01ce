"""How a text is searched for what tells who a person is."""

import functools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core.database import small_letters


def joined(*columns: Any) -> sa.ColumnElement[str]:
    """The texts of some columns as one, a line each."""
    line = sa.cast("\n", sa.Text)
    first, *others = (sa.func.coalesce(column, "") for column in columns)
    return functools.reduce(lambda text, column: text + line + column, others, first)


def names(column: Any, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether a text holds one of these words, which are in small letters."""
    text = small_letters(sa.func.coalesce(column, ""))
    return sa.or_(sa.false(), *(text.contains(word, autoescape=True) for word in words))
