"""Reads of playbooks: which there are, which are due, and what they raised."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.errors import Missing
from app.customers.models import Account
from app.customers.scope import still_customers
from app.health.models import HealthComputation
from app.playbooks.models import Playbook, PlaybookAction
from app.playbooks.rules.catching import Before
from app.scoring.models import Scoring
from app.users.models import User

REST = timedelta(minutes=10)
"""How long a playbook rests after a look, whatever was scored since: during fieldwork answers come all the time."""
MOST_TIERS = 50


def playbooks(session: Session) -> Sequence[Any]:
    """Rows (Playbook, runs_as_name, raised, open) of all that have not ended, by name."""
    raised = (
        sa.select(
            PlaybookAction.playbook_id,
            sa.func.count().label("raised"),
            sa.func.count(sa.case((Action.done_at.is_(None), 1))).label("open"),
        )
        .join(Action, Action.id == PlaybookAction.action_id)
        .group_by(PlaybookAction.playbook_id)
        .subquery()
    )
    return session.execute(
        sa.select(
            Playbook,
            sa.func.coalesce(sa.func.nullif(User.name, ""), User.email).label("runs_as_name"),
            sa.func.coalesce(raised.c.raised, 0).label("raised"),
            sa.func.coalesce(raised.c.open, 0).label("open"),
        )
        .join(User, User.id == Playbook.runs_as)
        .outerjoin(raised, raised.c.playbook_id == Playbook.id)
        .where(Playbook.ended_at.is_(None))
        .order_by(Playbook.is_on.desc(), sa.func.lower(Playbook.name), Playbook.id)
    ).all()


def playbook_of(session: Session, playbook_id: int, *, is_locked: bool = False) -> Playbook:
    """The playbook of this id; Missing where there is none, or it has ended."""
    wanted = sa.select(Playbook).where(Playbook.id == playbook_id, Playbook.ended_at.is_(None))
    if is_locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise Missing("There is no such playbook.", "playbook_id")
    return found


def due_playbooks(session: Session, *, at: datetime) -> Sequence[int]:
    """The ids of those that are on and have not looked today, or not since something was scored."""
    newest = max((each for each in session.execute(_newest_scores()).one() if each is not None), default=None)
    has_not_today = sa.or_(
        Playbook.ran_at.is_(None), Playbook.ran_at < at.replace(hour=0, minute=0, second=0, microsecond=0)
    )
    is_due = has_not_today
    if newest is not None:
        is_due = sa.or_(has_not_today, sa.and_(Playbook.ran_at < newest, Playbook.ran_at < at - REST))
    wanted = sa.select(Playbook.id).where(Playbook.is_on, Playbook.ended_at.is_(None), is_due)
    return session.scalars(wanted.order_by(Playbook.id)).all()


def raised_before(session: Session, playbook_id: int) -> dict[int, Before]:
    """The last action that a playbook raised for each account, by account id; an open one goes before a closed one."""
    rows = session.execute(
        sa.select(PlaybookAction.account_id, Action.done_at)
        .join(Action, Action.id == PlaybookAction.action_id)
        .where(PlaybookAction.playbook_id == playbook_id)
        .order_by(Action.done_at.is_(None), Action.done_at, Action.id)
    )
    # What comes later takes the place of what came before.
    return {row.account_id: Before(row.done_at) for row in rows}


def known_tiers(session: Session) -> list[str]:
    """The tiers that accounts have, by name."""
    wanted = sa.select(Account.tier).where(Account.tier.is_not(None), still_customers()).distinct()
    return sorted(each for each in session.scalars(wanted.limit(MOST_TIERS)) if each)


def _newest_scores() -> sa.Select[datetime, datetime]:
    scored = sa.select(sa.func.max(Scoring.scored_at)).scalar_subquery()
    computed = sa.select(sa.func.max(HealthComputation.computed_at)).scalar_subquery()
    return sa.select(scored, computed)
