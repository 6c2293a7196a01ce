"""Reads for the pages of overlays, each through what its caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.workspace import the_workspace
from app.customers.models import Account
from app.customers.rules import GONE
from app.health.models import HealthComputation, HealthScore
from app.overlays.models import Overlay
from app.overlays.queries import levels, standing_changes, standing_impacts, within
from app.overlays.rules.levels import ORDER, Level
from app.users.models import User
from app.users.rules import Permission, Scope

Rows = Sequence[Row[Any]]
MOST_CHANGES = 200


@dataclass(frozen=True)
class Seen:
    """An account as the caller may see it, to change or not, and the currency in which amounts are typed."""

    account: Account
    may_change: bool
    currency: str | None


@dataclass(frozen=True)
class Look:
    """Who looks at which overlay, as it stood on which day."""

    scope: Scope
    overlay: Overlay
    on: date


def account_seen(session: Session, *, scope: Scope, crm_id: str) -> Seen:
    """The account of this CRM id; Missing where there is none or it is not the caller's to see."""
    found = None
    if "\0" not in crm_id:
        may_change = or_(within(scope, Permission.ACCOUNTS_WRITE), literal(value=False))
        found = session.execute(
            select(Account, may_change).where(Account.crm_id == crm_id, within(scope))
        ).one_or_none()
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    return Seen(found[0], bool(found[1]), the_workspace(session).currency)


def present() -> ColumnElement[bool]:
    """Return the condition on Account for those that are still customers."""
    return func.lower(func.trim(Account.status)).not_in(GONE)


def spread(session: Session, look: Look) -> Rows:
    """Rows (level, industry, band, accounts, arr, without_arr) of the accounts that the caller may see.

    `arr` adds up what is in the workspace's currency; `without_arr` counts accounts that add none.
    """
    change, impact = standing_changes(look.overlay, look.on), standing_impacts(look.overlay, look.on)
    level = func.coalesce(change.c.level, impact.c.level)
    arr = comparable_arr(session)
    keys = (level.label("level"), Account.industry, HealthScore.band)
    counts = (
        func.count().label("accounts"),
        func.sum(arr).label("arr"),
        func.sum(case((arr.is_(None), 1), else_=0)).label("without_arr"),
    )
    wanted = (
        select(*keys, *counts)
        .select_from(Account)
        .outerjoin(change, change.c.account_id == Account.id)
        .outerjoin(impact, impact.c.industry == Account.industry)
        .outerjoin(HealthScore, and_(HealthScore.account_id == Account.id, HealthScore.computation_id == newest()))
        .where(within(look.scope), present())
        .group_by(level, Account.industry, HealthScore.band)
    )
    return _rows(session, wanted)


def accounts_at(session: Session, look: Look, *, level: str | None, start: int, length: int) -> tuple[int, Rows]:
    """How many accounts of a level the caller may see, all where none is asked, and one page of them, hardest first.

    Rows (id, crm_id, name, industry, level, is_changed, arr, band). `level` is one of `ORDER`, blank for not assessed.
    """
    change, impact = standing_changes(look.overlay, look.on), standing_impacts(look.overlay, look.on)
    found = func.coalesce(change.c.level, impact.c.level)
    asked = true() if level is None else (found.is_(None) if level == "" else found == level)
    rank = case({each.value: place for place, each in enumerate(Level)}, value=found, else_=len(ORDER))
    arr = comparable_arr(session)
    base = (
        select(
            Account.id,
            Account.crm_id,
            Account.name,
            Account.industry,
            found.label("level"),
            change.c.level.is_not(None).label("is_changed"),
            arr.label("arr"),
            HealthScore.band,
        )
        .outerjoin(change, change.c.account_id == Account.id)
        .outerjoin(impact, impact.c.industry == Account.industry)
        .outerjoin(HealthScore, and_(HealthScore.account_id == Account.id, HealthScore.computation_id == newest()))
        .where(within(look.scope), present(), asked)
    )
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    page = base.order_by(rank, func.coalesce(arr, 0).desc(), Account.id).offset(start).limit(length)
    return total, _rows(session, page) if total else []


def levels_seen(session: Session, look: Look) -> dict[int, Level | None]:
    """The levels of the accounts that the caller may see and that are still customers, by account id."""
    seen = set(session.scalars(select(Account.id).where(within(look.scope), present())))
    every = levels(session, look.overlay, look.on)
    return {account: level for account, level in every.items() if account in seen}


def changes_seen(session: Session, look: Look) -> Rows:
    """Rows of what holds for single accounts that the caller may see, the newest first, with who said it."""
    change = standing_changes(look.overlay, look.on)
    wanted = (
        select(change, Account.crm_id, Account.name, Account.industry, who().label("who"))
        .join(Account, Account.id == change.c.account_id)
        .outerjoin(User, User.id == change.c.made_by)
        .where(within(look.scope), present())
        .order_by(change.c.id.desc())
        .limit(MOST_CHANGES)
    )
    return _rows(session, wanted)


def impacts_at(session: Session, overlay: Overlay, on: date) -> Rows:
    """Rows (industry, level, words, set_at, who) of the industries that somebody judged, as they stood on a day."""
    impact = standing_impacts(overlay, on)
    wanted = (
        select(impact.c.industry, impact.c.level, impact.c.words, impact.c.set_at, who().label("who"))
        .outerjoin(User, User.id == impact.c.set_by)
        .order_by(impact.c.industry)
    )
    return _rows(session, wanted)


def industries(session: Session) -> dict[str, int]:
    """How many accounts each industry has, by its name."""
    rows = session.execute(
        select(Account.industry, func.count())
        .where(Account.industry.is_not(None), func.trim(Account.industry) != "", present())
        .group_by(Account.industry)
        .order_by(Account.industry)
    )
    return {str(industry): count for industry, count in rows}


def comparable_arr(session: Session) -> Any:
    """Return an account's ARR where it is in the workspace's currency, else null."""
    currency = the_workspace(session).currency
    is_ours = true() if currency is None else or_(Account.currency.is_(None), Account.currency == currency)
    return case((is_ours, Account.arr), else_=None)


def newest() -> Any:
    """Return the newest computation of health as a part of a statement; null before the first."""
    wanted = select(HealthComputation.id).order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
    return wanted.limit(1).scalar_subquery()


def who() -> Any:
    """Return the name of the person that a statement joins, or their address where they have none."""
    return func.coalesce(func.nullif(User.name, ""), User.email)


def _rows(session: Session, wanted: Select[Any]) -> Rows:
    return session.execute(wanted).all()
