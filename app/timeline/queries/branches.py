"""The shape that every event of a timeline has as a row, and how one branch of the union is cut to a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.core.database import Instant
from app.timeline.rules.kinds import Kind, Place
from app.users.rules import Scope

TEXTS = ("what", "a", "b", "c", "d", "person", "who")
NUMBERS = ("x", "y")


class start_of_day(FunctionElement[Any]):  # noqa: N801  (named as it is called, like every function of SQL)
    """A day as the instant at which it begins, in UTC."""

    type = Instant()
    inherit_cache = True


@compiles(start_of_day)
def _begins(element: start_of_day, compiler: Any, **options: Any) -> str:
    return f"timezone('UTC', CAST({compiler.process(element.clauses, **options)} AS timestamp))"


@compiles(start_of_day, "sqlite")
def _begins_on_sqlite(element: start_of_day, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} || ' 00:00:00.000000')"


ACCOUNT = bindparam("account", type_=Integer)
INDUSTRY = bindparam("industry", type_=String)
CURRENCY = bindparam("currency", type_=String)
HEALTH_KEY = bindparam("health_key", type_=String)
MOST = bindparam("most", type_=Integer)
_AFTER_AT, _AFTER_RANK, _AFTER_ID = (
    bindparam("after_at", type_=Instant),
    bindparam("after_rank", type_=Integer),
    bindparam("after_id", type_=Integer),
)


@dataclass(frozen=True)
class Reader:
    """Who reads a timeline: `knows` people and words there, or what happened alone; whether it has any health.

    `sees_judgement` is what `health.queries.sealing` says of the caller.
    """

    scope: Scope
    knows: bool
    has_health: bool
    sees_judgement: bool

    def words(self, column: Any) -> ColumnElement[Any] | None:
        """Words or a name for who may read them; None, so that they are not even fetched, for everybody else."""
        return column if self.knows else None


@dataclass(frozen=True)
class Branch:
    """One source of events: `read` makes its statement, `rank` orders what happened at one instant."""

    rank: int
    kind: Kind
    read: Callable[[Reader], "Event | None"]


@dataclass(frozen=True)
class Event:
    """One source as a statement: when, which row, its columns by name, and from where with which conditions."""

    at: Any
    id: Any
    shown: dict[str, Any]
    source: Select[Any]
    where: tuple[ColumnElement[bool], ...] = ()


def page_of(branch: Branch, event: Event, *, is_first: bool) -> Select[Any]:
    """The newest events of one branch, behind a place unless the page `is_first`, as rows of the union."""
    columns = [
        literal_column(str(branch.rank), Integer).label("rank"),
        event.id.label("id"),
        type_coerce(event.at, Instant).label("at"),
        *(_text(event.shown.get(name)).label(name) for name in TEXTS),
        *(_number(event.shown.get(name)).label(name) for name in NUMBERS),
    ]
    found = event.source.with_only_columns(*columns, maintain_column_froms=True).where(*event.where)
    if not is_first:
        found = found.where(_behind(branch, event))
    cut = found.order_by(event.at.desc(), event.id.desc()).limit(MOST).subquery()
    return select(cut)


def values_of(after: Place | None) -> dict[str, Any]:
    """What stands for a place in a statement."""
    return {} if after is None else {"after_at": after.at, "after_rank": after.rank, "after_id": after.id}


def _behind(branch: Branch, event: Event) -> ColumnElement[bool]:
    """Newest first, what stands behind a place: earlier, or at that instant with a lower rank or a lower id."""
    at, rank = event.at, literal_column(str(branch.rank), Integer)
    beside = or_(rank < _AFTER_RANK, and_(rank == _AFTER_RANK, event.id < _AFTER_ID))
    return and_(at <= _AFTER_AT, or_(at < _AFTER_AT, beside))


def _text(value: Any) -> ColumnElement[Any]:
    return cast(null() if value is None else value, Text)


def _number(value: Any) -> ColumnElement[Any]:
    return cast(null() if value is None else value, Float)
