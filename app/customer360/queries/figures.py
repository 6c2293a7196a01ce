"""The figures of one account's widgets, each a part of one statement, however many widgets show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.rules.kinds import NAMED_KINDS
from app.core.database import Instant
from app.customer360.queries.layouts import has_field
from app.customer360.rules.widgets import APART
from app.customers.models import Account, Opportunity, Outcome, Relationship
from app.customers.rules import CLOSED_STAGES
from app.health.models import SupportCase, Telemetry
from app.ledger.queries.value import value_columns
from app.overlays.models import Overlay
from app.relationships.queries.tile import tile_columns
from app.scoring.models import Distress, DistressScore

MOST_NAMES = 60
"""Names of products from which on a list of all is no map any more."""

MOST_KEPT = 128
"""Statements that are kept, one for each layout: to write one down takes longer than to run it."""

Columns = dict[str, Any]
Options = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Asked:
    """The account that a statement is about, whichever it will be."""

    id: ColumnElement[int]


ASKED: Any = Asked(bindparam("account", type_=Integer))
ON = bindparam("on", type_=Date)
BEFORE = bindparam("before", type_=Instant)


def account_figures(
    session: Session,
    account: Account,
    *,
    widgets: Collection[str],
    options: Mapping[str, Mapping[str, str]],
    own: Collection[str],
    currency: str | None,
    at: datetime,
) -> Row[Any]:
    """Return the figures that these widgets need, as one row; of the fields `own` it asks whether any account has them.

    Sums of money are in `currency`, that of the account: what is in another one is counted apart and in no sum.
    Columns are named `widget_figure`; beside them `left_on`, `situations`, `has_0`, `has_1` … in the order of `own`.
    """
    chosen = tuple(sorted((key, tuple(sorted(each.items()))) for key, each in options.items() if key in widgets))
    days = int(options.get("cases", {}).get("days") or 0)
    values = {"account": account.id, "on": at.date(), "before": at - timedelta(days=days)}
    wanted = _statement(frozenset(widgets), chosen, tuple(own), currency=currency, on=at.date())
    return session.execute(wanted, values).one()


@lru_cache(maxsize=MOST_KEPT)
def _statement(
    widgets: frozenset[str], options: Options, own: tuple[str, ...], *, currency: str | None, on: date
) -> Select[*tuple[Any, ...]]:
    of = {key: dict(each) for key, each in options}
    columns: Columns = {
        "left_on": select(func.max(Outcome.outcome_date))
        .where(Outcome.account_id == ASKED.id, Outcome.outcome == "churned")
        .scalar_subquery(),
        "situations": _situations(),
    }
    for key, read in _READ.items():
        if key in widgets:
            columns |= read(ASKED, of.get(key, {}))
    # These three need to know the day, or in which currency money is counted.
    if "relationships" in widgets:
        columns |= tile_columns(ASKED, on)
    if "deals" in widgets:
        columns |= _deals(ASKED, currency)
    if "value" in widgets:
        value = value_columns(ASKED, currency=currency, on=on)
        columns |= {f"value_{name}": column for name, column in value.items()}
    columns |= {f"has_{place}": has_field(key) for place, key in enumerate(own)}
    return select(*(column.label(name) for name, column in columns.items()))


def _situations() -> Any:
    """How many situations may lie around any account on the day."""
    is_present = (Overlay.starts_on <= ON) & (Overlay.ends_on.is_(None) | (Overlay.ends_on >= ON))
    return _count(select(func.count()).select_from(Overlay).where(is_present))


def _users(account: Asked, options: Mapping[str, str]) -> Columns:
    newest = (
        select(Telemetry.value)
        .where(Telemetry.account_id == account.id, Telemetry.metric == options.get("metric", ""))
        .order_by(Telemetry.period_end.desc())
        .limit(1)
    )
    return {
        "users_value": newest.scalar_subquery(),
        "users_on": newest.with_only_columns(Telemetry.period_end).scalar_subquery(),
    }


def _cases(account: Asked, options: Mapping[str, str]) -> Columns:
    still_open = (
        select(func.count())
        .select_from(SupportCase)
        .where(SupportCase.account_id == account.id, SupportCase.closed_at.is_(None))
    )
    met = still_open
    if options.get("priority"):
        met = met.where(func.lower(SupportCase.priority) == options["priority"].lower())
    if options.get("days"):
        met = met.where(SupportCase.opened_at < BEFORE)
    ever = select(func.count()).select_from(SupportCase).where(SupportCase.account_id == account.id)
    return {"cases_met": _count(met), "cases_open": _count(still_open), "cases_ever": _count(ever)}


def _distress(account: Asked, _options: Mapping[str, str]) -> Columns:
    of_newest = (DistressScore.distress_id == Distress.id) & (DistressScore.account_id == account.id)
    newest = (
        select(DistressScore.band)
        .select_from(Distress)
        .join(DistressScore, of_newest)
        .order_by(Distress.id.desc())
        .limit(1)
    )
    return {
        "distress_band": newest.scalar_subquery(),
        "distress_score": newest.with_only_columns(DistressScore.score).scalar_subquery(),
    }


def _actions(account: Asked, _options: Mapping[str, str]) -> Columns:
    still_open = (
        select(func.count()).select_from(Action).where(Action.account_id == account.id, Action.done_at.is_(None))
    )
    return {
        "actions_open": _count(still_open),
        "actions_late": _count(still_open.where(Action.due_on < ON)),
        **{f"actions_{kind.value}": _count(still_open.where(Action.kind == kind.value)) for kind in NAMED_KINDS},
        "actions_owners": _count(still_open.with_only_columns(func.count(Action.owner_id.distinct()))),
    }


def _deals(account: Asked, currency: str | None) -> Columns:
    stage = func.lower(Opportunity.stage)
    own = func.coalesce(Opportunity.currency, currency or "") == (currency or "")
    still_open = (
        select(func.count())
        .select_from(Opportunity)
        .where(Opportunity.account_id == account.id, stage.not_in(CLOSED_STAGES), stage.not_like("closed%"))
    )
    return {
        "deals_open": _count(still_open),
        "deals_foreign": _count(still_open.where(~own)),
        "deals_sum": still_open.with_only_columns(func.sum(Opportunity.amount)).where(own).scalar_subquery(),
    }


def _footprint(account: Asked, _options: Mapping[str, str]) -> Columns:
    """What the account has, and what there is to have: names from index entry to index entry, as far as a map goes."""
    theirs = (
        select(Relationship.name)
        .where(Relationship.account_id == account.id, Relationship.name.is_not(None))
        .distinct()
        .limit(MOST_NAMES)
        .subquery()
    )
    each = select(func.min(Relationship.name).label("name"), literal(1).label("place")).cte("each_name", recursive=True)
    following = (
        select(func.min(Relationship.name)).where(Relationship.name > each.c.name).correlate(each).scalar_subquery()
    )
    each = each.union_all(
        select(following, each.c.place + 1).where(each.c.name.is_not(None), each.c.place <= MOST_NAMES)
    )
    every = select(each.c.name).where(each.c.name.is_not(None)).subquery()
    return {
        "footprint_has": _joined(theirs),
        "footprint_every": _joined(every),
        "footprint_total": _count(
            select(func.count()).select_from(Relationship).where(Relationship.account_id == account.id)
        ),
    }


def _joined(names: Any) -> Any:
    return select(func.aggregate_strings(names.c.name, APART)).select_from(names).scalar_subquery()


def _count(wanted: Any) -> Any:
    return wanted.scalar_subquery()


_READ = {
    "users": _users,
    "cases": _cases,
    "distress": _distress,
    "actions": _actions,
    "footprint": _footprint,
}
