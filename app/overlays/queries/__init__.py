"""Reads of overlays: which there are, and the level of every account on a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, false, func, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.overlays.rules.levels import FIELD, Level, assessed_on, level_of, overlay_keys, state_on, stratum_value
from app.users.rules import Permission, Reach, Scope

WHOLE = frozenset({Reach.ALL, Reach.WITHOUT_CONTACTS})


def within(scope: Scope, permission: Permission = Permission.ACCOUNTS) -> ColumnElement[bool]:
    """Return the condition on Account for those that the caller may see, or by another permission change."""
    reaches = scope.reaches(permission)
    if reaches & WHOLE:
        return true()
    return func.lower(Account.csm_email) == scope.email if Reach.ASSIGNED in reaches else false()


def overlays_known(session: Session) -> Sequence[Overlay]:
    """Every overlay, the one that began last first."""
    return session.scalars(select(Overlay).order_by(Overlay.starts_on.desc(), Overlay.id.desc())).all()


def overlay_named(session: Session, key: str, *, is_locked: bool = False) -> Overlay:
    """The overlay of this key, locked until the transaction ends if asked for; Missing where there is none."""
    found = None
    if "\0" not in key:
        wanted = select(Overlay).where(Overlay.key == key)
        found = session.scalar(wanted.with_for_update() if is_locked else wanted)
    if found is None:
        raise Missing(f"There is no overlay “{key[:80]}”.", "overlay")
    return found


def levels(session: Session, overlay: Overlay, on: date) -> dict[int, Level | None]:
    """The level of every account as it was assessed by the end of a day, by account id; None is not assessed.

    One statement. Whether the overlay applies on that day is for `state_on` to say.
    """
    return {account: level_of(*said) for account, *said in session.execute(assessed(overlay, on))}


def strata_values(session: Session, fields: Sequence[str], on: date) -> dict[str, dict[int, str]]:
    """What a study writes down on a day for the accounts, by those of its fields that name an overlay."""
    keys = overlay_keys(fields)
    if not keys:
        return {}
    found = session.scalars(select(Overlay).where(Overlay.key.in_(keys))).all()
    return {f"{FIELD}{overlay.key}": _strata_of(session, overlay, on) for overlay in found}


def _strata_of(session: Session, overlay: Overlay, on: date) -> dict[int, str]:
    state = state_on(overlay.starts_on, overlay.ends_on, on)
    by_account = levels(session, overlay, assessed_on(overlay.ends_on, on))
    return {account: stratum_value(level, state) for account, level in by_account.items()}


def assessed(overlay: Overlay, on: date) -> Select[Any]:
    """Return the statement for rows (account id, the CSM's level, the industry's level) as they stood on a day."""
    change, impact = standing_changes(overlay, on), standing_impacts(overlay, on)
    return (
        select(Account.id, change.c.level.label("change"), impact.c.level.label("industry_level"))
        .outerjoin(change, change.c.account_id == Account.id)
        .outerjoin(impact, impact.c.industry == Account.industry)
    )


def standing_impacts(overlay: Overlay, on: date) -> Subquery:
    """The impact by industry that held at the end of a day."""
    newest = (
        select(func.max(OverlayImpact.id))
        .where(OverlayImpact.overlay_id == overlay.id, OverlayImpact.set_at < end_of(on))
        .group_by(OverlayImpact.industry)
    )
    return select(OverlayImpact).where(OverlayImpact.id.in_(newest)).subquery("impact")


def standing_changes(overlay: Overlay, on: date) -> Subquery:
    """What CSMs said of single accounts as it held at the end of a day."""
    newest = (
        select(func.max(OverlayChange.id))
        .where(OverlayChange.overlay_id == overlay.id, OverlayChange.made_at < end_of(on))
        .group_by(OverlayChange.account_id)
    )
    return select(OverlayChange).where(OverlayChange.id.in_(newest)).subquery("change")


def end_of(on: date) -> datetime:
    """Return the instant at which a day is over, in UTC."""
    return datetime.combine(on + timedelta(days=1), time(), UTC)
