"""Reads of alert mails: which is due, what it depends on, and what became of the last."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.alerts.models import Alert, AlertMail, AlertSubscription
from app.core.workspace import ONLY, Workspace
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore
from app.health.queries.reach import reachable_health
from app.users.models import User
from app.users.rules import Scope

MOST_SHOWN = 20


def mail_facts(session: Session, mail_id: int) -> Any:
    """Return what a mail depends on, in one row: (AlertMail, User, as_of, organisation, currency)."""
    return session.execute(
        sa.select(AlertMail, User, HealthComputation.as_of, Workspace.organisation, Workspace.currency)
        .join(User, User.id == AlertMail.user_id)
        .join(HealthComputation, HealthComputation.id == AlertMail.computation_id)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(AlertMail.id == mail_id)
        .execution_options(populate_existing=True)
    ).one()


def alerts_of(session: Session, *, mail_id: int, scope: Scope) -> Sequence[Any]:
    """Return what a mail tells: (account_id, crm_id, name, arr, currency, computation_id, before_id, kinds, moved).

    `moved` is null where there is no score any more. Left out is what its reader may not see, or does not want to be
    told of any more.
    """
    after, before = aliased(HealthScore), aliased(HealthScore)
    return session.execute(
        sa.select(
            Alert.account_id,
            Account.crm_id,
            Account.name,
            Account.arr,
            Account.currency,
            Alert.computation_id,
            Alert.before_id,
            Alert.kinds,
            (after.score - before.score).label("moved"),
        )
        .join(Account, Account.id == Alert.account_id)
        .join(AlertSubscription, AlertSubscription.id == Alert.subscription_id)
        .join(after, sa.and_(after.computation_id == Alert.computation_id, after.account_id == Alert.account_id))
        .join(before, sa.and_(before.computation_id == Alert.before_id, before.account_id == Alert.account_id))
        .where(Alert.mail_id == mail_id, AlertSubscription.ended_at.is_(None), reachable_health(scope))
        .order_by(Alert.account_id, Alert.before_id)
    ).all()


def mail_by_id(session: Session, mail_id: int) -> AlertMail | None:
    """Return a mail by its id; None where there is none."""
    return session.get(AlertMail, mail_id)


def last_mails(session: Session, *, user_id: int) -> Sequence[Any]:
    """Return rows (AlertMail, as_of, accounts) of a person's last mails, the newest first."""
    accounts = (
        sa.select(sa.func.count(Alert.account_id.distinct())).where(Alert.mail_id == AlertMail.id).scalar_subquery()
    )
    return session.execute(
        sa.select(AlertMail, HealthComputation.as_of, accounts.label("accounts"))
        .join(HealthComputation, HealthComputation.id == AlertMail.computation_id)
        .where(AlertMail.user_id == user_id)
        .order_by(AlertMail.id.desc())
        .limit(MOST_SHOWN)
    ).all()
