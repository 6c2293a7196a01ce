"""The page of one plan: its outcomes, blockers and moved dates as finished text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.display import day
from app.core.words import counted
from app.plans.rules.portfolio import slip_words
from app.users.rules import Permission, Reach, Scope

WITH_NAMES = frozenset({Reach.ALL, Reach.ASSIGNED})


@dataclass(frozen=True)
class OutcomeLine:
    """One outcome; `state` is open, late, done or dropped."""

    id: int
    title: str
    measure: str
    due: str
    state: str
    words: str
    slips: str


@dataclass(frozen=True)
class BlockerLine:
    """One blocker; `state` is critical, open or resolved."""

    id: int
    title: str
    state: str
    words: str
    owner: str


@dataclass(frozen=True)
class MoveLine:
    """One date that moved."""

    what: str
    words: str
    reason: str
    about: str


@dataclass(frozen=True)
class PlanPage:
    """All that stands in a plan."""

    outcomes: list[OutcomeLine]
    blockers: list[BlockerLine]
    moves: list[MoveLine]


def plan_page(outcomes: Sequence[Any], blockers: Sequence[Any], moves: Sequence[Any], today: date) -> PlanPage:
    """A plan as finished text, from rows (outcome, slips), (blocker, owner), and moved dates."""
    return PlanPage(
        [_outcome(it, slips, today) for it, slips in outcomes],
        [_blocker(it, owner, today) for it, owner in blockers],
        [
            MoveLine(
                f"“{each.title}”" if each.title else "The plan",
                f"from {day(each.former_on)} to {day(each.due_on)}",
                each.reason,
                f"{each.who}, {day(each.moved_at)}",
            )
            for each in moves
        ],
    )


def may_know_people(scope: Scope) -> bool:
    """Tell whether somebody who sees an account may know the names of the people there."""
    return bool(scope.reaches(Permission.ACCOUNTS) & WITH_NAMES)


def _outcome(it: Any, slips: int, today: date) -> OutcomeLine:
    late = (today - it.due_on).days
    state, words = "open", "open"
    if it.dropped_on:
        state, words = "dropped", f"given up {day(it.dropped_on)}"
    elif it.done_on:
        state, words = "done", f"reached {day(it.done_on)}"
    elif late > 0:
        state, words = "late", f"{counted(late, 'day')} late"
    return OutcomeLine(
        it.id, it.title, it.measure or "", day(it.due_on), state, words, f"moved {slip_words(slips)}" if slips else ""
    )


def _blocker(it: Any, owner: str | None, today: date) -> BlockerLine:
    since = f"since {day(it.opened_on)}"
    if it.resolved_on:
        return BlockerLine(it.id, it.title, "resolved", f"{since}, gone {day(it.resolved_on)}", owner or "nobody")
    days = counted((today - it.opened_on).days, "day")
    kind = "critical" if it.is_critical else "open"
    return BlockerLine(it.id, it.title, kind, f"{kind} {since}, {days}", owner or "nobody yet")
