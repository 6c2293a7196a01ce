"""Kinds of events on a timeline, what a reader asks for, and the place from which a page goes on."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from app.core.ids import LARGEST_ID

_PLACE = re.compile(r"([0-9]{4}(?:[0-9]{2}){5}[0-9]{6})-([0-9]{1,3})-([0-9]{1,10})")
_AT = "%Y%m%d%H%M%S%f"


class Kind(StrEnum):
    """What can be asked for; each has events of its own."""

    CONVERSATION = "conversation"
    ANSWER = "answer"
    MAIL = "mail"
    CALL = "call"
    HEALTH = "health"
    ACTION = "action"
    JUDGEMENT = "judgement"
    PROMISE = "promise"
    SITUATION = "situation"
    CASE = "case"
    OUTCOME = "outcome"


KINDS = {
    Kind.CONVERSATION: "Conversations",
    Kind.ANSWER: "Answers",
    Kind.MAIL: "Mails",
    Kind.CALL: "Calls and meetings",
    Kind.HEALTH: "Health",
    Kind.ACTION: "Actions",
    Kind.JUDGEMENT: "Judgement",
    Kind.PROMISE: "Promises",
    Kind.SITUATION: "Situations",
    Kind.CASE: "Cases",
    Kind.OUTCOME: "Outcomes",
}


@dataclass(frozen=True, order=True)
class Place:
    """Where an event stands on a timeline: its instant, the rank of its branch, its id. Newer ones come first."""

    at: datetime
    rank: int
    id: int


def kind_asked(raw: str) -> Kind | None:
    """The kind that an address asks for, None for all of them."""
    return Kind(raw) if raw in list(Kind) else None


def place_words(place: Place) -> str:
    """A place as it stands in an address."""
    return f"{place.at.astimezone(UTC).strftime(_AT).zfill(20)}-{place.rank}-{place.id}"


def place_asked(raw: str) -> Place | None:
    """The place behind which a page begins, None for the newest page and for anything that is no place."""
    found = _PLACE.fullmatch(raw) if raw.isascii() else None
    if found is None:
        return None
    at, rank, identity = found.groups()
    try:
        return Place(datetime.strptime(at, _AT).replace(tzinfo=UTC), int(rank), min(int(identity), LARGEST_ID))
    except ValueError:
        return None
