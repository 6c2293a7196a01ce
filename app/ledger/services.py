"""What is written into the ledger: entries, their withdrawal, and what a promise said before it was changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account, Promise
from app.ledger.models import LedgerEntry, PromiseVersion
from app.ledger.queries.account import entry_of, promise_on
from app.ledger.rules.typed import Side, TypedEntry, checked_entry, checked_key, checked_reason
from app.users.services import record_event
from app.users.services.audit import wait_for_turn


@dataclass(frozen=True)
class Writer:
    """Who writes, and when."""

    user_id: int
    at: datetime


def add_entry(
    session: Session, *, account: Account, promise_id: int, typed: TypedEntry, form_key: str, writer: Writer
) -> LedgerEntry:
    """Put on record what happened to a promise; the same form again returns what it made. Refusal where unreadable.

    With an entry that completes it the promise is delivered on that day.
    """
    key = checked_key(form_key)
    wait_for_turn(session)
    promise = promise_on(session, account=account, promise_id=promise_id)
    known = session.scalar(select(LedgerEntry).where(LedgerEntry.form_key == key))
    if known is not None and known.promise_id == promise.id:
        return known
    if known is not None:
        raise Refusal("Reload the page and send it again.", "evidence")
    found = checked_entry(typed, promised_on=promise.promised_on, today=writer.at.date())
    entry = LedgerEntry(
        promise_id=promise.id,
        side=found.side.value,
        source=found.source.value,
        happens_on=found.happens_on,
        amount=found.value.amount,
        currency=found.value.currency,
        quantity=found.value.quantity,
        unit=found.value.unit,
        completes=found.completes,
        evidence=found.evidence,
        form_key=key,
        recorded_at=writer.at,
        recorded_by=writer.user_id,
    )
    session.add(entry)
    if found.completes and promise.delivered_on is None:
        wanted = {"delivered_on": found.happens_on}
        change_fields(session, promise=promise, wanted=wanted, at=writer.at, by=writer.user_id)
    session.flush()
    _record(session, "ledger.entered", entry, writer, {"side": entry.side, "promise": promise.crm_id})
    return entry


def withdraw_entry(session: Session, *, account: Account, entry_id: int, reason: str, writer: Writer) -> bool:
    """Withdraw an entry that was wrong, with the reason; False where it is withdrawn already. It stays on record.

    A promise that was delivered by it alone is owed again.
    """
    wait_for_turn(session)
    entry = entry_of(session, account=account, entry_id=entry_id)
    if entry.withdrawn_at is not None:
        return False
    entry.withdrawn_because = checked_reason(reason)
    entry.withdrawn_at, entry.withdrawn_by = writer.at, writer.user_id
    session.flush()
    promise = promise_on(session, account=account, promise_id=entry.promise_id)
    if entry.completes and promise.delivered_on == entry.happens_on and not _is_completed(session, promise):
        change_fields(session, promise=promise, wanted={"delivered_on": None}, at=writer.at, by=writer.user_id)
    _record(session, "ledger.withdrawn", entry, writer, {"promise": promise.crm_id})
    return True


def change_fields(session: Session, *, promise: Promise, wanted: dict[str, Any], at: datetime, by: int) -> list[str]:
    """Change fields of a promise and keep what they said before; the names of those that changed."""
    changed = sorted(name for name, value in wanted.items() if getattr(promise, name) != value)
    if changed:
        former = {name: plain(getattr(promise, name)) for name in changed}
        session.add(PromiseVersion(promise_id=promise.id, former=former, replaced_at=at, replaced_by=by))
    for name in changed:
        setattr(promise, name, wanted[name])
    session.flush()
    return changed


def _is_completed(session: Session, promise: Promise) -> bool:
    completing = exists().where(
        LedgerEntry.promise_id == promise.id,
        LedgerEntry.side == Side.DELIVERED.value,
        LedgerEntry.completes,
        LedgerEntry.withdrawn_at.is_(None),
    )
    return bool(session.scalar(select(completing)))


def plain(value: Any) -> Any:
    """A value of a promise as it is kept: days and amounts as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _record(session: Session, action: str, entry: LedgerEntry, writer: Writer, fields: dict[str, Any]) -> None:
    record_event(
        session,
        actor_id=writer.user_id,
        action=action,
        object_type="ledger_entry",
        object_id=entry.id,
        fields=fields,
    )
