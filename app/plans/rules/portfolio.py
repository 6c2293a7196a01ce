"""The plans of many accounts: finished values for their table and file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.display import MISSING, count, day
from app.core.words import capital, counted, in_words, name_in_address
from app.plans.rules.colours import PlanColour, PlanFacts, Standing, standing

SOON_DAYS = 30
ORDER = (PlanColour.RED, PlanColour.YELLOW, PlanColour.GREEN, PlanColour.NONE)


class Due(StrEnum):
    """Which dates a reader asks for."""

    LATE = "late"
    SOON = "soon"


@dataclass(frozen=True)
class PlanRow:
    """An account and its open plan; `title` None is no plan. `slips` is how often a date moved to a later day."""

    account_id: int
    crm_id: str
    name: str
    csm_email: str | None
    title: str | None
    facts: PlanFacts
    slips: int = 0
    csm: str | None = None


@dataclass(frozen=True)
class PlanLine:
    """One account as finished text."""

    crm_id: str
    name: str
    owner: str
    owner_email: str
    title: str
    standing: Standing
    next_due: date | None
    due: str
    is_late: bool
    reached: str
    blockers: str
    slips: str


def plan_lines(rows: Sequence[PlanRow], today: date) -> list[PlanLine]:
    """Every account as a line: the stuck first, then by the next date, then by name."""
    lines = [_line(row, today) for row in rows]
    return sorted(
        lines, key=lambda it: (ORDER.index(it.standing.colour), it.next_due or date.max, it.name.lower(), it.crm_id)
    )


def counts(lines: Sequence[PlanLine]) -> dict[PlanColour, int]:
    """How many accounts are of each colour."""
    return {colour: sum(line.standing.colour is colour for line in lines) for colour in ORDER}


def owners(lines: Sequence[PlanLine]) -> list[tuple[str, str]]:
    """Whose accounts they are, address and name, by name."""
    return sorted({(line.owner_email, line.owner) for line in lines if line.owner_email}, key=lambda it: it[1])


def chosen(lines: Sequence[PlanLine], *, colour: str, owner: str, due: str, today: date) -> list[PlanLine]:
    """The lines that a reader asks for; what is empty or unknown chooses nothing."""
    soon = today + timedelta(days=SOON_DAYS)
    found = list(lines)
    if colour in list(PlanColour):
        found = [line for line in found if line.standing.colour == colour]
    if owner:
        found = [line for line in found if line.owner_email == owner.lower()]
    if due == Due.LATE:
        found = [line for line in found if line.is_late]
    if due == Due.SOON:
        found = [line for line in found if line.next_due and today <= line.next_due <= soon]
    return found


def title(found: Mapping[PlanColour, int]) -> str:
    """The finding over the plans."""
    red, plans = found[PlanColour.RED], sum(found[each] for each in ORDER[:3])
    if not plans:
        return "No outcome is agreed with a customer yet"
    if not red:
        return capital(f"none of {counted(plans, 'plan')} is stuck")
    return capital(f"{in_words(red)} of {counted(plans, 'plan')} {'is' if red == 1 else 'are'} stuck")


def next_due(facts: PlanFacts) -> date | None:
    """The first date of what is not reached."""
    return min((each.due_on for each in facts.outcomes if each.done_on is None), default=None)


def reached_words(facts: PlanFacts) -> str:
    """How many outcomes are reached: `2 of 5`."""
    done = sum(each.done_on is not None for each in facts.outcomes)
    return f"{count(done)} of {count(len(facts.outcomes))}" if facts.outcomes else MISSING


def blocker_words(facts: PlanFacts) -> str:
    """How many blockers are open, and how many of them are critical."""
    critical = sum(each.is_critical for each in facts.blockers)
    words = count(len(facts.blockers))
    return f"{words}, {count(critical)} critical" if critical else words


def slip_words(slips: int) -> str:
    """How often dates moved to a later day."""
    return {0: "never", 1: "once", 2: "twice"}.get(slips, f"{in_words(slips)} times")


CSV_HEADER = (
    "account_id", "account", "csm", "plan", "colour", "facts", "next_due", "outcomes_reached", "outcomes",
    "blockers_open", "critical_blockers_open", "slips",
)  # fmt: skip


def csv_rows(rows: Sequence[PlanRow], today: date) -> list[tuple[object, ...]]:
    """The accounts as rows of a file, in the order of the page; an account without a plan has no figures."""
    by_id = {row.crm_id: row for row in rows}
    return [_csv_row(by_id[line.crm_id], line) for line in plan_lines(rows, today)]


def _csv_row(row: PlanRow, line: PlanLine) -> tuple[object, ...]:
    head = (row.crm_id, row.name, row.csm_email, row.title, line.standing.colour.value, line.standing.sentence)
    if row.title is None:
        return (*head, None, None, None, None, None, None)
    facts = row.facts
    return (
        *head,
        line.next_due.isoformat() if line.next_due else None,
        sum(each.done_on is not None for each in facts.outcomes),
        len(facts.outcomes),
        len(facts.blockers),
        sum(each.is_critical for each in facts.blockers),
        row.slips,
    )


def _line(row: PlanRow, today: date) -> PlanLine:
    due = next_due(row.facts)
    has_plan = row.title is not None
    return PlanLine(
        crm_id=row.crm_id,
        name=row.name,
        owner=name_in_address(row.csm or row.csm_email) if row.csm_email else "No CSM",
        owner_email=(row.csm_email or "").lower(),
        title=row.title or "",
        standing=standing(row.facts, today),
        next_due=due,
        due=day(due) if due else MISSING,
        is_late=due is not None and due < today,
        reached=reached_words(row.facts),
        blockers=blocker_words(row.facts) if has_plan else MISSING,
        slips=slip_words(row.slips) if has_plan else MISSING,
    )
