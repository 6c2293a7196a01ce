"""The colour of a plan, from its dates and blockers alone: computed, not felt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.core.display import day
from app.core.words import capital, counted, in_words, listed

STUCK_DAYS = 30
"""Days after its date from which on something that is not reached is stuck, and no longer only late."""
STILL_DAYS = 90
"""Days without anything reached after which a plan does not move."""


class PlanColour(StrEnum):
    """How a plan stands; none is no plan, or one without outcomes, which is neither good nor bad."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NONE = "none"


COLOUR_WORDS = {
    PlanColour.RED: "Stuck",
    PlanColour.YELLOW: "Blocked or late",
    PlanColour.GREEN: "On plan",
    PlanColour.NONE: "No plan",
}


@dataclass(frozen=True)
class OutcomeFact:
    """One outcome that counts; what was given up is none."""

    title: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True)
class BlockerFact:
    """One blocker that is open."""

    title: str
    is_critical: bool
    opened_on: date


@dataclass(frozen=True)
class PlanFacts:
    """What the colour of a plan is computed from; `agreed_on` None is no plan."""

    agreed_on: date | None = None
    due_on: date | None = None
    outcomes: Sequence[OutcomeFact] = field(default_factory=tuple)
    blockers: Sequence[BlockerFact] = field(default_factory=tuple)


@dataclass(frozen=True)
class Standing:
    """How a plan stands on a day: its colour, and the sentence that says which facts give it."""

    colour: PlanColour
    sentence: str


def standing(facts: PlanFacts, today: date) -> Standing:
    """The colour of a plan on a day, the worst fact first.

    Red, stuck: an open critical blocker, or an outcome that is more than 30 days past its date and not reached; so is
    the plan itself while an outcome is open. Yellow: an open blocker that is not critical, or something past its date
    by 30 days or less. Green: none of these. None: no plan, or no outcome in it.
    """
    if facts.agreed_on is None:
        return Standing(PlanColour.NONE, "No plan is agreed.")
    critical = [each for each in facts.blockers if each.is_critical]
    lesser = [each for each in facts.blockers if not each.is_critical]
    late = _late(facts, today)
    stuck = [each for each in late if each[1] > STUCK_DAYS]
    if critical or stuck:
        return _standing(PlanColour.RED, [*_blocked(critical, "critical blocker"), *_overdue(stuck)])
    if lesser or late:
        return _standing(PlanColour.YELLOW, [*_blocked(lesser, "blocker"), *_overdue(late)])
    if not facts.outcomes:
        return Standing(PlanColour.NONE, "A plan is begun; no outcome stands in it yet.")
    return Standing(PlanColour.GREEN, _on_plan(facts))


def still_words(facts: PlanFacts, today: date) -> str:
    """Why a plan does not move: it is stuck, or nothing was reached for 90 days; empty where it moves or is done.

    A plan that was agreed within these days has had no time to stand still.
    """
    if facts.agreed_on is None:
        return ""
    found = standing(facts, today)
    if found.colour is PlanColour.RED:
        return found.sentence
    if all(each.done_on for each in facts.outcomes):
        return ""
    moved_on = max([facts.agreed_on, *(each.done_on for each in facts.outcomes if each.done_on)])
    days = (today - moved_on).days
    return f"Nothing was reached for {counted(days, 'day')}." if days > STILL_DAYS else ""


def _late(facts: PlanFacts, today: date) -> list[tuple[str, int]]:
    """What is past its date and not reached, with the days, the latest first."""
    open_ones = [each for each in facts.outcomes if each.done_on is None]
    found = [(f"“{each.title}”", (today - each.due_on).days) for each in open_ones]
    if open_ones and facts.due_on is not None:
        found.append(("the plan", (today - facts.due_on).days))
    return sorted((each for each in found if each[1] > 0), key=lambda each: -each[1])


def _blocked(blockers: Sequence[BlockerFact], noun: str) -> list[str]:
    if not blockers:
        return []
    oldest = min(blockers, key=lambda each: each.opened_on)
    since = f"“{oldest.title}” since {day(oldest.opened_on)}"
    if len(blockers) == 1:
        return [f"the {noun} {since}"]
    return [f"{counted(len(blockers), noun)}, the oldest {since}"]


def _overdue(late: Sequence[tuple[str, int]]) -> list[str]:
    if not late:
        return []
    what, days = late[0]
    words = f"{what}, {counted(days, 'day')} late"
    return [words if len(late) == 1 else f"{words}, and {in_words(len(late) - 1)} more"]


def _standing(colour: PlanColour, facts: list[str]) -> Standing:
    return Standing(colour, f"{COLOUR_WORDS[colour]}: {listed(facts)}.")


def _on_plan(facts: PlanFacts) -> str:
    left = [each.due_on for each in facts.outcomes if each.done_on is None]
    done = len(facts.outcomes) - len(left)
    if not left:
        return (
            capital(f"{counted(done, 'outcome')} of {len(facts.outcomes)} reached.") if done > 1 else "All is reached."
        )
    reached = f"{done} of {counted(len(facts.outcomes), 'outcome')} reached"
    return f"On plan: {reached}, the next is due {day(min(left))}."
