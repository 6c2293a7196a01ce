"""What is being done for the sample's accounts: actions of each kind, some over, and two playbooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.actions.rules.kinds import About, Kind, Outcome
from app.playbooks.rules.definition import Definition, checked_definition, proposed
from app.sample.rules.profiles import Profile
from app.sample.rules.promises import looked_at
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


_OF_ONE: Sequence[tuple[Any, ...]] = (
    (
        Kind.RISK, "They say that promises were not kept", "What they say lies far below what telemetry shows.",
        About.GAP, 5, False, None, "",
    ),
    (
        Kind.TASK, "Send the overtime figures of both warehouses", "Promised to their finance director.",
        About.ACCOUNT, -3, True, None, "",
    ),
    (
        Kind.EVENT, "A day with the night shift", "Nobody of us has seen it since the roll-out.",
        About.ACCOUNT, 18, True, None, "",
    ),
    (
        Kind.EVENT, "Round table with their planners", "They asked how others swap shifts.",
        About.ACCOUNT, -25, False, Outcome.HAPPENED, "Six planners came; two want to show theirs next time.",
    ),
    (
        Kind.OPPORTUNITY, "The reporting module", "Their controllers type figures by hand.",
        About.ACCOUNT, 45, False, None, "",
    ),
    (
        Kind.OPPORTUNITY, "Seats for the second warehouse", "They hire for the season.",
        About.ACCOUNT, -40, False, Outcome.LOST, "They buy nothing before overtime has fallen.",
    ),
    (
        Kind.RISK, "The payroll export breaks at the turn of the year", "Their support case of the summer.",
        About.ACCOUNT, -70, False, Outcome.AVOIDED, "The new export ran twice without a correction.",
    ),
)  # fmt: skip
"""What is done at the account that people look at: every kind, open and over."""


def doings(accounts: Sequence[Profile]) -> list[Doing]:
    """The actions, each for the next account of its archetype in the order of their ids, and all of one account."""
    shown = looked_at(accounts)
    of_one = [Doing(shown, *rest) for rest in _OF_ONE]
    others = [each for each in accounts if each.account_id != shown]
    return [*_dealt(others), *of_one]


def _dealt(accounts: Sequence[Profile]) -> list[Doing]:
    left: dict[Archetype, list[Profile]] = {
        archetype: [each for each in accounts if each.archetype is archetype] for archetype in Archetype
    }
    return [Doing(left[archetype].pop(0).account_id, *rest) for archetype, *rest in _LINES]  # type: ignore[arg-type]


def sample_playbooks() -> list[tuple[Definition, bool]]:
    """Three playbooks, and whether they are on."""
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
    third: dict[str, Any] = {
        "name": "A promise is late and they are unhappy",
        "signs": ["voice_red", "promise_late"],
        "title": "Say when what was promised comes",
        "due_days": "7",
    }
    return [
        (checked_definition(proposed() | first, tiers=()), True),
        (checked_definition(proposed() | third, tiers=()), True),
        (checked_definition(proposed() | second, tiers=()), False),
    ]
