"""Reads for reminders: what is due at whom, of those who want to be told and were not told today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action, ReminderStop
from app.actions.rules.reminding import DueLine, reminded_until
from app.customers.models import Account
from app.studies.models import Letter
from app.users.models import User

MOST_ACTIONS = 5_000
"""How many actions one look takes up; who is left over is reminded at the next, a minute later."""


@dataclass(frozen=True)
class ToRemind:
    """Somebody with what is due at them, the latest first."""

    user_id: int
    name: str
    lines: list[DueLine]


def people_to_remind(session: Session, *, today: date) -> list[ToRemind]:
    """Return everybody with something overdue or due by the next working day who was not reminded today."""
    key = sa.literal("actions-due-") + sa.cast(User.id, sa.String) + sa.literal(f"-{today.isoformat()}")
    is_stopped = sa.exists().where(ReminderStop.user_id == User.id)
    is_told = sa.exists().where(Letter.key == key)
    rows = session.execute(
        sa.select(
            User.id.label("user_id"),
            sa.func.coalesce(sa.func.nullif(User.name, ""), User.email).label("name"),
            Action.id,
            Action.title,
            Action.due_on,
            Account.name.label("account"),
        )
        .join(User, User.id == Action.owner_id)
        .join(Account, Account.id == Action.account_id)
        .where(Action.done_at.is_(None), Action.due_on <= reminded_until(today), User.active, ~is_stopped, ~is_told)
        .order_by(User.id, Action.due_on, Action.id)
        .limit(MOST_ACTIONS)
    ).all()
    found: dict[tuple[int, str], list[DueLine]] = defaultdict(list)
    for row in rows:
        found[row.user_id, row.name].append(DueLine(row.id, row.title, row.account, row.due_on))
    people = [ToRemind(user_id, name, lines) for (user_id, name), lines in found.items()]
    # The last one's list may have been cut short.
    return people[:-1] if len(rows) == MOST_ACTIONS and len(people) > 1 else people


def is_reminded(session: Session, user_id: int) -> bool:
    """Tell whether somebody gets reminders."""
    return session.get(ReminderStop, user_id) is None
