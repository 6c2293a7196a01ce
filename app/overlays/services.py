"""What is done with overlays: begun, changed, judged by industry and by account; older judgements stay."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.display import day
from app.core.errors import Refusal
from app.core.words import squeezed
from app.customers.models import Account
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.overlays.queries import overlay_named, standing_changes, standing_impacts
from app.overlays.rules.levels import State, state_on
from app.overlays.rules.typed import (
    TypedChange,
    TypedOverlay,
    checked_change,
    checked_impacts,
    checked_overlay,
    key_of,
)
from app.users.services.audit import record_event, wait_for_turn


def begin_overlay(session: Session, *, typed: TypedOverlay, at: datetime, by: int | None) -> Overlay:
    """Put an overlay on record; Refusal where it cannot be read or another bears the name."""
    situation = checked_overlay(typed)
    # Writers of the audit log take turns, so that two sendings of one form find each other.
    wait_for_turn(session)
    folded = _free_name(session, situation.name)
    key = key_of(situation.name, session.scalars(select(Overlay.key)).all())
    overlay = Overlay(key=key, folded=folded, created_at=at, created_by=by, **asdict(situation))
    session.add(overlay)
    session.flush()
    _record(session, overlay, "overlay.begin", by, {"starts_on": str(overlay.starts_on), "ends_on": _text(overlay)})
    return overlay


def change_overlay(session: Session, *, key: str, typed: TypedOverlay, by: int | None) -> list[str]:
    """Change what an overlay is called and when it applies, and return the names of what changed; its key stays."""
    situation = checked_overlay(typed)
    wait_for_turn(session)
    overlay = overlay_named(session, key, is_locked=True)
    folded = _free_name(session, situation.name, overlay.id)
    wanted = asdict(situation)
    changed = sorted(name for name, value in wanted.items() if getattr(overlay, name) != value)
    for name in changed:
        setattr(overlay, name, wanted[name])
    overlay.folded = folded
    session.flush()
    if changed:
        _record(session, overlay, "overlay.change", by, {"changed": changed, "ends_on": _text(overlay)})
    return changed


def judge_industries(
    session: Session,
    *,
    key: str,
    industries: Sequence[str],
    chosen: Sequence[str],
    words: Sequence[str],
    known: Collection[str],
    at: datetime,
    by: int | None,
) -> int:
    """Say how hard an overlay meets industries, and return how many differ from before; the rows before stay."""
    impacts = checked_impacts(industries, chosen, words, known=known)
    wait_for_turn(session)
    overlay = overlay_named(session, key, is_locked=True)
    _refuse_ended(overlay, at)
    standing = standing_impacts(overlay, at.date())
    rows = session.execute(select(standing.c.industry, standing.c.level, standing.c.words))
    before = {row.industry: (row.level, row.words) for row in rows}
    differing = [each for each in impacts if before.get(each.industry, (None, None)) != (each.level, each.words)]
    session.add_all(OverlayImpact(overlay_id=overlay.id, set_at=at, set_by=by, **asdict(each)) for each in differing)
    session.flush()
    if differing:
        _record(session, overlay, "overlay.industries", by, {"industries": len(differing)})
    return len(differing)


def change_level(
    session: Session,
    *,
    key: str,
    account: Account,
    typed: TypedChange,
    currency: str | None,
    at: datetime,
    by: int | None,
) -> bool:
    """Say how hard an overlay meets one account, with the reason; False where nothing differs from what stands."""
    change = checked_change(typed, currency=currency)
    wait_for_turn(session)
    overlay = overlay_named(session, key, is_locked=True)
    _refuse_ended(overlay, at)
    wanted = asdict(change)
    standing = standing_changes(overlay, at.date())
    kept = [standing.c[name] for name in wanted]
    row = session.execute(select(*kept).where(standing.c.account_id == account.id)).one_or_none()
    if row is not None and dict(row._mapping) == wanted:  # noqa: SLF001  (the public mapping of a row)
        return False
    session.add(OverlayChange(overlay_id=overlay.id, account_id=account.id, made_at=at, made_by=by, **wanted))
    session.flush()
    # What was granted is told by its names alone: words and amounts are not for the log.
    told = sorted(name for name, value in wanted.items() if value is not None)
    _record(session, overlay, "overlay.account", by, {"account": account.id, "level": wanted["level"], "told": told})
    return True


def _refuse_ended(overlay: Overlay, at: datetime) -> None:
    if state_on(overlay.starts_on, overlay.ends_on, at.date()) is State.ENDED:
        raise Refusal(f"“{overlay.name}” ended on {day(overlay.ends_on)}; it stays as it was then.", "overlay")


def _free_name(session: Session, name: str, own_id: int | None = None) -> str:
    folded = squeezed(name.casefold())
    other = session.scalar(select(Overlay.id).where(Overlay.folded == folded))
    if other is not None and other != own_id:
        raise Refusal(f"There is an overlay “{name}” already; open that one, or choose another name.", "name")
    return folded


def _text(overlay: Overlay) -> str | None:
    return str(overlay.ends_on) if overlay.ends_on else None


def _record(session: Session, overlay: Overlay, action: str, by: int | None, fields: dict[str, Any]) -> None:
    record_event(session, actor_id=by, action=action, object_type="overlay", object_id=overlay.key, fields=fields)
