"""Reads of who gets the page of which account, and of whose next mail is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account
from app.customers.scope import accounts_within, reaches_every_account
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.rules.wishes import Rhythm, Wish, renewals_told
from app.users.models import User
from app.users.queries import scope_of
from app.users.rules import Permission, Scope

MOST_SHOWN = 20


def wish_of(kept: Any) -> Wish:
    """Return what a person chose."""
    return Wish(Rhythm(kept.rhythm), kept.day)


def subscription_of(session: Session, account: Account, user_id: int) -> PageSubscription | None:
    """Return a person's subscription to an account, also where it has ended; locked. None where there never was one."""
    each = PageSubscription
    wanted = sa.select(each).where(each.account_id == account.id, each.user_id == user_id)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def subscription_by_id(session: Session, subscription_id: int) -> tuple[PageSubscription, Account] | None:
    """Return a subscription and its account by its id; None where there is none."""
    row = session.execute(
        sa.select(PageSubscription, Account)
        .join(Account, Account.id == PageSubscription.account_id)
        .where(PageSubscription.id == subscription_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def subscriptions_to(session: Session, account: Account, *, only: int | None = None) -> Sequence[Any]:
    """Return rows (user_id, who, rhythm, day, next_at, paused_at, made_by, ordered_by) of living ones, by name.

    `only` is the person who asks, where they may see no others.
    """
    each, orderer = PageSubscription, aliased(User)
    wanted = (
        sa.select(
            each.user_id,
            _named(User).label("who"),
            each.rhythm,
            each.day,
            each.next_at,
            each.paused_at,
            each.made_by,
            _named(orderer).label("ordered_by"),
        )
        .join(User, User.id == each.user_id)
        .join(orderer, orderer.id == each.made_by)
        .where(each.account_id == account.id, each.ended_at.is_(None))
        .order_by(sa.func.lower(_named(User)), each.id)
    )
    return session.execute(wanted if only is None else wanted.where(each.user_id == only)).all()


def own_subscriptions(session: Session, *, scope: Scope) -> Sequence[Any]:
    """Return rows (id, crm_id, name, renewal_date, rhythm, day, next_at, paused_at) of one's living ones, by name.

    Of an account that they may not see any more the name is null.
    """
    each = PageSubscription
    return session.execute(
        sa.select(
            each.id,
            Account.crm_id,
            Account.name,
            Account.renewal_date,
            each.rhythm,
            each.day,
            each.next_at,
            each.paused_at,
        )
        .select_from(each)
        .outerjoin(Account, sa.and_(Account.id == each.account_id, accounts_within(scope)))
        .where(each.user_id == scope.user_id, each.ended_at.is_(None))
        .order_by(Account.name.is_(None), sa.func.lower(Account.name), each.id)
    ).all()


def readers_of(session: Session, account: Account) -> list[Scope]:
    """Return everybody who may sign in and see this account, by name."""
    people = session.scalars(sa.select(User).where(User.active).order_by(sa.func.lower(User.name), User.email))
    owner = (account.csm_email or "").lower()
    scopes = [scope for scope in map(scope_of, people) if scope.can(Permission.ACCOUNTS)]
    return [each for each in scopes if reaches_every_account(each) or each.email == owner]


def due_by_day(session: Session, *, at: datetime) -> Sequence[Any]:
    """Return rows (id, rhythm, day, next_at) of those whose day has come, locked where the database can."""
    each = PageSubscription
    return session.execute(
        sa.select(each.id, each.rhythm, each.day, each.next_at)
        .where(each.next_at <= at, each.ended_at.is_(None), each.paused_at.is_(None))
        .order_by(each.id)
        .with_for_update(skip_locked=True)
    ).all()


def due_by_renewal(session: Session, *, at: datetime) -> list[tuple[int, str]]:
    """Return (id, occasion) of those whose account comes to a milestone before its renewal, and who were not told.

    Whoever chose it on that day or later is not told of it any more.
    """
    each = PageSubscription
    told = {renewal: (days, day) for renewal, days, day in renewals_told(at.date())}
    near = session.execute(
        sa.select(each.id, each.made_at, Account.renewal_date)
        .join(Account, Account.id == each.account_id)
        .where(
            each.rhythm == Rhythm.RENEWAL.value,
            each.ended_at.is_(None),
            each.paused_at.is_(None),
            Account.renewal_date.in_(told),
        )
        .order_by(each.id)
    ).all()
    timely = [row for row in near if row.made_at.date() < told[row.renewal_date][1]]
    found = [(row.id, _occasion(told[row.renewal_date][0], row.renewal_date)) for row in timely]
    if not found:
        return []
    mail = PageMail
    known = session.execute(
        sa.select(mail.subscription_id, mail.occasion).where(mail.subscription_id.in_([key for key, _ in found]))
    )
    noted = {(row[0], row[1]) for row in known}
    return [one for one in found if one not in noted]


def _occasion(days: int, renewal: Any) -> str:
    return f"{days} days before {renewal.isoformat()}"


def _named(person: Any) -> sa.ColumnElement[str]:
    return cast("sa.ColumnElement[str]", sa.func.coalesce(sa.func.nullif(person.name, ""), person.email))
