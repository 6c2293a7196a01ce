"""What the columns of an uploaded file are: looked at, chosen, remembered by the name of their source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.transfer.models import ImportMapping
from app.transfer.rules.cells import Amount, Day, Moment, Number, Whole
from app.transfer.rules.guesses import Guess, checked, fits, guessed, guessed_format, has_guessed_comma, is_mappable
from app.transfer.rules.headers import recognised
from app.transfer.rules.outcome import Faults
from app.transfer.services.formats import Format
from app.transfer.services.options import Options
from app.transfer.services.reading import raw_records, unnamed_sheet
from app.users.services import record_event

LOOKED_AT = 200
SAMPLES = 3
LONGEST_SOURCE = 120


@dataclass(frozen=True)
class Look:
    """The names of a file's columns and the first texts in each."""

    kind: Format
    header: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]

    @property
    def key(self) -> str:
        """The field that the other system calls its id."""
        return next(column.name for column in self.kind.columns if column.key or column.required)

    @property
    def guesses(self) -> list[Guess]:
        """What each column may be."""
        return guessed(self.header, self.kind.expected, self.key)

    def samples(self, choices: Sequence[str], kinds: tuple[type, ...]) -> list[str]:
        """The texts in the columns that are chosen to be of these kinds."""
        fields = {column.name for column in self.kind.columns if isinstance(column.cell, kinds)}
        return [text for texts, choice in zip(self.texts, choices, strict=True) if choice in fields for text in texts]

    def guessed_shape(self, choices: Sequence[str]) -> tuple[str | None, bool]:
        """How dates and numbers seem to be written: the format of dates, and whether numbers have a decimal comma."""
        dates = self.samples(choices, (Day, Moment))
        return guessed_format(dates), has_guessed_comma(self.samples(choices, (Amount, Number, Whole)))


def look_at(path: Path, *, known: Format, options: Options) -> Look | None:
    """The columns of a file with the first texts in each; None where it cannot be read or its columns told apart.

    `known` is its kind, as `known_format` gives it. Only the first rows are read.
    """
    faults = Faults()
    sheet = unnamed_sheet(path, known.expected, faults, replace(options, columns={}).manner)
    if sheet is None:
        return None
    rows = [cells for _row, cells in islice(raw_records(sheet, faults), LOOKED_AT + 1)]
    if not rows or not is_mappable(rows[0]):
        return None
    header = tuple(name.strip() for name in rows[0])
    columns = [_texts(rows[1:], place) for place in range(len(header))]
    return Look(known, header, tuple(columns))


def needs_mapping(look: Look) -> bool:
    """Whether a person must say what the columns are before the file can be imported."""
    return not fits(recognised(look.header, look.kind.expected.known), look.kind.expected)


def remembered(session: Session, *, kind: str, header: Sequence[str]) -> ImportMapping | None:
    """The mapping of the source whose files have these very columns, in any order; the one used last of several."""
    known = session.scalars(
        sa.select(ImportMapping)
        .where(ImportMapping.kind == kind)
        .order_by(ImportMapping.used_at.desc(), ImportMapping.id.desc())
    )
    names = set(header)
    return next((mapping for mapping in known if set(mapping.header) == names), None)


def chosen_columns(look: Look, choices: Sequence[str]) -> dict[str, str]:
    """What the columns are to us; Refusal with a sentence where the choice cannot be."""
    try:
        return checked(look.header, choices, look.kind.expected)
    except ValueError as error:
        raise Refusal(str(error), "columns") from error


def remember(
    session: Session, *, source: str, look: Look, columns: Mapping[str, str], options: Options, user_id: int
) -> ImportMapping:
    """Keep what the columns of a source's files are; what was known of that source and kind of file is replaced."""
    source = source.strip()
    if len(source) > LONGEST_SOURCE:
        raise Refusal(f"Write the source in at most {LONGEST_SOURCE} characters.", "source")
    kind = look.kind.kind
    wanted = sa.select(ImportMapping).where(ImportMapping.source == source, ImportMapping.kind == kind)
    mapping = session.scalar(wanted) or ImportMapping(source=source, kind=kind)
    mapping.header, mapping.columns, mapping.made_by = list(look.header), dict(columns), user_id
    mapping.options = {"date_format": options.date_format, "has_decimal_comma": options.has_decimal_comma}
    mapping.used_at = now()
    session.add(mapping)
    session.flush()
    _note(session, mapping, "mapping.kept", user_id)
    return mapping


def known_sources(session: Session) -> Sequence[ImportMapping]:
    """The sources whose columns are known, by name."""
    return session.scalars(sa.select(ImportMapping).order_by(ImportMapping.source, ImportMapping.kind)).all()


def forget_mapping(session: Session, *, mapping_id: int, user_id: int) -> str:
    """Forget what the columns of a source are and return its name; Missing where there is none."""
    mapping = session.get(ImportMapping, mapping_id)
    if mapping is None:
        raise Missing("There is no such source.")
    source = mapping.source
    _note(session, mapping, "mapping.forgotten", user_id)
    session.delete(mapping)
    session.flush()
    return source


def _texts(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    found = (cells[place].strip() for cells in rows if place < len(cells))
    return tuple(dict.fromkeys(text for text in found if text))


def _note(session: Session, mapping: ImportMapping, action: str, user_id: int) -> None:
    fields: dict[str, Any] = {"kind": mapping.kind, "columns": len(mapping.header)}
    record_event(
        session, actor_id=user_id, action=action, object_type="import_mapping", object_id=mapping.id, fields=fields
    )
