"""How far a study has come, computed from facts: what it waits for, and its days in words."""

from datetime import date, datetime
from typing import NamedTuple

PAGE = "studies.show"
"""The page of one study."""


class Step(NamedTuple):
    """What is missing, in words, what to do about it, and the page on which it is done."""

    waits_for: str
    does: str
    page: str


def next_step(
    *, drawn_at: datetime | None, heard: int, scored_at: datetime | None, is_triggered: bool = False
) -> Step | None:
    """Return what a study waits for, or None where it is scored and its gap report can be read."""
    if scored_at is not None:
        return None
    if drawn_at is None and is_triggered:
        return Step("Not started yet", "See whom it would ask and start", PAGE)
    if drawn_at is None:
        return Step("Not drawn yet", "See what it gives and draw", PAGE)
    if heard == 0:
        return Step("Waiting for answers", "See who is silent", PAGE)
    return Step("Answers are in, not scored yet", "Score the answers", PAGE)


def next_anonymous_step(*, drawn_at: datetime | None, answers: int, closed_at: datetime | None) -> Step | None:
    """Return what an anonymous study waits for, or None where it is closed and its segments can be read."""
    if closed_at is not None:
        return None
    if drawn_at is None:
        return Step("Not drawn yet", "See what it gives and draw", PAGE)
    if answers == 0:
        return Step("Waiting for answers", "Hand out its links", PAGE)
    return Step("Figures come with its close", "See how far it is", PAGE)


def answers_finding(answers: int, *, is_closed: bool) -> str:
    """Return the title of a drawn anonymous study."""
    if answers == 0:
        return "Nobody has answered" if is_closed else "Nobody has answered yet"
    return f"{counted(answers, 'anonymous answer')}{'' if is_closed else ' so far'}"


def period_words(today: date, *, opens_on: date, closes_on: date, closed_on: date | None) -> tuple[str, date, str]:
    """Return the fieldwork's state as (words before a date, the date, words behind it)."""
    if closed_on is not None:
        return "Closed since", closed_on, ""
    if today < opens_on:
        return "Opens on", opens_on, f", {in_days((opens_on - today).days)}"
    left = (closes_on - today).days
    if left < 0:
        return "Fieldwork ended on", closes_on, f", {counted(-left, 'day')} ago; close it when the last answers are in"
    return "Open until", closes_on, ", its last day" if left == 0 else f", {counted(left, 'day')} left"


def in_days(days: int) -> str:
    """Return how far ahead something lies."""
    return "tomorrow" if days == 1 else f"in {counted(days, 'day')}"


def counted(number: int, thing: str) -> str:
    """Return a number with its noun, `1 day`, `1,200 days`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def heard_finding(heard: int, drawn: int, *, is_closed: bool, is_part: bool) -> str:
    """Return the title of a drawn study; `is_part` where the reader sees only the accounts assigned to them."""
    accounts = f"{'account' if drawn == 1 else 'accounts'}{' assigned to you' if is_part else ''}"
    done = "answered" if is_closed else f"{'has' if max(heard, 1) == 1 else 'have'} answered"
    if drawn == 0:
        return "No account has joined" if is_closed else "Started: no account has joined yet"
    if heard == 0:
        return f"None of {drawn:,} {accounts} {done}{'' if is_closed else ' yet'}"
    return f"All {drawn:,} {accounts} {done}" if heard == drawn > 1 else f"{heard:,} of {drawn:,} {accounts} {done}"
