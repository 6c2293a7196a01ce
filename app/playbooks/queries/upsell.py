"""Reads for accounts that may want more: green by health, and by voice where it is known; and what they have."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Opportunity, Relationship
from app.customers.rules import CLOSED_STAGES
from app.health.models import HealthScore, Telemetry
from app.health.queries.choice import present_health
from app.playbooks.queries.opinions import was_asked
from app.playbooks.queries.scores import newest_voices
from app.playbooks.queries.signs import USERS, Looking, seats_used
from app.playbooks.rules.upsell import Candidate
from app.users.rules import Scope


@dataclass(frozen=True)
class Room:
    """Everybody who is green by health and not red or amber by voice, with what every account has."""

    candidates: Sequence[Candidate]
    products: Mapping[int, Collection[str]]
    has_users: bool
    has_opinions: bool


def room(session: Session, *, scope: Scope, today: date) -> Room:
    """Return the accounts that the caller may see and that are content as far as is known, with what they have."""
    looking = Looking(session, scope, today)
    used = seats_used(looking, above=0)
    products = _products(session)
    content = _content(looking)
    deals = _deals(session)
    candidates = [
        Candidate(
            account_id=row.account_id,
            crm_id=row.crm_id,
            name=row.name,
            csm_email=row.csm_email,
            arr=row.arr,
            currency=row.currency,
            voice=row.voice,
            people=row.respondents or 0,
            health=row.score,
            has=products.get(row.account_id, ()),
            users=used[row.account_id].users if row.account_id in used else None,
            seats=row.seats,
            deals=deals[row.account_id].number if row.account_id in deals else 0,
            deals_amount=deals[row.account_id].amount if row.account_id in deals else None,
        )
        for row in content.values()
    ]
    ordered = sorted(candidates, key=lambda each: (-(each.arr or Decimal(0)), each.account_id))
    counts_users = session.scalar(sa.select(Telemetry.account_id).where(Telemetry.metric == USERS).limit(1))
    return Room(ordered, products, counts_users is not None, was_asked(session))


def _content(looking: Looking) -> Mapping[int, Any]:
    present, voice = present_health(looking.session), newest_voices(looking.scope)
    wanted = (
        sa.select(
            HealthScore.account_id,
            HealthScore.score,
            Account.crm_id,
            Account.name,
            Account.csm_email,
            Account.arr,
            Account.currency,
            Account.seats,
            voice.c.voice,
            voice.c.respondents,
        )
        .join(Account, Account.id == HealthScore.account_id)
        .outerjoin(voice, voice.c.account_id == HealthScore.account_id)
        .where(
            HealthScore.computation_id == present.computation,
            HealthScore.band == "green",
            sa.or_(voice.c.voice_band.is_(None), voice.c.voice_band == "green"),
        )
    )
    return looking.rows(wanted)


def _products(session: Session) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    name = sa.func.coalesce(sa.func.nullif(Relationship.name, ""), Relationship.type)
    for account_id, product in session.execute(sa.select(Relationship.account_id, name).distinct()):
        found[account_id].add(str(product))
    return dict(found)


def _deals(session: Session) -> Mapping[int, Any]:
    """How many deals are open, and the sum of those in the account's own currency."""
    own = sa.or_(Opportunity.currency.is_(None), Opportunity.currency == Account.currency)
    stage = sa.func.lower(Opportunity.stage)
    rows = session.execute(
        sa.select(
            Opportunity.account_id,
            sa.func.count().label("number"),
            sa.func.sum(Opportunity.amount).filter(own).label("amount"),
        )
        .join(Account, Account.id == Opportunity.account_id)
        .where(stage.not_in(CLOSED_STAGES), stage.not_like("closed%"))
        .group_by(Opportunity.account_id)
    )
    return {row.account_id: row for row in rows}
