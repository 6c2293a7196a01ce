"""What a response is made of, and when two of them say the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.questionnaires.rules.kinds import Absence, ParsedAnswer


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
    """All that an interviewer wrote down at one question; None and () are nothing."""

    answer: ParsedAnswer | None = None
    note: str | None = None
    quote: str | None = None
    quote_permission: QuotePermission | None = None
    absence: Absence | None = None
    probes: tuple[str, ...] = ()


NOTHING = ItemContent()


@dataclass(frozen=True)
class Item:
    """One question of an interview as it stands: its revision (0 is untouched), its content, and who wrote it when."""

    revision: int
    content: ItemContent
    recorded_by: int | None = None
    recorded_at: datetime | None = None


def answers_sha256(answers: Mapping[int, ParsedAnswer]) -> str:
    """SHA-256 (hex) of answers by question id: the same answers give the same hash, in whatever order."""
    plain = [[question, answers[question].value_number, answers[question].value_text] for question in sorted(answers)]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()).hexdigest()
