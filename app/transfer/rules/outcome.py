"""What an import says when it is done: the counts, or the cells at fault."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.transfer.rules.preview import Preview

LISTED = 100
"""How many errors are listed; all of them are counted."""

SPOKEN = 20
"""How many errors are told as sentences."""


@dataclass(frozen=True)
class CellError:
    """One reason to refuse: the row as a spreadsheet numbers it (the header is row 1), the column, and the remedy.

    `row` is None where the whole file is at fault, `column` is None where a whole row is.
    """

    row: int | None
    column: str | None
    message: str

    @property
    def sentence(self) -> str:
        """The error as a line for a person."""
        places = [f"Row {self.row:,}" if self.row else "The file", f"column {self.column}" if self.column else ""]
        return f"{', '.join(place for place in places if place)}: {self.message}"

    def document(self) -> dict[str, Any]:
        """The error as scripts read it."""
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass
class Faults:
    """The errors found so far: the first of them kept, all of them counted, so that memory stays flat.

    `rows` is how many rows have been read, with or without errors.
    """

    kept: list[CellError] = field(default_factory=list)
    total: int = 0
    rows: int = 0

    def add(self, row: int | None, column: str | None, message: str) -> None:
        """Note one error."""
        self.add_counted([CellError(row, column, message)], 1)

    def add_counted(self, errors: Iterable[CellError], total: int) -> None:
        """Note `total` errors of which `errors` are the first."""
        self.total += total
        self.kept.extend(list(errors)[: max(0, 2 * LISTED - len(self.kept))])

    @property
    def listed(self) -> tuple[CellError, ...]:
        """The errors to show, in the order of the file."""
        return tuple(sorted(self.kept, key=lambda error: (error.row or 0, error.column or ""))[:LISTED])


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; `extra` holds what only some kinds count (ignored rows, other currencies).

    `preview` holds the first rows that would change, where that was asked for; scripts do not read it.
    """

    kind: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: tuple[CellError, ...] = ()
    errors_total: int = 0
    encoding: str | None = None
    is_dry_run: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    preview: Preview | None = None

    def document(self) -> dict[str, Any]:
        """The report as scripts read it."""
        counts = {"rows": self.rows, "created": self.created, "updated": self.updated, "unchanged": self.unchanged}
        return {
            "kind": self.kind,
            **counts,
            **self.extra,
            "errors": [error.document() for error in self.errors],
            "errors_total": self.errors_total,
            "encoding": self.encoding,
            "dry_run": self.is_dry_run,
        }

    @property
    def sentence(self) -> str:
        """The report for a person: what was done, or why nothing was."""
        if self.errors:
            return "\n".join(self._refusal_lines())
        counts = f"{self.created:,} created, {self.updated:,} updated, {self.unchanged:,} unchanged"
        extra = "".join(f", {count:,} {name.replace('_', ' ')}" for name, count in self.extra.items())
        tried = " Nothing was stored: this was a dry run." if self.is_dry_run else ""
        return f"{self.kind}: {self.rows:,} rows ({self.encoding}): {counts}{extra}.{tried}"

    def _refusal_lines(self) -> list[str]:
        lines = [error.sentence for error in self.errors[:SPOKEN]]
        more = self.errors_total - len(lines)
        if more:
            lines.append(f"… and {more:,} more {'error' if more == 1 else 'errors'}.")
        return [*lines, "Nothing was stored."]
