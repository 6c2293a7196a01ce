"""What promises said before a file changed them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Promise
from app.ledger.models import PromiseVersion
from app.ledger.services import plain
from app.transfer.services.merging import Merge, changed_rows

_AT_ONCE = 5_000


def keep_former_promises(session: Session, merge: Merge, *, changed: int, at: datetime) -> None:
    """Keep what each promise said that a file is about to change; `changed` is how many there are."""
    rows = changed_rows(session, merge, limit=changed)
    names = [column.name for column in merge.columns if not column.key]
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        ids = _ids(session, [row["promise_id"] for row in some])
        kept = [
            {"promise_id": ids[row["promise_id"]], "former": _former(row, names), "replaced_at": at} for row in some
        ]
        session.execute(sa.insert(PromiseVersion), kept)


def _former(row: sa.RowMapping, names: list[str]) -> dict[str, Any]:
    return {name: plain(row[f"before_{name}"]) for name in names if row[f"differs_{name}"]}


def _ids(session: Session, keys: list[str]) -> dict[str, int]:
    rows = session.execute(sa.select(Promise.crm_id, Promise.id).where(Promise.crm_id.in_(keys)))
    return {key: identity for key, identity in rows}  # noqa: C416  (a row is no pair to mypy)
