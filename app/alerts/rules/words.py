"""What an alert says: its subject, a line for each account, and why a mail sometimes does not go."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.alerts.rules.wishes import Told
from app.core.words import capital, counted
from app.users.rules.barred import Barred

MOST_LINES = 30
"""Accounts in a mail; a page shows the others."""
LONGEST_NAME = 80

_TELLS = {
    Told.SILENCE: "lost its signal",
    Told.COLOUR: "changed colour",
    Told.FALL: "fell",
}


class Unsent(StrEnum):
    """Why a mail does not go, in words for who reads the page of alerts."""

    GONE = Barred.GONE.value
    NO_FACTOR = Barred.NO_FACTOR.value
    NOTHING_LEFT = "None of it was to be told any more: the alert was stopped, or the accounts are not yours to see."
    ENDED = "The alerts were stopped before the mail went out."


@dataclass(frozen=True)
class AlertLine:
    """One account in a mail: what it did, from what to what since when, why, and where to read on."""

    name: str
    arr: str
    told: str
    head: str
    since: str
    why: str
    notes: tuple[str, ...]
    address: str


def told_words(kinds: Sequence[str]) -> str:
    """What an account did, the most important alone: `changed colour`."""
    return next(words for told, words in _TELLS.items() if told.value in kinds)


def subject_of(lines: Sequence[AlertLine], left: int) -> str:
    """The subject of a mail, with the first account and where its health went."""
    first = lines[0]
    name = first.name if len(first.name) <= LONGEST_NAME else f"{first.name[: LONGEST_NAME - 1]}…"
    if len(lines) + left == 1:
        return f"{name} {first.told}: {first.head}"
    return f"Health moved at {counted(len(lines) + left, 'account')}: {name} {first.head}"


def headline_of(lines: Sequence[AlertLine], left: int) -> str:
    """The headline of a mail."""
    if len(lines) + left == 1:
        return f"{lines[0].name} {lines[0].told}"
    return f"{capital(counted(len(lines) + left, 'account'))} moved"
