"""What is being done for the sample's accounts: actions of each kind, some over, and two playbooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.actions.rules.kinds import About, Kind, Outcome
from app.playbooks.rules.definition import Definition, checked_definition, proposed
from app.sample.rules.profiles import Profile
from app.sample.rules.stories import Archetype


@dataclass(frozen=True)
class Doing:
    """One action of an account; `days` is its day from today, `outcome` and `note` are there where it is over."""

    account_id: str
    kind: Kind
    title: str
    reason: str
    about: About
    days: int
    is_promised: bool = False
    outcome: Outcome | None = None
    note: str = ""

    def due_on(self, today: date) -> date:
        """Until when it is to be done."""
        return today + timedelta(days=self.days)


_Line = tuple[Archetype, Kind, str, str, About, int, bool, Outcome | None, str]
_LINES: Sequence[_Line] = (
    (
        Archetype.HIDDEN_RISK, Kind.RISK, "The new sponsor has not said yes", "The voice lies far below health.",
        About.GAP, 4, False, None, "",
    ),
    (
        Archetype.HIDDEN_RISK, Kind.TASK, "Send the dates for the payroll export", "Promised in the last call.",
        About.ACCOUNT, -6, True, None, "",
    ),
    (
        Archetype.HIDDEN_RISK, Kind.RISK, "They asked the market for offers", "Their buyer told us so.",
        About.ACCOUNT, -30, False, Outcome.AVOIDED, "They stay; the second site begins in spring.",
    ),
    (
        Archetype.HIDDEN_STRENGTH, Kind.OPPORTUNITY, "A second site joins", "Health is low in this season alone.",
        About.HEALTH, 21, False, None, "",
    ),
    (
        Archetype.HIDDEN_STRENGTH, Kind.OPPORTUNITY, "Seats for the night shift", "The planners asked for them.",
        About.ACCOUNT, -20, False, Outcome.WON, "40 seats from next month.",
    ),
    (
        Archetype.ALIGNED, Kind.EVENT, "Review of the year with their board", "Their board meets once a year.",
        About.ACCOUNT, 12, True, None, "",
    ),
    (
        Archetype.ALIGNED, Kind.TASK, "Show the team lead how to swap shifts", "Said in the interview.",
        About.SKILL, 2, False, None, "",
    ),
    (
        Archetype.SILENT, Kind.TASK, "Find out who decides there now", "Nobody answered in the last study.",
        About.ACCOUNT, 6, False, None, "",
    ),
)  # fmt: skip


def doings(accounts: Sequence[Profile]) -> list[Doing]:
    """The actions, each for the next account of its archetype in the order of their ids."""
    left: dict[Archetype, list[Profile]] = {
        archetype: [each for each in accounts if each.archetype is archetype] for archetype in Archetype
    }
    return [Doing(left[archetype].pop(0).account_id, *rest) for archetype, *rest in _LINES]  # type: ignore[arg-type]


def sample_playbooks() -> list[tuple[Definition, bool]]:
    """Two playbooks, and whether they are on."""
    first: dict[str, Any] = {
        "name": "Hidden risk before the renewal",
        "signs": ["hidden_risk", "renewal"],
        "title": "Hear what is wrong before the renewal is decided",
    }
    second: dict[str, Any] = {
        "name": "A quarter without a word",
        "signs": ["no_contact", "renewal"],
        "kind": Kind.TASK.value,
        "title": "Call them, and ask what has changed",
        "due_days": "14",
        "renewal-days": "180",
    }
    return [
        (checked_definition(proposed() | first, tiers=()), True),
        (checked_definition(proposed() | second, tiers=()), False),
    ]
