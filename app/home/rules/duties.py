"""What is due: follow-ups and promises, as finished values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.display import day, money
from app.core.words import capital, counted, in_words, label
from app.reports.rules.words import shortened

SOON_DAYS = 7
"""Days ahead of which a follow-up is shown before it is late."""
SHORT = 110


@dataclass(frozen=True)
class PromiseLine:
    """A promise that is still owed."""

    text: str
    account: str
    crm_id: str
    about: str


def due_title(late: int, soon: int) -> str:
    """How many follow-ups are late and how many come soon."""
    within = f"due within {SOON_DAYS} days"
    if late:
        behind = f"{counted(late, 'follow-up')} late"
        return capital(f"{behind}, {in_words(soon)} {within}" if soon else behind)
    return capital(f"{counted(soon, 'follow-up')} {within}") if soon else f"No follow-up is {within}"


def promises_title(owed: int) -> str:
    """How many promises are still owed."""
    return capital(f"{counted(owed, 'promise')} still owed") if owed else "No promise is owed"


def promise_line(row: Any, currency: str | None, today: date) -> PromiseLine:
    """A promise as a row: what, to whom, by whom, since when, until when, and its amount where it has one."""
    due = f"due {day(row.due_on)}" if row.due_on else ""
    parts = (
        label(row.source),
        f"since {day(row.promised_on)}" if row.promised_on else "no day given",
        f"{due}, which is past" if row.due_on and row.due_on < today else due,
        money(row.amount, row.currency or currency) if row.amount is not None else "",
    )
    return PromiseLine(shortened(row.text, SHORT), row.account, row.crm_id, " · ".join(part for part in parts if part))
