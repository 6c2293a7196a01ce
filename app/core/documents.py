"""Documents that people write as JSON: read strictly, and refused with a sentence that names the place at fault."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

LARGEST_BYTES = 16_000_000
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""The days that documents may name; a window of days around them is still a date."""

KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")

_MOST_DIGITS = 30
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Choice = TypeVar("_Choice", bound=StrEnum)


class FieldError(ValueError):
    """A document's field that cannot be taken: the sentence, and the field's name."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def parse_json(raw: bytes) -> dict[str, Any]:
    """The one JSON object in a file; ValueError with a sentence for whatever JSON, or a database, could not carry.

    Refused are other encodings than UTF-8, NaN and infinity, a key twice in one object, numbers of more than 30 digits,
    nesting too deep to read, and NUL or lone surrogate characters.
    """
    if len(raw) > LARGEST_BYTES:
        raise ValueError(f"The file is larger than {LARGEST_BYTES:,} bytes.")
    try:
        document = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_without_doubles,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise ValueError("The file is not UTF-8 text; save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"The file is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise ValueError("The file nests lists or objects too deeply.") from None
    if not isinstance(document, dict):
        raise ValueError("The file must hold one JSON object.")  # noqa: TRY004  (bad input is ValueError everywhere)
    _refuse_bad_characters(document)
    return document


def canonical_sha256(document: object) -> str:
    """SHA-256 (hex) of a document's canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Fields:
    """The fields of one object of a document; `where` names the object at the start of each sentence."""

    entry: Mapping[str, Any]
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.entry, Mapping):
            raise FieldError(f"{self.where} must be an object with named fields.", "")

    def refuse(self, field: str, demand: str) -> FieldError:
        """The refusal of a field, to be raised: “where: “field” demand”."""
        return FieldError(f"{self.where}: “{field}” {demand}", field)

    def only(self, known: Collection[str]) -> None:
        """Refuse a field that nobody would read."""
        unknown = [str(field) for field in self.entry if field not in known]
        if unknown:
            raise self.refuse(shown(unknown[0]), f"is unknown; known are: {', '.join(sorted(known))}.")

    def has(self, field: str) -> bool:
        """Whether the field is there and not null."""
        return self.entry.get(field) is not None

    def need(self, field: str) -> Any:
        """The field's value as it stands; refused where it is missing or null."""
        if not self.has(field):
            raise self.refuse(field, "is missing.")
        return self.entry[field]

    def text(self, field: str, *, longest: int = 200, default: str | None = None) -> str:
        """A text with something in it, without surrounding space."""
        if default is not None and not self.has(field):
            return default
        value = self.need(field)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(field, "must be a text.")
        if len(value.strip()) > longest:
            raise self.refuse(field, f"is longer than {longest} characters.")
        return value.strip()

    def key(self, field: str, *, default: str | None = None) -> str:
        """A key: at most 80 letters, digits, _ . or -, not beginning with . or -."""
        value = self.text(field, longest=80, default=default)
        if not KEY.fullmatch(value):
            raise self.refuse(field, f"is {shown(value)}; use letters, digits, _ . or -, beginning with a letter.")
        return value

    def number(self, field: str, *, default: float | None = None) -> float:
        """A finite number."""
        value = default if not self.has(field) and default is not None else self.need(field)
        return self.as_number(field, value)

    def as_number(self, field: str, value: Any) -> float:
        """A value that stands in the field, or in a list in it, as a finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(field, f"must be a number, not {shown(value)}.")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.refuse(field, "must be a finite number.")
        return number

    def whole(self, field: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number from `least` to `most`."""
        value = default if not self.has(field) and default is not None else self.need(field)
        number = self.as_number(field, value)
        if not number.is_integer() or not least <= number <= most:
            raise self.refuse(field, f"must be a whole number from {least:,} to {most:,}.")
        return int(value)

    def flag(self, field: str) -> bool:
        """True or false; an absent one is false."""
        value = self.entry.get(field) if self.has(field) else False
        if not isinstance(value, bool):
            raise self.refuse(field, f"is {shown(value)}; use true or false.")
        return value

    def choice(self, field: str, kind: type[_Choice], *, default: _Choice | None = None) -> _Choice:
        """One of the named choices."""
        value = default if not self.has(field) and default is not None else self.need(field)
        if not isinstance(value, str) or value not in list(kind):
            raise self.refuse(field, f"is {shown(value)}; use one of: {', '.join(kind)}.")
        return kind(value)

    def day(self, field: str, *, default: date | None = None) -> date:
        """A date, written YYYY-MM-DD."""
        if default is not None and not self.has(field):
            return default
        value = self.need(field)
        try:
            # Python also reads 20260105 and 2026-W02-1, which the product's files do not know.
            text = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
            day = date.fromisoformat(text)
        except ValueError:
            raise self.refuse(field, f"is {shown(value)}; write a date as YYYY-MM-DD.") from None
        if not EARLIEST <= day <= LATEST:
            raise self.refuse(field, f"is {shown(value)}; dates run from {EARLIEST} to {LATEST}.")
        return day

    def entries(self, field: str, *, most: int) -> list[Any]:
        """A list; an absent one is empty."""
        value = self.entry.get(field) if self.has(field) else []
        if not isinstance(value, list):
            raise self.refuse(field, "must be a list.")
        if len(value) > most:
            raise self.refuse(field, f"has more than {most:,} entries.")
        return value

    def texts(self, field: str, *, most: int, longest: int = 200) -> list[str]:
        """A list of texts, none of them twice."""
        values = self.entries(field, most=most)
        if any(not isinstance(value, str) or not value.strip() or len(value) > longest for value in values):
            raise self.refuse(field, f"must be a list of texts of at most {longest} characters.")
        stripped = [value.strip() for value in values]
        if doubled := first_doubled(stripped):
            raise self.refuse(field, f"names {shown(doubled)} twice.")
        return stripped

    def inner(self, field: str, where: str) -> "Fields":
        """The object in a field; an absent one is empty."""
        return Fields(self.entry.get(field) if self.has(field) else {}, where)  # type: ignore[arg-type]  # Fields checks it.


def shown(value: object) -> str:
    """A value as a sentence quotes it: short, and never a whole list."""
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    text = json.dumps(value) if isinstance(value, bool) or value is None else str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def first_doubled(values: Iterable[str]) -> str | None:
    """The first value that stands there a second time."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if doubled := first_doubled(key for key, _ in pairs):
        raise ValueError(f"The file has the key {shown(doubled)} twice in one object.")
    return dict(pairs)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"The file holds {name}, which is no number in JSON.")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"The file holds a number of {len(digits):,} digits.")
    return int(digits)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"The file holds {shown(text)}, which is too large a number.")
    return number


def _refuse_bad_characters(document: dict[str, Any]) -> None:
    # A stack instead of recursion: the document may be nested as deeply as the JSON reader permits.
    stack: list[Any] = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value)
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str) and any(c == "\0" or unicodedata.category(c) == "Cs" for c in value):
            raise ValueError("The file holds a NUL or a lone surrogate character.")
