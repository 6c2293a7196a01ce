"""Files whose rows are rows of one table: accounts, contacts, relationships, telemetry, cases, outcomes and others."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.workspace import the_workspace
from app.customers.models import Account
from app.customers.services import note_searched
from app.health.services.incremental import note_changed
from app.relationships.services import note_relationships
from app.surveys.services.bounces import forgive_new_addresses
from app.transfer.rules.outcome import Faults
from app.transfer.services.checks import note_doubles, note_unknown_accounts, note_unknown_contacts
from app.transfer.services.erased import erased_people, leave_erased, leave_erased_conversations
from app.transfer.services.formats import (
    ACCOUNTS,
    CASES,
    CONTACTS,
    INTERACTIONS,
    OPPORTUNITIES,
    PROMISES,
    RELATIONSHIPS,
    TELEMETRY,
    Format,
)
from app.transfer.services.merging import Merge, count_rows, write_rows
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.parents import note_parents
from app.transfer.services.previewing import preview_of_rows
from app.transfer.services.promises import keep_former_promises
from app.transfer.services.reading import Sheet, records
from app.transfer.services.rows import ROW, layout_of, values_of
from app.transfer.services.staging import stage, staged_columns

MEASURED = (ACCOUNTS, TELEMETRY, CASES, OPPORTUNITIES)
"""The files that say something which scorecards read."""
SEARCHED = (ACCOUNTS.kind, CONTACTS.kind, RELATIONSHIPS.kind)
"""The files of what a search finds."""


def store_table(session: Session, kind: Format, sheet: Sheet, options: Options, faults: Faults) -> Stored:
    """Store the rows of a file in the format's table, unless one of them is at fault or this is a dry run."""
    dialect = session.get_bind().dialect
    layout = layout_of(sheet.header, kind, options.shape, dialect)
    rows = values_of(layout, records(sheet, faults, options.progress), faults)
    staged = stage(session, staged_columns(layout.stored, has_custom=bool(layout.custom)), rows)
    keys = [column.name for column in layout.stored if column.key]
    note_doubles(session, staged, keys, faults, name=" and ".join(keys))
    if any(column.names_account for column in layout.stored):
        note_unknown_accounts(session, staged, faults)
    erased = _without_erased(session, kind, staged)
    if any(column.names_contact for column in layout.stored):
        note_unknown_contacts(session, staged, faults)
    if kind.kind == RELATIONSHIPS.kind and "parent_id" in staged.c:
        note_parents(session, staged, faults)
    if faults.total or kind.table is None:
        return NOTHING
    merge = Merge(kind.table, staged, layout.stored, on_postgres=dialect.name == "postgresql")
    counted = count_rows(session, merge)
    preview = preview_of_rows(session, merge) if options.has_preview else None
    if not options.is_dry_run and counted.created + counted.updated:
        if kind is CONTACTS and "email" in staged.c:
            forgive_new_addresses(session, staged)
        if kind is PROMISES and counted.updated:
            keep_former_promises(session, merge, changed=counted.updated, at=now())
        write_rows(session, merge)
        _tell_others(session, kind, staged)
    extra = _settled_currency(session, staged, options) if kind is ACCOUNTS else erased_people(erased)
    return Stored(replace(counted, unchanged=counted.unchanged + erased), extra, preview)


def _tell_others(session: Session, kind: Format, staged: sa.Table) -> None:
    """Bring up to date what is read of the rows elsewhere: searches, and what health is computed from."""
    if kind.kind in SEARCHED:
        note_searched(session)
    if kind.kind == RELATIONSHIPS.kind:
        note_relationships(session)
    if kind in MEASURED:
        named = sa.select(staged.c.account_id)
        note_changed(session, accounts=sa.select(Account.id).where(Account.crm_id.in_(named)))


def _without_erased(session: Session, kind: Format, staged: sa.Table) -> int:
    if kind is CONTACTS:
        return leave_erased(session, staged)
    return leave_erased_conversations(session, staged) if kind is INTERACTIONS else 0


def _settled_currency(session: Session, staged: sa.Table, options: Options) -> dict[str, Any]:
    """Settle the workspace's currency, and count the file's accounts that have another."""
    workspace = the_workspace(session)
    currency = options.currency_code or workspace.currency or _first_currency(session, staged)
    if currency and currency != workspace.currency and not options.is_dry_run:
        workspace.currency = currency
        session.add(workspace)
        session.flush()
    if "currency" not in staged.c:
        return {"other_currency": 0}
    others = sa.select(sa.func.count()).where(staged.c.currency != currency)
    return {"other_currency": session.scalar(others) or 0}


def _first_currency(session: Session, staged: sa.Table) -> str | None:
    if "currency" not in staged.c:
        return None
    has_one = staged.c.currency.is_not(None)
    return session.scalar(sa.select(staged.c.currency).where(has_one).order_by(staged.c[ROW]).limit(1))
