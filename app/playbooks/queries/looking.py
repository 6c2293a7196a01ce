"""What a playbook finds now, and the accounts that it caught as a page and a run need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.queries import action_owners
from app.customers.models import Account
from app.playbooks.queries import raised_before
from app.playbooks.queries.signs import Looking, found_signs
from app.playbooks.rules.catching import Look, look_of
from app.playbooks.rules.definition import Definition
from app.users.models import User
from app.users.rules import Scope

PORTION = 500


@dataclass(frozen=True)
class CaughtAccount:
    """An account that was caught, what it pays, and the login of its CSM where they have one that may act."""

    id: int
    crm_id: str
    name: str
    tier: str | None
    arr: Decimal | None
    currency: str | None
    csm_email: str | None
    owner_id: int | None
    owner: str | None


def look(
    session: Session, *, definition: Definition, scope: Scope, at: datetime, playbook_id: int | None = None
) -> Look:
    """What a definition finds at this moment among what somebody may see, with what its playbook raised before."""
    looking = Looking(session, scope, at.date(), definition.tiers)
    before = raised_before(session, playbook_id) if playbook_id is not None else {}
    return look_of(definition, found_signs(looking, definition), before, at=at)


def caught_accounts(session: Session, account_ids: Sequence[int]) -> list[CaughtAccount]:
    """These accounts, those of the most revenue first."""
    owners = action_owners(session)
    logins = {
        email: number
        for number, email in session.execute(
            sa.select(User.id, sa.func.lower(User.email)).where(User.id.in_(list(owners)))
        )
    }
    found = []
    for start in range(0, len(account_ids), PORTION):
        some = account_ids[start : start + PORTION]
        rows = session.execute(
            sa.select(
                Account.id,
                Account.crm_id,
                Account.name,
                Account.tier,
                Account.arr,
                Account.currency,
                Account.csm_email,
            ).where(Account.id.in_(some))
        )
        for row in rows:
            owner_id = logins.get((row.csm_email or "").strip().lower())
            found.append(CaughtAccount(*row, owner_id, owners.get(owner_id or 0)))
    return sorted(found, key=lambda each: (-(each.arr or Decimal(0)), each.id))
