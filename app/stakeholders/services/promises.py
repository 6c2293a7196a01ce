"""What an account was promised, typed in and changed on its page."""

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.customers.models import Account, Promise
from app.ledger.services import change_fields
from app.stakeholders.rules.promises import Typed, checked_promise
from app.users.services import record_event


def keep_promise(session: Session, *, account: Account, typed: Typed, at: datetime, by: int) -> Promise:
    """Put a promise on record; Refusal where it cannot be read."""
    found = checked_promise(typed)
    promise = Promise(crm_id=f"typed-{uuid.uuid4().hex[:16]}", account_id=account.id, created_at=at, **asdict(found))
    session.add(promise)
    session.flush()
    _record(session, promise, "promise.kept", sorted(asdict(found)), by)
    return promise


def change_promise(session: Session, *, promise: Promise, typed: Typed, at: datetime, by: int) -> bool:
    """Change a promise on record; False where nothing differs. Refusal where it cannot be read.

    What it said before is kept, and what interviews have noted about it stays as it was heard.
    """
    changed = change_fields(session, promise=promise, wanted=asdict(checked_promise(typed)), at=at, by=by)
    if changed:
        _record(session, promise, "promise.changed", changed, by)
    return bool(changed)


def _record(session: Session, promise: Promise, action: str, changed: list[str], by: int) -> None:
    record_event(
        session,
        actor_id=by,
        action=action,
        object_type="promise",
        object_id=promise.crm_id,
        fields={"account": promise.account_id, "changed": changed},
    )
