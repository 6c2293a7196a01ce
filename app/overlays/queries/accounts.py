"""Reads of what overlays say of one account, and how that came about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.overlays.queries import end_of, overlays_known
from app.overlays.queries.pages import Rows, who
from app.overlays.rules.levels import assessed_on
from app.users.models import User


@dataclass(frozen=True)
class Standing:
    """What one overlay says of one account: the CSM's own words where there are some, and those of its industry."""

    overlay: Overlay
    change: Row[Any] | None
    impact: Row[Any] | None


def overlays_of(session: Session, account: Account, on: date) -> list[Standing]:
    """What every overlay says of an account, the one that began last first; two statements beside that of the list."""
    overlays = overlays_known(session)
    if not overlays:
        return []
    changes = _newest_of(session, _changes_of(account, on))
    impacts = _newest_of(session, _impacts_of(account, on))
    return [
        Standing(
            each,
            _as_of(changes.get(each.id, []), each, on, "made_at"),
            _as_of(impacts.get(each.id, []), each, on, "set_at"),
        )
        for each in overlays
    ]


def history_of(session: Session, overlay: Overlay, account: Account) -> Rows:
    """Every row that was written of one account under an overlay, the newest first, with who wrote it."""
    wanted = _changes_of(account, None).where(OverlayChange.overlay_id == overlay.id)
    return session.execute(wanted).all()


def _changes_of(account: Account, on: date | None) -> Select[Any]:
    columns = [column for column in OverlayChange.__table__.columns if column.key != "account_id"]
    wanted = select(*columns, who().label("who")).outerjoin(User, User.id == OverlayChange.made_by)
    wanted = wanted.where(OverlayChange.account_id == account.id).order_by(OverlayChange.id.desc())
    return wanted if on is None else wanted.where(OverlayChange.made_at < end_of(on))


def _impacts_of(account: Account, on: date) -> Select[Any]:
    columns = [column for column in OverlayImpact.__table__.columns if column.key != "industry"]
    wanted = select(*columns, who().label("who")).outerjoin(User, User.id == OverlayImpact.set_by)
    return wanted.where(OverlayImpact.industry == account.industry, OverlayImpact.set_at < end_of(on)).order_by(
        OverlayImpact.id.desc()
    )


def _newest_of(session: Session, wanted: Select[Any]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(wanted):
        found.setdefault(row.overlay_id, []).append(row)
    return found


def _as_of(rows: list[Row[Any]], overlay: Overlay, on: date, written: str) -> Row[Any] | None:
    """The newest row that was written by the day as of which the overlay is read."""
    until = end_of(assessed_on(overlay.ends_on, on))
    return next((row for row in rows if getattr(row, written) < until), None)
