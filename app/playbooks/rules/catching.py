"""Which accounts a playbook catches, what it would raise there, and what holds it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.actions.rules.kinds import About, Evidence
from app.core.display import count
from app.core.words import capital, counted, in_words, listed
from app.playbooks.rules.definition import Definition
from app.playbooks.rules.signs import SIGNS, Facts

MOST_RAISED = 200
"""How many actions one run raises at most, those of the most revenue first: more at once would be read by nobody."""


@dataclass(frozen=True)
class Before:
    """The last action that the same playbook raised for an account."""

    done_at: datetime | None


@dataclass(frozen=True)
class Caught:
    """An account that shows every sign, with the figures, and why nothing is raised for it, if so."""

    account_id: int
    facts: Facts
    held: str | None = None


@dataclass(frozen=True)
class Look:
    """What a playbook finds on a day: the accounts, and how many show each sign alone."""

    caught: Sequence[Caught]
    alone: Sequence[tuple[str, int]]

    @property
    def free(self) -> list[Caught]:
        """Those for which an action would be raised."""
        return [each for each in self.caught if each.held is None]


def in_common(found: Sequence[Mapping[int, Any]]) -> list[int]:
    """The accounts that every sign was found at, in the order of their ids."""
    if not found:
        return []
    first, *others = sorted(found, key=len)
    return sorted(each for each in first if all(each in other for other in others))


def look_of(
    definition: Definition, found: Sequence[Mapping[int, Any]], before: Mapping[int, Before], *, at: datetime
) -> Look:
    """What was found, sign by sign in the definition's order, with what holds each account back."""
    today = at.date()
    caught = [
        Caught(
            account_id, _facts(definition, found, account_id, today), held_back(before.get(account_id), definition, at)
        )
        for account_id in in_common(found)
    ]
    return Look(caught, [(each.phrase, len(rows)) for each, rows in zip(definition.signs, found, strict=True)])


def held_back(before: Before | None, definition: Definition, at: datetime) -> str | None:
    """Why nothing is raised where the same was raised before: it is open, or was closed too lately; else None."""
    if before is None:
        return None
    if before.done_at is None:
        return "raised and still open"
    rests_until = before.done_at + timedelta(days=definition.cool_down_days)
    if at < rests_until:
        return f"closed lately; rests for {counted(max((rests_until.date() - at.date()).days, 1), 'more day')}"
    return None


def evidence_for(definition: Definition, caught: Caught, today: date) -> Evidence:
    """What is kept with a raised action: the rule, the page that shows it, and the figures of this day."""
    return Evidence(about_of(definition), definition.name, today.isoformat(), tuple(caught.facts))


def about_of(definition: Definition) -> About:
    """The page that shows it best: that of the first sign that has one of its own."""
    pages = [SIGNS[each.key].about for each in definition.signs]
    return next((each for each in pages if each is not About.ACCOUNT), About.ACCOUNT)


def look_title(look: Look) -> str:
    """The finding of a look: how many accounts it catches today, and how many actions it would raise."""
    caught, free = len(look.caught), len(look.free)
    if not caught:
        return "It catches no account today"
    if free == caught:
        return capital(f"it catches {counted(caught, 'account')} today")
    rest = f"{in_words(free)} {'is' if free == 1 else 'are'} new" if free else "raised before"
    return capital(f"it catches {counted(caught, 'account')} today, {rest}")


def look_lede(look: Look) -> str:
    """How many accounts show each sign alone: why nothing, or so little, is caught."""
    alone = [f"{phrase}: {count(number)}" for phrase, number in look.alone]
    if len(alone) == 1:
        return "" if look.caught else "No account shows this sign."
    return f"Accounts that show each sign alone: {listed(alone)}."


def _facts(definition: Definition, found: Sequence[Mapping[int, Any]], account_id: int, today: date) -> Facts:
    facts: dict[str, str] = {}
    for wanted, rows in zip(definition.signs, found, strict=True):
        facts |= dict(SIGNS[wanted.key].told(rows[account_id], today))
    return list(facts.items())
