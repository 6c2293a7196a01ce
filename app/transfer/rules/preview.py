"""What an import would change, in words: the first changes cell by cell, the first new rows."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

CHANGES = 20
NEW_ROWS = 10
NEW_COLUMNS = 6
LONGEST_SHOWN = 160
DOCUMENTS = frozenset({"custom", "tags"})
"""The columns that hold more than one value."""


@dataclass(frozen=True)
class Change:
    """One cell that would change; None is an empty cell."""

    key: str
    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Preview:
    """The first changes, and the first new rows under their columns."""

    changes: tuple[Change, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def document(self) -> dict[str, Any]:
        """The preview as it is kept until its person has said yes or no."""
        return {
            "changes": [asdict(change) for change in self.changes],
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


def cell_text(value: Any) -> str | None:
    """A stored value as a file would write it, cut where it is long; None for an empty cell."""
    if value is None or value in ("", [], {}):
        return None
    text = _text(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def changed_fields(column: str, before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    """The column with its two values; a column of custom fields comes as those of its fields that differ."""
    old, new = (_parsed(before), _parsed(after)) if column in DOCUMENTS else (before, after)
    if not isinstance(old, Mapping) and not isinstance(new, Mapping):
        return [(column, cell_text(old), cell_text(new))]
    old, new = old or {}, new or {}
    names = sorted({*old, *new})
    return [
        (name, cell_text(old.get(name)), cell_text(new.get(name))) for name in names if old.get(name) != new.get(name)
    ]


def table_of_new(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The columns to show of new rows, their keys first and then those that say something, and the rows' cells."""
    spread = [_spread(row) for row in rows]
    filled = dict.fromkeys(name for row in spread for name, value in row.items() if value is not None)
    columns = tuple(dict.fromkeys([*keys, *filled]))[:NEW_COLUMNS]
    return columns, tuple(tuple(row.get(name) for name in columns) for row in spread)


def first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """As many changes as are shown."""
    return tuple(changes)[:CHANGES]


def _spread(row: Mapping[str, Any]) -> dict[str, str | None]:
    cells: dict[str, str | None] = {}
    for name, value in row.items():
        parsed = _parsed(value) if name in DOCUMENTS else value
        if isinstance(parsed, Mapping):
            cells.update({field: cell_text(each) for field, each in parsed.items()})
        else:
            cells[name] = cell_text(parsed)
    return cells


def _parsed(value: Any) -> Any:
    """Documents that the database hands over as text (SQLite) as what they are."""
    return json.loads(value) if isinstance(value, str) else value


_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: value.isoformat().replace("+00:00", "Z")),
    (date, lambda value: value.isoformat()),
    (Decimal, lambda value: f"{value:f}"),
    (float, lambda value: f"{value:.15g}"),
    (list, lambda value: "; ".join(map(str, value))),
    (object, str),
)
"""How each type is written; the first that fits counts."""


def _text(value: Any) -> str:
    return next(write for kind, write in _WRITTEN if isinstance(value, kind))(value)
