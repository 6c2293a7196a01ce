"""How a file is to be imported, and what became of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import Refusal
from app.transfer.rules.cells import Currency, Shape, is_date_format
from app.transfer.rules.preview import Preview
from app.transfer.services.merging import Counted
from app.transfer.services.reading import Manner, Progress
from app.users.rules import Scope


@dataclass(frozen=True)
class Options:
    """How to read a file and what to do with it.

    `currency` is the setting that overrules the first accounts; `study`, `renamed` (question in the file -> question of
    the questionnaire) and `ignored` are for responses alone. `progress` is told how many rows have been read.
    `has_preview` asks for the first rows that are new or change; `scope` keeps the caller to studies of their own
    (without one, as by command, every study is theirs). `columns` says what columns of the file are to us, as Manner
    does, and `sheet` which sheet of a workbook counts.
    """

    date_format: str | None = None
    has_decimal_comma: bool = False
    is_dry_run: bool = False
    currency: str | None = None
    study: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    ignored: Collection[str] = ()
    progress: Progress | None = None
    actor_id: int | None = None
    has_preview: bool = False
    scope: Scope | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None

    @property
    def manner(self) -> Manner:
        """How the file is read."""
        return Manner(self.columns, self.sheet, self.shape)

    @property
    def shape(self) -> Shape:
        """How the file writes dates and numbers."""
        return Shape(self.date_format, self.has_decimal_comma)

    @property
    def currency_code(self) -> str | None:
        """The currency of the settings in capitals; Refusal if it is none."""
        try:
            return str(Currency().reader(Shape())(self.currency)) if self.currency else None
        except ValueError as error:
            raise Refusal(f"The workspace's currency: {error}", "currency") from error

    def check(self) -> None:
        """Refuse options that no file could be read by."""
        if self.date_format is not None and not is_date_format(self.date_format):
            raise Refusal(
                f"“{self.date_format}” does not give day, month and year; write it like %d.%m.%Y.", "date_format"
            )
        _ = self.currency_code


@dataclass(frozen=True)
class Stored:
    """What became of the rows of a file, and what only its kind counts."""

    counted: Counted
    extra: dict[str, Any] = field(default_factory=dict)
    preview: Preview | None = None


NOTHING = Stored(Counted(0, 0, 0))
