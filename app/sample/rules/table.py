"""The rows of one import file, every cell as the text that the file carries."""

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A header and its rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """The cells of one column; ValueError where there is no such column."""
        position = self.header.index(name)
        return [row[position] for row in self.rows]

    def records(self) -> list[dict[str, str]]:
        """One mapping per row."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]

    def csv_text(self) -> str:
        """The table as comma-separated text with line feeds."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return text.getvalue()
