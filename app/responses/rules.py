"""What a response is made of, and when two of them say the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.questionnaires.rules.kinds import Absence, ParsedAnswer


class Place(NamedTuple):
    """Where an answer stands: the question's id, and the relationship it is about, blank where it is asked once."""

    question_id: int
    item: str = ""


@dataclass(frozen=True)
class Standing:
    """An answer on record: its row, what it says, and whether it counts (not where its branch has closed).

    One that `is_nothing` only says that its question was not on the route.
    """

    id: int
    answer: ParsedAnswer
    is_counted: bool
    is_nothing: bool = False


@dataclass(frozen=True)
class Recorded:
    """How many given answers are new, change an answer (or when and how the response was given), or are known."""

    created: int
    updated: int
    unchanged: int


class QuotePermission(StrEnum):
    """How a person's own words may be used."""

    INTERNAL = "internal"
    WITHOUT_NAME = "without_name"
    WITH_NAME = "with_name"
    NONE = "none"


@dataclass(frozen=True)
class ItemContent:
    """All that an interviewer wrote down at one question; None, () and False are nothing.

    `reason` is why there is no answer, in words. A quote is word for word unless it `is_paraphrase`. What `is_starred`
    belongs into the brief, what `is_later` is to be put again.
    """

    answer: ParsedAnswer | None = None
    note: str | None = None
    quote: str | None = None
    quote_permission: QuotePermission | None = None
    absence: Absence | None = None
    probes: tuple[str, ...] = ()
    reason: str | None = None
    is_paraphrase: bool = False
    is_starred: bool = False
    is_later: bool = False


NOTHING = ItemContent()


@dataclass(frozen=True)
class Item:
    """One question of an interview as it stands: its revision (0 is untouched), its content, and who wrote it when."""

    revision: int
    content: ItemContent
    recorded_by: int | None = None
    recorded_at: datetime | None = None


def answers_sha256(answers: Mapping[Place, ParsedAnswer]) -> str:
    """SHA-256 (hex) of answers by place: the same answers give the same hash, in whatever order."""
    plain = [_plain(place, answers[place]) for place in sorted(answers)]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()).hexdigest()


def _plain(place: Place, answer: ParsedAnswer) -> list[object]:
    """An answer as it is hashed: what few answers have is left out, so that hashes hold from version to version."""
    plain: list[object] = [place.question_id, answer.value_number, answer.value_text]
    return [*plain, place.item, answer.absence] if place.item or answer.absence else plain
