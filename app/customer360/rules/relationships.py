"""What an account has with us, as lines by type."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.core.display import money
from app.core.words import label, name_in_address

MOST_LINES = 12
"""Relationships of one type that a section names; the others are counted."""


@dataclass(frozen=True)
class OfType:
    """The relationships of one type; `layout` is the type where a page was arranged for it."""

    name: str
    lines: list[tuple[str, str]]
    more: int
    layout: str


def relationship_lines(rows: Sequence[Any], currency: str | None, arranged: Collection[str]) -> list[OfType]:
    """The relationships by type: name, then money a year and owner where they are known."""
    found = []
    for type_, group in groupby(rows, key=lambda row: row.type.lower()):
        theirs = list(group)
        found.append(
            OfType(
                name=label(theirs[0].type),
                lines=[(row.name or label(row.type), _about(row, currency)) for row in theirs[:MOST_LINES]],
                more=len(theirs[MOST_LINES:]),
                layout=type_ if type_ in arranged else "",
            )
        )
    return found


def _about(row: Any, currency: str | None) -> str:
    parts = [
        f"{money(row.arr, currency)} a year" if row.arr is not None else "",
        name_in_address(row.owner or ""),
    ]
    return " · ".join(part for part in parts if part)
