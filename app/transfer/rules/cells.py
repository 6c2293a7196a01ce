"""What a cell of an import file may hold: one small class per kind of cell, text in, a value or ValueError out."""

import math
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

LONGEST_TEXT = 10_000
LONGEST_CUSTOM = 2_000
LARGEST_WHOLE = 2_147_483_647
LARGEST_MONEY = Decimal("999999999999.99")

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?")
_COMMA_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}|[0-9]{1,3}(?:\.[0-9]{3}){1,100})(?:,[0-9]{0,400})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ADDRESS = re.compile(
    r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\.]{1,63}(?:\.[^\s@\"(),:;<>\[\]\\.]{1,63}){1,30}"
)
_CURRENCY = re.compile(r"[A-Z]{3}")

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Shape:
    """How this file writes dates (None: ISO 8601) and whether its numbers have a decimal comma."""

    date_format: str | None = None
    has_decimal_comma: bool = False


class Cell(ABC):
    """A kind of cell."""

    @abstractmethod
    def reader(self, shape: Shape) -> Read:
        """The function from the stripped, non-empty text of a cell to its value; it raises ValueError."""


def shown(text: str) -> str:
    """The text as a message may quote it: short, and without characters that do not show."""
    visible = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:40])
    return f"“{visible}{'…' if len(text) > 40 else ''}”"


def check_characters(text: str, *, has_lines: bool = False) -> None:
    """ValueError if the text holds NUL bytes or other control characters; breaks and tabs only where they belong."""
    if text.isprintable():
        return
    for character in text:
        if character == "\0":
            raise ValueError("The cell holds a NUL byte; save the file as text again.")
        if character == "\r":
            raise ValueError("The cell holds a lone carriage return; save the file with ordinary line ends.")
        if unicodedata.category(character) in {"Cc", "Cs"} and not (has_lines and character in "\n\t"):
            what = "a line break" if character == "\n" else f"the control character U+{ord(character):04X}"
            raise ValueError(f"The cell holds {what}; remove it.")


@dataclass(frozen=True)
class Words(Cell):
    """Text of a limited length, on one line unless `has_lines`."""

    longest: int = 200
    has_lines: bool = False

    def reader(self, _shape: Shape) -> Read:
        """The text itself."""
        longest, has_lines = self.longest, self.has_lines

        def read(text: str) -> str:
            if not text.isprintable():
                text = text.replace("\r\n", "\n") if has_lines else text
                check_characters(text, has_lines=has_lines)
            if len(text) > longest:
                raise ValueError(f"The text has {len(text):,} characters; at most {longest:,} fit.")
            return text

        return read


@dataclass(frozen=True)
class Number(Cell):
    """A finite number."""

    def reader(self, shape: Shape) -> Read:
        """The number as a float; `inf` and `nan` are none."""
        plain = plain_number(shape)

        def read(text: str) -> float:
            value = float(plain(text))
            if math.isinf(value):
                raise ValueError(f"{shown(text)} is too large for a number.")
            return value

        return read


@dataclass(frozen=True)
class Amount(Cell):
    """Money: a decimal with at most two places, never a float."""

    def reader(self, shape: Shape) -> Read:
        """The amount as an exact Decimal."""
        plain = plain_number(shape)

        def read(text: str) -> Decimal:
            value = Decimal(plain(text))
            if abs(value) > LARGEST_MONEY:
                raise ValueError(f"{shown(text)} is more money than fits (at most {LARGEST_MONEY:,}).")
            cents = value.quantize(Decimal("0.01"))
            if cents != value:
                raise ValueError(f"{shown(text)} has more than two decimals; round it to cents.")
            return cents

        return read


@dataclass(frozen=True)
class Whole(Cell):
    """A whole number of 0 or more."""

    def reader(self, shape: Shape) -> Read:
        """The number as an int; `12.0` is 12."""
        plain = plain_number(shape)

        def read(text: str) -> int:
            value = Decimal(plain(text))
            if not 0 <= value <= LARGEST_WHOLE or value != int(value):
                raise ValueError(f"{shown(text)} is not a whole number from 0 to {LARGEST_WHOLE:,}.")
            return int(value)

        return read


def plain_number(shape: Shape) -> Callable[[str], str]:
    """The function that checks a number's spelling and rewrites it with a decimal point; it raises ValueError."""
    if not shape.has_decimal_comma:

        def with_point(text: str) -> str:
            if not _NUMBER.fullmatch(text):
                raise ValueError(f"{shown(text)} is not a number; write it with a decimal point, as 1234.56.")
            return text

        return with_point

    def with_comma(text: str) -> str:
        if not _COMMA_NUMBER.fullmatch(text):
            raise ValueError(f"{shown(text)} is not a number; write it with a decimal comma, as 1.234,56.")
        return text.replace(".", "").replace(",", ".")

    return with_comma


@dataclass(frozen=True)
class Day(Cell):
    """A date."""

    def reader(self, shape: Shape) -> Read:
        """The date, from `YYYY-MM-DD` or the file's own format."""

        def read(text: str) -> date:
            found = in_format(text, shape.date_format) if shape.date_format else _iso_day(text)
            if found is None:
                raise ValueError(f"{shown(text)} is not a date; write it as {shape.date_format or 'YYYY-MM-DD'}.")
            return found.date() if isinstance(found, datetime) else found

        return read


@dataclass(frozen=True)
class Moment(Cell):
    """An instant in UTC."""

    def reader(self, shape: Shape) -> Read:
        """The instant, from ISO 8601 or the file's own format; without a zone it is UTC, without a time 00:00."""

        def read(text: str) -> datetime:
            found = in_format(text, shape.date_format) if shape.date_format else None
            # With a format of its own a file's bare dates never mean ISO dates, but a full instant is unmistakable.
            if found is None and (shape.date_format is None or len(text) > 10):
                found = _iso_instant(text)
            if found is None:
                raise ValueError(f"{shown(text)} is not a point in time; write it as 2026-01-31T14:30:00Z.")
            return found

        return read


def in_format(text: str, date_format: str) -> datetime | None:
    """What the text means in a `strptime` format, in UTC; None if it does not fit or does not exist."""
    try:
        return _in_utc(datetime.strptime(text, date_format))  # noqa: DTZ007  (_in_utc gives it the zone)
    except (ValueError, IndexError, OverflowError, re.error):
        return None


def is_date_format(date_format: str) -> bool:
    """Whether the format says day, month and year, so that a date written in it can be read again."""
    days = (datetime(2019, 9, 30, tzinfo=UTC), datetime(2020, 11, 7, tzinfo=UTC))
    try:
        found = [in_format(day.strftime(date_format), date_format) for day in days]
    except ValueError:
        return False
    return [each and each.date() for each in found] == [day.date() for day in days]


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _iso_instant(text: str) -> datetime | None:
    try:
        return _in_utc(datetime.fromisoformat(text)) if _INSTANT.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


@dataclass(frozen=True)
class OneOf(Cell):
    """One of a few words, in any case; `others` says whether further words pass as they are."""

    words: tuple[str, ...]
    others: Cell | None = None

    def reader(self, shape: Shape) -> Read:
        """The word as it is listed."""
        read_other = self.others.reader(shape) if self.others else None

        def read(text: str) -> str:
            if text.casefold() in self.words:
                return text.casefold()
            if read_other:
                return str(read_other(text))
            raise ValueError(f"{shown(text)} is not known here; use one of: {', '.join(self.words)}.")

        return read


_TRUTH = {**dict.fromkeys(("yes", "true", "1"), True), **dict.fromkeys(("no", "false", "0"), False)}


@dataclass(frozen=True)
class Truth(Cell):
    """A boolean."""

    def reader(self, _shape: Shape) -> Read:
        """True for yes, true, 1; False for no, false, 0."""

        def read(text: str) -> bool:
            value = _TRUTH.get(text.casefold())
            if value is None:
                raise ValueError(f"{shown(text)} is neither yes nor no; use yes/no, true/false or 1/0.")
            return value

        return read


@dataclass(frozen=True)
class Consent(Cell):
    """Whether a contact agreed to be asked."""

    def reader(self, _shape: Shape) -> Read:
        """`yes`, `no` or `unknown`; the spellings of booleans count as yes and no."""

        def read(text: str) -> str:
            word = text.casefold()
            if word == "unknown":
                return word
            if word not in _TRUTH:
                raise ValueError(f"{shown(text)} is not a consent; use yes, no or unknown.")
            return "yes" if _TRUTH[word] else "no"

        return read


@dataclass(frozen=True)
class Address(Cell):
    """An e-mail address, checked for its shape only: whether it exists is for the post to find out."""

    def reader(self, _shape: Shape) -> Read:
        """The address as written."""

        def read(text: str) -> str:
            if not _ADDRESS.fullmatch(text) or len(text) > 254:
                raise ValueError(f"{shown(text)} does not have the shape of an e-mail address.")
            check_characters(text)
            return text

        return read


@dataclass(frozen=True)
class Currency(Cell):
    """A currency by its three letters (ISO 4217)."""

    def reader(self, _shape: Shape) -> Read:
        """The letters as capitals."""

        def read(text: str) -> str:
            if not _CURRENCY.fullmatch(text.upper()):
                raise ValueError(f"{shown(text)} is not a currency; use its three letters, as USD.")
            return text.upper()

        return read


@dataclass(frozen=True)
class Tags(Cell):
    """Words separated by semicolons."""

    def reader(self, _shape: Shape) -> Read:
        """The words in order, each once."""

        def read(text: str) -> list[str]:
            check_characters(text)
            tags = list(dict.fromkeys(tag.strip() for tag in text.split(";") if tag.strip()))
            if any(len(tag) > 80 for tag in tags) or len(tags) > 100:
                raise ValueError("Shorten the tags: at most 100 of at most 80 characters each.")
            return tags

        return read
