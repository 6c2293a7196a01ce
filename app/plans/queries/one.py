"""The plan of one account with all that stands in it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.rows import locked_row
from app.customers.models import Account, Contact
from app.plans.models import PlanBlocker, PlanMove, PlanOutcome, SuccessPlan
from app.users.models import RoleRow, User, user_role
from app.users.rules import Role

OWNING = (Role.ADMIN.value, Role.LEADER.value, Role.CSM.value)
"""Roles that may do something for a customer."""


def open_plan(session: Session, account: Account, *, is_locked: bool = False) -> SuccessPlan | None:
    """The open plan of an account; locked until the transaction ends if asked."""
    wanted = select(SuccessPlan).where(SuccessPlan.account_id == account.id, SuccessPlan.closed_at.is_(None))
    if is_locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def the_plan(session: Session, account: Account, *, is_locked: bool = False) -> SuccessPlan:
    """The open plan of an account; Missing where it has none."""
    found = open_plan(session, account, is_locked=is_locked)
    if found is None:
        raise Missing("This account has no plan.", "plan")
    return found


def closed_plans(session: Session, account: Account) -> Sequence[SuccessPlan]:
    """The plans of an account that are over, the newest first."""
    over = (SuccessPlan.account_id == account.id, SuccessPlan.closed_at.is_not(None))
    return session.scalars(select(SuccessPlan).where(*over).order_by(SuccessPlan.closed_at.desc())).all()


def agreed_name(session: Session, plan: SuccessPlan) -> str | None:
    """The name of who agreed on the customer's side; None where it is not known or was erased."""
    return session.scalar(select(Contact.name).where(Contact.id == plan.agreed_with, Contact.erased_at.is_(None)))


def people_to_agree(session: Session, account: Account) -> dict[int, str]:
    """Everybody on record at an account: contact id -> name; who was erased is nobody."""
    rows = session.execute(
        select(Contact.id, Contact.name)
        .where(Contact.account_id == account.id, Contact.erased_at.is_(None))
        .order_by(func.lower(Contact.name), Contact.id)
    )
    return {identity: name for identity, name in rows}  # noqa: C416  (a row is no pair to mypy)


def outcomes_of(session: Session, plan: SuccessPlan) -> Sequence[Any]:
    """The outcomes of a plan as rows (PlanOutcome, slips): the open ones by their date, then the rest."""
    slips = func.count(PlanMove.id).label("slips")
    return session.execute(
        select(PlanOutcome, slips)
        .outerjoin(PlanMove, and_(PlanMove.outcome_id == PlanOutcome.id, PlanMove.due_on > PlanMove.former_on))
        .where(PlanOutcome.plan_id == plan.id)
        .group_by(PlanOutcome.id)
        .order_by(
            PlanOutcome.dropped_on.is_not(None), PlanOutcome.done_on.is_not(None), PlanOutcome.due_on, PlanOutcome.id
        )
    ).all()


def blockers_of(session: Session, plan: SuccessPlan) -> Sequence[Any]:
    """The blockers of a plan as rows (PlanBlocker, owner): the open and critical ones first."""
    return session.execute(
        select(PlanBlocker, _named().label("owner"))
        .outerjoin(User, User.id == PlanBlocker.owner_id)
        .where(PlanBlocker.plan_id == plan.id)
        .order_by(
            PlanBlocker.resolved_on.is_not(None), PlanBlocker.is_critical.desc(), PlanBlocker.opened_on, PlanBlocker.id
        )
    ).all()


def moves_of(session: Session, plan: SuccessPlan) -> Sequence[Any]:
    """How the dates of a plan moved (title, former_on, due_on, reason, moved_at, who), the newest first."""
    return session.execute(
        select(
            PlanOutcome.title,
            PlanMove.former_on,
            PlanMove.due_on,
            PlanMove.reason,
            PlanMove.moved_at,
            _named().label("who"),
        )
        .outerjoin(PlanOutcome, PlanOutcome.id == PlanMove.outcome_id)
        .join(User, User.id == PlanMove.moved_by)
        .where(PlanMove.plan_id == plan.id)
        .order_by(PlanMove.id.desc())
    ).all()


def outcome_of(session: Session, *, plan: SuccessPlan, outcome_id: int) -> PlanOutcome:
    """An outcome of a plan, locked until the transaction ends; Missing where it has none of this id."""
    wanted = select(PlanOutcome).where(PlanOutcome.id == outcome_id, PlanOutcome.plan_id == plan.id)
    return locked_row(session, wanted, row_id=outcome_id, missing=Missing("This plan has no such outcome.", "outcome"))


def blocker_of(session: Session, *, plan: SuccessPlan, blocker_id: int) -> PlanBlocker:
    """A blocker of a plan, locked until the transaction ends; Missing where it has none of this id."""
    wanted = select(PlanBlocker).where(PlanBlocker.id == blocker_id, PlanBlocker.plan_id == plan.id)
    return locked_row(session, wanted, row_id=blocker_id, missing=Missing("This plan has no such blocker.", "blocker"))


def blocker_owners(session: Session) -> dict[int, str]:
    """Who can own a blocker, every active login but viewers: user id -> name, by name."""
    works = select(user_role.c.user_id).join(RoleRow, RoleRow.id == user_role.c.role_id).where(RoleRow.name.in_(OWNING))
    rows = session.execute(select(User.id, _named()).where(User.active, User.id.in_(works)).order_by(_named(), User.id))
    return {identity: name for identity, name in rows}  # noqa: C416  (a row is no pair to mypy)


def _named() -> ColumnElement[str]:
    return func.coalesce(func.nullif(User.name, ""), User.email)
