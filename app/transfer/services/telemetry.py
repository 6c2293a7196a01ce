"""Files of telemetry: rows about accounts, and rows about single relationships, which are kept apart."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import RelationshipTelemetry, Telemetry
from app.health.services.incremental import note_changed
from app.relationships.services import note_relationships
from app.transfer.rules.outcome import Faults
from app.transfer.rules.preview import NEW_ROWS, Preview, first, table_of_new
from app.transfer.services.checks import note_doubles, note_foreign_relationships, note_unknown_accounts
from app.transfer.services.formats import Column, Format, table_of
from app.transfer.services.merging import Counted, Merge, count_rows, write_rows
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.previewing import preview_of_rows
from app.transfer.services.reading import Sheet, records
from app.transfer.services.rows import layout_of, values_of
from app.transfer.services.staging import stage, staged_columns
from app.transfer.services.tables import store_table

ABOUT = "relationship_id"
MANY = 1_000
"""New rows from which on a database learns anew how many there are."""


@dataclass(frozen=True)
class _Part:
    """The staged rows about accounts, or those about relationships, and what they are to the rows already there."""

    merge: Merge
    counted: Counted

    @property
    def is_news(self) -> bool:
        return bool(self.counted.created + self.counted.updated)


def store_telemetry(session: Session, kind: Format, sheet: Sheet, options: Options, faults: Faults) -> Stored:
    """Store telemetry: a row that names a relationship is kept as that one's, every other as its account's."""
    if ABOUT not in sheet.header:
        return store_table(session, kind, sheet, options, faults)
    layout = layout_of(sheet.header, kind, options.shape, session.get_bind().dialect)
    rows = values_of(layout, records(sheet, faults, options.progress), faults)
    staged = stage(session, staged_columns(layout.stored, has_custom=False), rows)
    keys = [column.name for column in layout.stored if column.key]
    note_doubles(session, staged, keys, faults, name=" and ".join(keys))
    note_unknown_accounts(session, staged, faults)
    note_foreign_relationships(session, staged, faults)
    if faults.total:
        return NOTHING
    parts = _parts(session, staged, layout.stored)
    preview = _preview(session, parts) if options.has_preview else None
    if not options.is_dry_run:
        _write(session, staged, parts)
    return Stored(_added([part.counted for part in parts]), {}, preview)


def _parts(session: Session, staged: sa.Table, columns: tuple[Column, ...]) -> list[_Part]:
    """The rows about accounts, and those about relationships."""
    of_accounts = tuple(column for column in columns if not column.names_relationship)
    of_relationships = tuple(column for column in columns if not column.names_account)
    on_postgres = session.get_bind().dialect.name == "postgresql"
    merges = (
        Merge(table_of(Telemetry), _some(staged, staged.c[ABOUT].is_(None)), of_accounts, on_postgres),
        Merge(
            table_of(RelationshipTelemetry), _some(staged, staged.c[ABOUT].is_not(None)), of_relationships, on_postgres
        ),
    )
    return [_Part(merge, count_rows(session, merge)) for merge in merges]


def _some(staged: sa.Table, condition: sa.ColumnElement[bool]) -> sa.FromClause:
    return sa.select(staged).where(condition).subquery("staged")


def _write(session: Session, staged: sa.Table, parts: list[_Part]) -> None:
    of_accounts, of_relationships = parts
    if of_accounts.is_news:
        write_rows(session, of_accounts.merge)
        named = sa.select(staged.c.account_id).where(staged.c[ABOUT].is_(None))
        note_changed(session, accounts=sa.select(Account.id).where(Account.crm_id.in_(named)))
    if of_relationships.is_news:
        write_rows(session, of_relationships.merge)
        if of_relationships.counted.created >= MANY and of_relationships.merge.on_postgres:
            # PostgreSQL looks values up by the index of metrics, row after row, until it knows how many rows there are.
            session.connection().exec_driver_sql(f"ANALYZE {of_relationships.merge.table.name}")
        note_relationships(session)


def _added(counts: list[Counted]) -> Counted:
    return Counted(
        sum(each.created for each in counts),
        sum(each.updated for each in counts),
        sum(each.unchanged for each in counts),
    )


def _preview(session: Session, parts: list[_Part]) -> Preview:
    """The first rows of both parts that are new or change something."""
    found = [preview_of_rows(session, part.merge) for part in parts]
    rows = [dict(zip(each.columns, row, strict=True)) for each in found for row in each.rows]
    return Preview(
        first(change for each in found for change in each.changes),
        *table_of_new(rows[:NEW_ROWS], ["account_id", "period_end", "metric"]),
    )
