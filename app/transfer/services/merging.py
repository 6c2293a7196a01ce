"""Staged rows become rows of a table: compared, counted and written by a few statements, whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Relationship
from app.transfer.services.formats import Column, table_of
from app.transfer.services.rows import CUSTOM, ROW

Expression = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Counted:
    """What the staged rows are to the rows already there."""

    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True)
class Merge:
    """A staged file and the table that it is to change; only the columns that the file has are compared and set."""

    table: sa.Table
    staged: sa.FromClause
    columns: tuple[Column, ...]
    on_postgres: bool

    @cached_property
    def kept(self) -> sa.FromClause:
        """The rows that are there already."""
        return self.table.alias("kept")

    @cached_property
    def named(self) -> sa.FromClause:
        """The accounts that the rows name."""
        return table_of(Account).alias("named")

    @cached_property
    def earlier(self) -> sa.FromClause:
        """The accounts that the rows already there belong to."""
        return table_of(Account).alias("earlier")

    @cached_property
    def person(self) -> sa.FromClause:
        """The contacts that the rows name."""
        return table_of(Contact).alias("person")

    @cached_property
    def related(self) -> sa.FromClause:
        """The relationships that the rows name."""
        return table_of(Relationship).alias("related")

    @cached_property
    def earlier_person(self) -> sa.FromClause:
        """The contacts that the rows already there name."""
        return table_of(Contact).alias("earlier_person")


def count_rows(session: Session, merge: Merge) -> Counted:
    """Count which staged rows are new, which change a row and which say what is known."""
    is_new, differs = _is_new(merge), _differs(merge)
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((is_new, 1), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((sa.and_(sa.not_(is_new), differs), 1), else_=0)), 0),
        ).select_from(_joined(merge))
    ).one()
    total, created, updated = (int(count) for count in row)
    return Counted(created, updated, total - created - updated)


def changed_rows(session: Session, merge: Merge, *, limit: int) -> Sequence[sa.RowMapping]:
    """The first staged rows that change a row, in the order of the file.

    Each key column stands under its name; each other column (and custom) as `before_…`, `after_…` and `differs_…`.
    """
    shown: list[Expression] = [merge.staged.c[column.name] for column in merge.columns if column.key]
    for name, differs in _comparisons(merge).items():
        before, after = _sides(merge, name)
        shown += [before.label(f"before_{name}"), after.label(f"after_{name}"), differs.label(f"differs_{name}")]
    joined = _joined(merge)
    if any(column.names_account and not column.key for column in merge.columns):
        joined = joined.outerjoin(merge.earlier, merge.earlier.c.id == merge.kept.c.account_id)
    if any(column.names_contact for column in merge.columns):
        joined = joined.outerjoin(merge.earlier_person, merge.earlier_person.c.id == merge.kept.c.contact_id)
    changed = sa.and_(sa.not_(_is_new(merge)), _differs(merge))
    wanted = sa.select(*shown).select_from(joined).where(changed).order_by(merge.staged.c[ROW]).limit(limit)
    return session.execute(wanted).mappings().all()


def new_rows(session: Session, merge: Merge, *, limit: int) -> Sequence[sa.RowMapping]:
    """The first staged rows that are new, as the file has them and in its order."""
    shown = [column for column in merge.staged.c if column.name != ROW]
    wanted = sa.select(*shown).select_from(_joined(merge)).where(_is_new(merge))
    return session.execute(wanted.order_by(merge.staged.c[ROW]).limit(limit)).mappings().all()


def write_rows(session: Session, merge: Merge) -> None:
    """Insert the new rows and update those that differ; columns that the file lacks keep their values."""
    values = _values(merge)
    target, keys = merge.table, [column.attribute for column in merge.columns if column.key]
    chosen = (
        sa.select(*(value.label(f"new_{name}") for name, value in values.items()))
        .select_from(_joined(merge))
        .where(sa.or_(_is_new(merge), _differs(merge)))
    )
    dialect: Any = postgresql if merge.on_postgres else sqlite
    insert = dialect.insert(target).from_select(list(values), chosen, include_defaults=True)
    changed = {name: insert.excluded[name] for name in values if name not in keys}
    if not changed:
        # A file of keys alone, such as outcomes without reasons, has nothing to update.
        session.execute(insert.on_conflict_do_nothing(index_elements=keys))
        return
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))


def _joined(merge: Merge) -> sa.FromClause:
    staged, kept, named = merge.staged, merge.kept, merge.named
    joined: sa.FromClause = staged
    if any(column.names_account for column in merge.columns):
        # Unknown accounts have been refused; an outer join keeps SQLite from starting with all accounts and scanning
        # the whole file for each.
        joined = joined.outerjoin(named, named.c.crm_id == staged.c.account_id)
    if any(column.names_contact for column in merge.columns):
        joined = joined.outerjoin(merge.person, merge.person.c.crm_id == staged.c.contact_id)
    if any(column.names_relationship for column in merge.columns):
        joined = joined.outerjoin(merge.related, merge.related.c.crm_id == staged.c.relationship_id)
    same_key = [kept.c[column.attribute] == _value(merge, column) for column in merge.columns if column.key]
    return joined.outerjoin(kept, sa.and_(*same_key))


def _is_new(merge: Merge) -> Expression:
    return next(iter(merge.kept.primary_key)).is_(None)


def _differs(merge: Merge) -> Expression:
    return sa.or_(sa.false(), *_comparisons(merge).values())


def _comparisons(merge: Merge) -> dict[str, Expression]:
    """Whether each column that is no key says something else than the row already there, by the column's name."""
    kept, staged = merge.kept, merge.staged
    compared = {
        column.name: _json_differs(merge, kept.c[column.attribute], staged.c[column.name])
        if _is_json(merge, column)
        else kept.c[column.attribute].is_distinct_from(_value(merge, column))
        for column in merge.columns
        if not column.key
    }
    if CUSTOM in staged.c:
        compared[CUSTOM] = _json_differs(merge, kept.c[CUSTOM], _merged_custom(merge))
    return compared


def _sides(merge: Merge, name: str) -> tuple[Expression, Expression]:
    """What stands in a column before and after, as people know it: accounts and contacts by the CRM's id."""
    if name == CUSTOM:
        return merge.kept.c[CUSTOM], _merged_custom(merge)
    column = next(column for column in merge.columns if column.name == name)
    if column.names_contact:
        return merge.earlier_person.c.crm_id, merge.staged.c[name]
    before = merge.earlier.c.crm_id if column.names_account else merge.kept.c[column.attribute]
    return before, merge.staged.c[name]


def _values(merge: Merge) -> dict[str, Expression]:
    values = {
        column.attribute: _as_json(merge, _value(merge, column)) if _is_json(merge, column) else _value(merge, column)
        for column in merge.columns
    }
    if CUSTOM in merge.staged.c:
        values[CUSTOM] = _as_json(merge, _merged_custom(merge))
    return values


def _value(merge: Merge, column: Column) -> Expression:
    if column.names_contact:
        return merge.person.c.id
    if column.names_relationship:
        return merge.related.c.id
    return merge.named.c.id if column.names_account else merge.staged.c[column.name]


def _is_json(merge: Merge, column: Column) -> bool:
    return isinstance(merge.table.c[column.attribute].type, sa.JSON)


def _as_json(merge: Merge, value: Expression) -> Expression:
    # SQLite keeps JSON as text; a cast there would look for a number in it.
    return sa.cast(value, sa.JSON) if merge.on_postgres else value


def _json_differs(merge: Merge, kept: Expression, value: Expression) -> Expression:
    if merge.on_postgres:
        return sa.cast(kept, postgresql.JSONB).is_distinct_from(sa.cast(value, postgresql.JSONB))
    return sa.func.json(kept, type_=sa.Text).is_distinct_from(sa.func.json(value, type_=sa.Text))


def _merged_custom(merge: Merge) -> Expression:
    """The custom fields already there, with those of the file on top; an empty cell (null) takes its field away."""
    kept, new = merge.kept.c[CUSTOM], merge.staged.c[CUSTOM]
    if not merge.on_postgres:
        nothing = sa.literal_column("'{}'", sa.Text)
        return sa.func.json_patch(sa.func.coalesce(sa.type_coerce(kept, sa.Text), nothing), new, type_=sa.Text)
    nothing = sa.literal_column("'{}'::jsonb", postgresql.JSONB)
    before = sa.func.coalesce(sa.cast(kept, postgresql.JSONB), nothing, type_=postgresql.JSONB)
    both = before.op("||", return_type=postgresql.JSONB())(sa.cast(new, postgresql.JSONB))
    return sa.func.jsonb_strip_nulls(both, type_=postgresql.JSONB)
