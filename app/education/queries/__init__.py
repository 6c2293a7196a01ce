"""Reads of education, each through what its caller may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.workspace import the_workspace
from app.customers.models import Account
from app.customers.rules import GONE
from app.education.models import EducationRecord
from app.education.rules.records import Included, Known, Reading
from app.studies.scope import WHOLE, assigned_accounts
from app.users.models import User
from app.users.rules import Permission, Reach, Scope

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Seen:
    """An account as the caller may see it: with who took part or without, to change or not."""

    account: Account
    has_names: bool
    may_change: bool


def within(scope: Scope, permission: Permission = Permission.ACCOUNTS) -> ColumnElement[bool]:
    """Return the condition on Account for those that the caller may see, or by another permission change."""
    return true() if scope.reaches(permission) & WHOLE else assigned_accounts(scope, permission)


def sees_names(scope: Scope) -> bool:
    """Tell whether the caller may read who took part, at the accounts that they see."""
    return bool(scope.reaches(Permission.ACCOUNTS) - {Reach.WITHOUT_CONTACTS})


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
    return Seen(found[0], sees_names(scope), bool(found[1]))


def record_of(session: Session, account_id: int) -> EducationRecord | None:
    """What holds of an account's education, or None where nobody noted anything."""
    wanted = select(EducationRecord).where(EducationRecord.account_id == account_id)
    return session.scalar(wanted.order_by(EducationRecord.id.desc()).limit(1))


def known_of(record: EducationRecord | Mapping[str, Any]) -> Known:
    """What a record, or a row with its columns, says."""
    row = record if isinstance(record, Mapping) else {name: getattr(record, name) for name in Known.__annotations__}
    facts = {name: row[name] for name in Known.__annotations__}
    return Known(**facts | {"included": Included(facts["included"])})


def history_of(session: Session, account_id: int) -> Rows:
    """Rows (EducationRecord, who) of all that was noted of an account, the newest first."""
    who = func.coalesce(func.nullif(User.name, ""), User.email).label("who")
    wanted = select(EducationRecord, who).outerjoin(User, User.id == EducationRecord.noted_by)
    return session.execute(
        wanted.where(EducationRecord.account_id == account_id).order_by(EducationRecord.id.desc())
    ).all()


def standing() -> Subquery:
    """The record that holds of each account."""
    newest = select(func.max(EducationRecord.id)).group_by(EducationRecord.account_id)
    return select(EducationRecord).where(EducationRecord.id.in_(newest)).subquery("education")


def spread(session: Session, *, scope: Scope) -> Rows:
    """Rows (reading, accounts, arr) of the accounts that the caller may see and that are still customers.

    `arr` adds up what is in the workspace's currency and is null where none is.
    """
    record = standing()
    reads = _reading(record)
    wanted = select(reads.label("reading"), func.count().label("accounts"), func.sum(_arr(session)).label("arr"))
    joined = wanted.select_from(Account).outerjoin(record, record.c.account_id == Account.id)
    return session.execute(joined.where(within(scope), _present()).group_by(reads)).all()


def accounts_at(session: Session, *, scope: Scope, reads: Reading, start: int, length: int) -> tuple[int, Rows]:
    """How many accounts of a reading the caller may see, and one page of them, the largest first.

    Rows (crm_id, name, arr, what, hours, seats, taken_on, people, share).
    """
    record, arr = standing(), _arr(session)
    told = [record.c[name] for name in ("what", "hours", "seats", "taken_on", "people", "share")]
    base = (
        select(Account.id, Account.crm_id, Account.name, arr.label("arr"), *told)
        .outerjoin(record, record.c.account_id == Account.id)
        .where(within(scope), _present(), _reading(record) == reads.value)
    )
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    page = base.order_by(func.coalesce(arr, 0).desc(), Account.id).offset(start).limit(length)
    return total, session.execute(page).all() if total else []


def _reading(record: Subquery) -> Any:
    """The reading of a record as a part of a statement: the same as `rules.records.reading`."""
    return case(
        (record.c.taken_on.is_not(None), Reading.TAKEN.value),
        (record.c.included == Included.YES.value, Reading.NOT_TAKEN.value),
        (record.c.included == Included.NO.value, Reading.NOT_INCLUDED.value),
        else_=Reading.UNKNOWN.value,
    )


def _present() -> ColumnElement[bool]:
    return func.lower(func.trim(Account.status)).not_in(GONE)


def _arr(session: Session) -> Any:
    currency = the_workspace(session).currency
    is_ours = true() if currency is None else or_(Account.currency.is_(None), Account.currency == currency)
    return case((is_ours, Account.arr), else_=None)
