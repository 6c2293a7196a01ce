"""What is done with plans: begun, changed, closed; outcomes and blockers added and changed. Former dates are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account
from app.plans.models import PlanBlocker, PlanMove, PlanOutcome, SuccessPlan
from app.plans.queries.one import blocker_of, open_plan, outcome_of, people_to_agree, the_plan
from app.plans.rules.typed import LONGEST_KEY, BlockerWish, OutcomeWish, PlanWish
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

Part = TypeVar("Part", PlanOutcome, PlanBlocker)

BLOCKER = ("title", "is_critical", "opened_on", "resolved_on", "owner_id")
"""What a form says of a blocker."""


@dataclass(frozen=True)
class Writer:
    """Who writes a plan, and when."""

    user_id: int
    at: datetime


def begin_plan(
    session: Session, *, account: Account, wish: PlanWish, agreed_with: str, form_key: str, writer: Writer
) -> SuccessPlan:
    """Begin the plan of an account; the same form again returns what it made. Refusal where a plan is open."""
    wait_for_turn(session)
    known = session.scalar(select(SuccessPlan).where(SuccessPlan.form_key == _key(form_key)))
    if known is not None and known.account_id == account.id:
        return known
    if open_plan(session, account) is not None:
        raise Refusal("This account has an open plan; close it before you begin another.", "title")
    plan = SuccessPlan(
        account_id=account.id,
        title=wish.title,
        agreed_on=wish.agreed_on,
        agreed_with=_contact(session, account, agreed_with),
        due_on=wish.due_on,
        form_key=_key(form_key),
        created_at=writer.at,
        created_by=writer.user_id,
    )
    session.add(plan)
    session.flush()
    _record(session, "plan.begun", plan, writer, {})
    return plan


def change_plan(session: Session, *, account: Account, wish: PlanWish, agreed_with: str, writer: Writer) -> list[str]:
    """Change the open plan of an account and return the names of what changed; a former date stays."""
    wait_for_turn(session)
    plan = the_plan(session, account, is_locked=True)
    _move(session, plan, wish=wish, plan=plan, writer=writer)
    wanted = {
        "title": wish.title,
        "agreed_on": wish.agreed_on,
        "due_on": wish.due_on,
        "agreed_with": _contact(session, account, agreed_with),
    }
    changed = _change(session, plan, wanted)
    if changed:
        _record(session, "plan.changed", plan, writer, {"changed": changed})
    return changed


def close_plan(session: Session, *, account: Account, writer: Writer) -> None:
    """Close the open plan of an account; what stands in it stays as it is."""
    wait_for_turn(session)
    plan = the_plan(session, account, is_locked=True)
    plan.closed_at, plan.closed_by = writer.at, writer.user_id
    session.flush()
    _record(session, "plan.closed", plan, writer, {})


def add_outcome(session: Session, *, account: Account, wish: OutcomeWish, form_key: str, writer: Writer) -> PlanOutcome:
    """Add an outcome to the open plan of an account; the same form again returns what it made."""
    values = {"title": wish.title, "measure": wish.measure, "due_on": wish.due_on, "done_on": wish.done_on}
    return _add(session, PlanOutcome, "outcome", values, account=account, form_key=form_key, writer=writer)


def change_outcome(
    session: Session, *, account: Account, outcome_id: int, wish: OutcomeWish, writer: Writer
) -> list[str]:
    """Change an outcome and return the names of what changed; a former date is kept with its reason."""
    wait_for_turn(session)
    plan = the_plan(session, account)
    outcome = outcome_of(session, plan=plan, outcome_id=outcome_id)
    _move(session, outcome, wish=wish, plan=plan, writer=writer)
    wanted = {
        "title": wish.title,
        "measure": wish.measure,
        "due_on": wish.due_on,
        "done_on": wish.done_on,
        "dropped_on": (outcome.dropped_on or writer.at.date()) if wish.is_dropped else None,
    }
    changed = _change(session, outcome, wanted)
    if changed:
        _record(session, "plan.outcome_changed", plan, writer, {"outcome": outcome.id, "changed": changed})
    return changed


def reach_outcome(session: Session, *, account: Account, outcome_id: int, writer: Writer) -> bool:
    """Note that an outcome is reached today; False where it was reached before."""
    wait_for_turn(session)
    plan = the_plan(session, account)
    outcome = outcome_of(session, plan=plan, outcome_id=outcome_id)
    if outcome.done_on is not None:
        return False
    _change(session, outcome, {"done_on": writer.at.date(), "dropped_on": None})
    _record(session, "plan.outcome_changed", plan, writer, {"outcome": outcome.id, "changed": ["done_on"]})
    return True


def add_blocker(session: Session, *, account: Account, wish: BlockerWish, form_key: str, writer: Writer) -> PlanBlocker:
    """Add a blocker to the open plan of an account; the same form again returns what it made."""
    values = {name: getattr(wish, name) for name in BLOCKER}
    return _add(session, PlanBlocker, "blocker", values, account=account, form_key=form_key, writer=writer)


def change_blocker(
    session: Session, *, account: Account, blocker_id: int, wish: BlockerWish, writer: Writer
) -> list[str]:
    """Change a blocker and return the names of what changed."""
    wait_for_turn(session)
    plan = the_plan(session, account)
    blocker = blocker_of(session, plan=plan, blocker_id=blocker_id)
    changed = _change(session, blocker, {name: getattr(wish, name) for name in BLOCKER})
    if changed:
        _record(session, "plan.blocker_changed", plan, writer, {"blocker": blocker.id, "changed": changed})
    return changed


def resolve_blocker(session: Session, *, account: Account, blocker_id: int, writer: Writer) -> bool:
    """Note that a blocker is out of the way today; False where it was before."""
    wait_for_turn(session)
    plan = the_plan(session, account)
    blocker = blocker_of(session, plan=plan, blocker_id=blocker_id)
    if blocker.resolved_on is not None:
        return False
    _change(session, blocker, {"resolved_on": writer.at.date()})
    _record(session, "plan.blocker_changed", plan, writer, {"blocker": blocker.id, "changed": ["resolved_on"]})
    return True


def forget_agreements(session: Session, *, contact_ids: Sequence[int]) -> None:
    """Take away that these people agreed to plans; the plans stay."""
    theirs = update(SuccessPlan).where(SuccessPlan.agreed_with.in_(contact_ids)).values(agreed_with=None)
    session.execute(theirs.execution_options(synchronize_session=False))


def _add(
    session: Session,
    kind: type[Part],
    word: str,
    values: dict[str, Any],
    *,
    account: Account,
    form_key: str,
    writer: Writer,
) -> Part:
    """Add an outcome or a blocker to the open plan; the same form again returns what it made."""
    wait_for_turn(session)
    plan = the_plan(session, account)
    known = session.scalar(select(kind).where(kind.form_key == _key(form_key)))
    if known is not None and known.plan_id == plan.id:
        return known
    part = kind(plan_id=plan.id, form_key=_key(form_key), created_at=writer.at, created_by=writer.user_id, **values)
    session.add(part)
    session.flush()
    _record(session, f"plan.{word}_added", plan, writer, {word: part.id})
    return part


def _key(raw: str) -> str:
    if not raw:
        raise Refusal("Open the page once more and send it from there.", "title")
    return raw[:LONGEST_KEY]


def _contact(session: Session, account: Account, raw: str) -> int | None:
    """The contact that was chosen; None for nobody."""
    if not raw:
        return None
    wanted = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
    if wanted not in people_to_agree(session, account):
        raise Refusal("Choose from the list who agreed, or leave it open.", "agreed_with")
    return wanted


def _move(
    session: Session, it: SuccessPlan | PlanOutcome, *, wish: PlanWish | OutcomeWish, plan: SuccessPlan, writer: Writer
) -> None:
    """Keep the former date of a plan or an outcome whose date moves."""
    if it.due_on == wish.due_on:
        return
    if not wish.reason:
        raise Refusal("Say in a few words why the date moves.", "reason")
    session.add(
        PlanMove(
            plan_id=plan.id,
            outcome_id=None if it is plan else it.id,
            former_on=it.due_on,
            due_on=wish.due_on,
            reason=wish.reason,
            moved_at=writer.at,
            moved_by=writer.user_id,
        )
    )


def _change(session: Session, row: Any, wanted: dict[str, Any]) -> list[str]:
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    session.flush()
    return changed


def _record(session: Session, action: str, plan: SuccessPlan, writer: Writer, fields: dict[str, Any]) -> None:
    record_event(
        session,
        actor_id=writer.user_id,
        action=action,
        object_type="success_plan",
        object_id=plan.id,
        fields={"account": plan.account_id, **fields},
    )
