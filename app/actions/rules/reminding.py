"""The reminder of what is due: what it holds, and when there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.actions.rules import due_words
from app.core.display import count, day
from app.core.words import capital, counted
from app.studies.rules.hours import SATURDAY
from app.studies.rules.letters import LONGEST_SUBJECT, Wording

MOST_LINES = 25


@dataclass(frozen=True)
class DueLine:
    """One action of a reminder."""

    id: int
    title: str
    account: str
    due_on: date


def reminded_until(today: date) -> date:
    """The last day that a reminder of today looks at: tomorrow, and over a weekend the day after it."""
    until = today + timedelta(days=1)
    while until.weekday() >= SATURDAY:
        until += timedelta(days=1)
    return until


def reminder_key(user_id: int, today: date) -> str:
    """What makes a reminder happen once for a person and a day."""
    return f"actions-due-{user_id}-{today.isoformat()}"


def reminder_line(base_url: str, action_id: int) -> str:
    """The line of a reminder that leads to an action."""
    return f"{base_url}/actions/{action_id}\n"


def reminder_wording(name: str, lines: Sequence[DueLine], *, today: date, base_url: str) -> Wording:
    """The reminder: what is late first, each with its account, its day and its address."""
    late = sum(line.due_on < today for line in lines)
    soon = len(lines) - late
    counts = [f"{counted(late, 'action')} overdue"] if late else []
    counts += [f"{counted(soon, 'action')} due by {day(reminded_until(today))}"] if soon else []
    parts = [
        f"{line.title}\n{line.account}, {due_words(due_on=line.due_on, done_at=None, today=today)}\n"
        f"{reminder_line(base_url, line.id)}"
        for line in lines[:MOST_LINES]
    ]
    left = len(lines) - MOST_LINES
    more = [f"And {count(left)} more.\n"] if left > 0 else []
    end = f"All of them: {base_url}/actions\nNo reminders any more: {base_url}/actions/reminders"
    body = "\n".join([f"Hello {name},\n", *parts, *more, end])
    return Wording(capital(" and ".join(counts))[:LONGEST_SUBJECT], body)
