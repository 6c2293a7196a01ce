"""What is agreed for an interview besides its time: how one meets, where, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Refusal
from app.interviews.rules.local_time import Reading
from app.studies.rules.attempts import CallOutcome

LONGEST_PLACE = 500
SHORTEST, LONGEST, USUAL = 5, 480, 60


class Way(StrEnum):
    """How one meets."""

    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"


WAYS = {Way.PHONE: "By phone", Way.FACE_TO_FACE: "Face to face", Way.VIDEO: "By video"}
_MISSING = {
    Way.PHONE: "Enter the number that you will call.",
    Way.FACE_TO_FACE: "Enter where you will meet.",
    Way.VIDEO: "Enter the link of the meeting.",
}


@dataclass(frozen=True)
class Meeting:
    """What is agreed: the instant as a clock there reads it, how long, how and where."""

    reading: Reading
    minutes: int
    way: Way
    place: str


def way_held(agreed: str | None, calls: Sequence[tuple[str, str]]) -> Way | None:
    """Return how one met: as the call says in which it was held, else as agreed, else as the last call, newest first.

    `calls` are (outcome, channel); a mail is no way to hold an interview. None where nothing is known.
    """
    held = [channel for outcome, channel in calls if outcome == CallOutcome.HELD]
    known = [*held, agreed, *(channel for _, channel in calls)]
    return next((Way(each) for each in known if each in list(Way)), None)


def way_in(raw: str) -> Way:
    """Return how one meets; Refusal where it is none of the list."""
    if raw not in list(Way):
        raise Refusal("Choose how you will meet.", "way")
    return Way(raw)


def place_in(raw: str, way: Way) -> str:
    """Return where one meets in one line; Refusal where nothing is said, or too much."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in raw).split())
    if not plain:
        raise Refusal(_MISSING[way], "place")
    if len(plain) > LONGEST_PLACE:
        raise Refusal(f"Keep to {LONGEST_PLACE} characters.", "place")
    return plain


def minutes_in(raw: str) -> int:
    """Return how long an interview is to take; Refusal where it is no number of minutes that a day has room for."""
    plain = raw.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4 and SHORTEST <= int(plain) <= LONGEST):
        raise Refusal(f"Enter a number of minutes from {SHORTEST} to {LONGEST}.", "minutes")
    return int(plain)
