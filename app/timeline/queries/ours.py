"""What was measured, promised and done about an account on our side, and what became of it."""

from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.actions.models import Action
from app.actions.queries import reachable_actions, visible_actions
from app.customers.models import Account, Outcome, Promise
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase
from app.ledger.models import LedgerEntry
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.studies.models import Respondent, Study
from app.timeline.queries.branches import ACCOUNT, CURRENCY, HEALTH_KEY, INDUSTRY, Event, Reader, start_of_day
from app.timeline.queries.naming import user_name
from app.users.models import User
from app.users.rules import Permission

_OWNER = aliased(User)

MOVED_BY = 5.0
"""Points from which on a change of health within its colour is an event."""
MOST_DAYS = 400
"""How far back health is looked at: a year of daily computations and a month."""


def health_changes(reader: Reader) -> Event | None:
    """Days on which health changed its colour, or moved by five points or more since the day before it was computed."""
    if not reader.has_health:
        return None
    last_of_days = (
        select(func.max(HealthComputation.id).label("id"), HealthComputation.as_of)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(ScorecardVersion.key == HEALTH_KEY)
        .group_by(HealthComputation.as_of)
        .order_by(HealthComputation.as_of.desc())
        .limit(MOST_DAYS)
        .subquery("last_of_days")
    )
    order = last_of_days.c.as_of
    stood = (
        select(
            last_of_days.c.id,
            last_of_days.c.as_of,
            HealthScore.score,
            HealthScore.band,
            func.lag(last_of_days.c.id).over(order_by=order).label("before_id"),
            func.lag(HealthScore.score).over(order_by=order).label("before"),
            func.lag(HealthScore.band).over(order_by=order).label("before_band"),
        )
        .select_from(last_of_days)
        .join(HealthScore, HealthScore.computation_id == last_of_days.c.id)
        # As a range of one: SQLite then reads the index of moves alone, not the rows with their explanations.
        .where(HealthScore.account_id.between(ACCOUNT, ACCOUNT))
        .subquery("stood")
    )
    moved = or_(
        stood.c.band.is_distinct_from(stood.c.before_band), func.abs(stood.c.score - stood.c.before) >= MOVED_BY
    )
    return Event(
        at=start_of_day(stood.c.as_of),
        id=stood.c.id,
        shown={"a": stood.c.band, "b": stood.c.before_band, "x": stood.c.score, "y": stood.c.before},
        source=select(stood),
        where=(stood.c.before_id.is_not(None), moved),
    )


def actions_added(reader: Reader) -> Event | None:
    """Actions that were added, of those that the reader may see."""
    if not reader.scope.can(Permission.ACTIONS):
        return None
    return Event(
        at=Action.created_at,
        id=Action.id,
        shown={
            "a": literal("added"),
            "b": Action.title,
            "c": user_name(_OWNER),
            "d": case((Action.is_promised, "promised")),
            "who": user_name(),
        },
        source=_actions().join(User, User.id == Action.created_by).join(_OWNER, _OWNER.id == Action.owner_id),
        where=(Action.account_id == ACCOUNT, visible_actions(reader.scope)),
    )


def actions_done(reader: Reader) -> Event | None:
    """Actions that were done, of those that the reader may see; what was noted only for who may work on them."""
    if not reader.scope.can(Permission.ACTIONS):
        return None
    note = case((reachable_actions(reader.scope), Action.note))
    return Event(
        at=Action.done_at,
        id=Action.id,
        shown={"a": literal("done"), "b": Action.title, "c": reader.words(note), "who": user_name()},
        source=_actions().outerjoin(User, User.id == Action.done_by),
        where=(
            Action.account_id == ACCOUNT,
            Action.done_at.is_not(None),
            visible_actions(reader.scope),
        ),
    )


def promises_made(_reader: Reader) -> Event:
    """Promises on the day they were made, or were put on record where that is not known."""
    return Event(
        at=case((Promise.promised_on.is_not(None), start_of_day(Promise.promised_on)), else_=Promise.created_at),
        id=Promise.id,
        shown={"a": literal("promised"), "b": Promise.text, "c": Promise.source},
        source=select(Promise),
        where=(Promise.account_id == ACCOUNT,),
    )


def promises_delivered(_reader: Reader) -> Event:
    """Promises on the day they were delivered, unless an entry of the ledger tells the same."""
    told = exists().where(
        and_(
            LedgerEntry.promise_id == Promise.id,
            LedgerEntry.completes,
            LedgerEntry.withdrawn_at.is_(None),
            LedgerEntry.happens_on == Promise.delivered_on,
        )
    )
    return Event(
        at=start_of_day(Promise.delivered_on),
        id=Promise.id,
        shown={"a": literal("delivered"), "b": Promise.text, "d": literal("all")},
        source=select(Promise),
        where=(Promise.account_id == ACCOUNT, Promise.delivered_on.is_not(None), ~told),
    )


def ledger_entries(_reader: Reader) -> Event:
    """What the ledger says of promises; what was withdrawn stands in the ledger alone."""
    currency = func.coalesce(LedgerEntry.currency, CURRENCY)
    return Event(
        at=start_of_day(LedgerEntry.happens_on),
        id=LedgerEntry.id,
        shown={
            "a": LedgerEntry.side,
            "b": Promise.text,
            "c": case((LedgerEntry.amount.is_not(None), currency), else_=LedgerEntry.unit),
            "d": case((LedgerEntry.completes, "all")),
            "x": LedgerEntry.amount,
            "y": LedgerEntry.quantity,
            "who": user_name(),
        },
        source=select(LedgerEntry)
        .join(Promise, Promise.id == LedgerEntry.promise_id)
        .outerjoin(User, User.id == LedgerEntry.recorded_by),
        where=(Promise.account_id == ACCOUNT, LedgerEntry.withdrawn_at.is_(None)),
    )


def situations_begun(_reader: Reader) -> Event:
    """Situations that meet the account, on their first day."""
    return _situations("began", Overlay.starts_on)


def situations_ended(_reader: Reader) -> Event:
    """Situations that meet the account, on their last day."""
    return _situations("ended", Overlay.ends_on)


def situation_changes(reader: Reader) -> Event:
    """What its CSM said of a situation for this account."""
    return Event(
        at=OverlayChange.made_at,
        id=OverlayChange.id,
        shown={
            "a": literal("changed"),
            "b": Overlay.name,
            "c": reader.words(OverlayChange.reason),
            "d": OverlayChange.level,
            "who": user_name(),
        },
        source=select(OverlayChange)
        .join(Overlay, Overlay.id == OverlayChange.overlay_id)
        .outerjoin(User, User.id == OverlayChange.made_by),
        where=(OverlayChange.account_id == ACCOUNT,),
    )


def cases_opened(_reader: Reader) -> Event:
    """Support cases that were opened."""
    return _cases("opened", SupportCase.opened_at)


def cases_closed(_reader: Reader) -> Event:
    """Support cases that were closed."""
    return _cases("closed", SupportCase.closed_at)


def outcomes(_reader: Reader) -> Event:
    """What became of it: renewed, expanded, contracted, churned."""
    return Event(
        at=start_of_day(Outcome.outcome_date),
        id=Outcome.id,
        shown={"a": Outcome.outcome, "b": Outcome.reason_category},
        source=select(Outcome),
        where=(Outcome.account_id == ACCOUNT,),
    )


def _actions() -> Any:
    return (
        select(Action)
        .join(Account, Account.id == Action.account_id)
        .outerjoin(Respondent, Respondent.id == Action.respondent_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
    )


def _situations(what: str, day: Any) -> Event:
    by_industry = exists().where(
        OverlayImpact.overlay_id == Overlay.id,
        OverlayImpact.industry == INDUSTRY,
        OverlayImpact.level.is_not(None),
    )
    by_itself = exists().where(OverlayChange.overlay_id == Overlay.id, OverlayChange.account_id == ACCOUNT)
    return Event(
        at=start_of_day(day),
        id=Overlay.id,
        shown={"a": literal(what), "b": Overlay.name},
        source=select(Overlay),
        where=(day.is_not(None), or_(by_industry, by_itself)),
    )


def _cases(what: str, at: Any) -> Event:
    return Event(
        at=at,
        id=SupportCase.id,
        shown={"a": literal(what), "b": SupportCase.priority, "c": SupportCase.crm_id},
        source=select(SupportCase),
        where=(SupportCase.account_id == ACCOUNT, at.is_not(None)),
    )
