"""What an account bought of education and took of it: as it is typed, as it reads, and as a scorecard may weigh it."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.display import count, day, number, percent
from app.core.errors import Refusal
from app.core.typed import typed_day, typed_lines
from app.core.words import plural

METRIC = "education.taken_share"
"""The telemetry by which a scorecard may weigh education: the share (0-1) of those meant to take part who did."""

LONGEST_WORDS = 500
MOST_HOURS, MOST_PEOPLE = 100_000.0, 1_000_000
_WHOLE = re.compile(r"[0-9]{1,7}")
_DECIMAL = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")


class Included(StrEnum):
    """Whether the deal included education."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Reading(StrEnum):
    """What bought and taken come to; the order is that of what wants doing."""

    NOT_TAKEN = "included and not taken"
    TAKEN = "taken"
    NOT_INCLUDED = "not included"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Typed:
    """What is known of an account's education, as a form sends it; empty is not known."""

    included: str = ""
    what: str = ""
    hours: str = ""
    seats: str = ""
    taken_on: str = ""
    takers: str = ""
    people: str = ""
    share: str = ""


@dataclass(frozen=True)
class Known:
    """What can be kept of it; `share` is of 1."""

    included: Included
    what: str | None
    hours: float | None
    seats: int | None
    taken_on: date | None
    takers: str | None
    people: int | None
    share: float | None


def checked_education(typed: Typed, *, today: date) -> Known:
    """What was typed, read; Refusal with the remedy and the field where it cannot be kept.

    Where no share is typed, it is that of the people among the seats, 1 at most.
    """
    if typed.included not in list(Included):
        raise Refusal("Choose whether the deal included education.", "included")
    included = Included(typed.included)
    what = typed_lines(typed.what, "what", LONGEST_WORDS) or None
    hours = _decimal(typed.hours, "hours", MOST_HOURS)
    seats = _whole(typed.seats, "seats")
    if included is not Included.YES and (what or hours is not None or seats is not None):
        raise Refusal("You say what the deal included, so choose “Yes”, or empty those fields.", "included")
    taken_on, takers, people, share = _taken(typed, today)
    return Known(
        included, what, hours, seats, taken_on, takers, people, share_of(people, seats) if share is None else share
    )


def typed_of(known: Known) -> Typed:
    """What is known, as it would be typed; a share that people and seats tell stays empty, so that it follows them."""
    is_told = known.share is None or known.share == share_of(known.people, known.seats)
    return Typed(
        included=known.included.value,
        what=known.what or "",
        hours=plain(known.hours),
        seats=plain(known.seats),
        taken_on=known.taken_on.isoformat() if known.taken_on else "",
        takers=known.takers or "",
        people=plain(known.people),
        share="" if is_told or known.share is None else plain(known.share * 100),
    )


def plain(value: float | None) -> str:
    """A number as it would be typed, with two decimals at most; blank where there is none."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def share_of(people: int | None, seats: int | None) -> float | None:
    """The share of people among seats, 1 at most; None where either is not known."""
    return min(people / seats, 1.0) if people is not None and seats else None


def reading(included: str | None, taken_on: date | None) -> Reading:
    """How an account stands with education; nothing on record is unknown, never “not included”."""
    if taken_on is not None:
        return Reading.TAKEN
    if included == Included.YES:
        return Reading.NOT_TAKEN
    return Reading.NOT_INCLUDED if included == Included.NO else Reading.UNKNOWN


def taken_share(known: Known) -> float | None:
    """The share that telemetry keeps: 0 for what was bought and not taken, None where it cannot be told."""
    if known.taken_on is not None:
        return known.share
    return 0.0 if known.included is Included.YES else None


def bought_words(what: str | None, hours: float | None, seats: int | None) -> str:
    """What the deal included, in one line; blank where nothing is known of it."""
    parts = [what or "", f"{number(hours, 2 if hours % 1 else 0)} hours" if hours else ""]
    parts.append(f"{count(seats)} {plural(seats, 'seat')}" if seats else "")
    return ", ".join(part for part in parts if part)


def taken_words(taken_on: date | None, people: int | None, share: float | None) -> str:
    """When it was taken, by how many, and which share; blank where it was not."""
    if taken_on is None:
        return ""
    parts = [day(taken_on), f"{count(people)} {'person' if people == 1 else 'people'}" if people else ""]
    parts.append(f"{percent(share)} of those meant to" if share is not None else "")
    return ", ".join(part for part in parts if part)


def _taken(typed: Typed, today: date) -> tuple[date | None, str | None, int | None, float | None]:
    taken_on, takers = _day(typed.taken_on, today), typed_lines(typed.takers, "takers", LONGEST_WORDS) or None
    people, share = _whole(typed.people, "people"), _decimal(typed.share.replace("%", ""), "share", 100.0)
    if taken_on is None and (takers or people is not None or share is not None):
        raise Refusal("Choose the day on which it was taken, or empty who took it.", "taken_on")
    return taken_on, takers, people, None if share is None else share / 100


def _whole(raw: str, field: str) -> int | None:
    text = raw.strip().replace(",", "")
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or not 0 < int(text) <= MOST_PEOPLE:
        raise Refusal(f"Enter a whole number from 1 to {MOST_PEOPLE:,}, or leave it empty.", field)
    return int(text)


def _decimal(raw: str, field: str, most: float) -> float | None:
    text = raw.strip()
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or float(text.replace(",", ".")) > most:
        raise Refusal(f"Enter a number from 0 to {most:,.0f}, or leave it empty.", field)
    return float(text.replace(",", "."))


def _day(raw: str, today: date) -> date | None:
    found = typed_day(raw, "taken_on", latest=date.max)
    if found is not None and found > today:
        raise Refusal(f"{day(found)} is still to come; note it when it was taken.", "taken_on")
    return found
