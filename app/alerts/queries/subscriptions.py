"""Reads of who wants to be told of what."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.alerts.models import AlertSubscription
from app.alerts.rules.wishes import Extent, Wish
from app.customers.models import Account
from app.health.models import HealthComputation
from app.health.queries.reach import reachable_health
from app.users.models import User
from app.users.rules import Scope


def wish_of(kept: AlertSubscription) -> Wish:
    """Return what a person chose."""
    return Wish(Extent(kept.extent), kept.tells_colour, kept.falls_by, kept.tells_silence)


def subscription_of(
    session: Session, *, user_id: int, extent: Extent, account_id: int | None
) -> AlertSubscription | None:
    """Return a person's subscription to some accounts, also where it has ended; None where there never was one."""
    each = AlertSubscription
    about = each.account_id.is_(None) if account_id is None else each.account_id == account_id
    return session.scalar(
        sa.select(each)
        .where(each.user_id == user_id, each.extent == extent.value, about)
        .execution_options(populate_existing=True)
    )


def own_subscription(session: Session, *, user_id: int, subscription_id: int) -> AlertSubscription | None:
    """Return a living subscription of a person by its id; None where there is none, or it is somebody else's."""
    each = AlertSubscription
    return session.scalar(
        sa.select(each).where(each.id == subscription_id, each.user_id == user_id, each.ended_at.is_(None))
    )


def own_subscriptions(session: Session, *, scope: Scope) -> Sequence[Any]:
    """Return rows (AlertSubscription, crm_id, name) of the caller's living ones, all accounts first, then by name.

    Of an account that they may not see any more the name is null.
    """
    each = AlertSubscription
    return session.execute(
        sa.select(each, Account.crm_id, Account.name)
        .outerjoin(Account, sa.and_(Account.id == each.account_id, reachable_health(scope)))
        .where(each.user_id == scope.user_id, each.ended_at.is_(None))
        .order_by(each.account_id.is_not(None), Account.name, each.id)
    ).all()


def living_subscriptions(session: Session) -> Sequence[Any]:
    """Return rows (AlertSubscription, User) of those that are told of what comes, locked where the database can."""
    each = AlertSubscription
    return session.execute(
        sa.select(each, User)
        .join(User, User.id == each.user_id)
        .where(each.ended_at.is_(None), User.active)
        .order_by(each.id)
        .with_for_update(of=each, skip_locked=True)
    ).all()


def newest_computation_id(session: Session) -> int:
    """Return the id of the computation that was made last; 0 before the first."""
    return session.scalar(sa.select(sa.func.max(HealthComputation.id))) or 0


def is_any_unseen(session: Session) -> bool:
    """Tell whether health was computed since somebody's subscription was looked at last."""
    each = AlertSubscription
    newest = sa.select(sa.func.max(HealthComputation.id)).scalar_subquery()
    return session.scalar(sa.select(each.id).where(each.ended_at.is_(None), each.seen_id < newest).limit(1)) is not None
