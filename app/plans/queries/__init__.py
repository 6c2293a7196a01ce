"""Plans of many accounts, by few queries whatever their number."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account
from app.customers.queries import csm_name
from app.customers.scope import accounts_within, still_customers
from app.plans.models import PlanBlocker, PlanMove, PlanOutcome, SuccessPlan
from app.plans.rules.colours import BlockerFact, OutcomeFact, PlanFacts, Standing, standing, still_words
from app.plans.rules.portfolio import PlanRow
from app.users.rules import Scope

AT_ONCE = 10_000
"""Ids in one statement: databases take so many and not many times more."""


def plan_colours(session: Session, ids: Collection[int], *, on: date | None = None) -> dict[int, Standing]:
    """How the plans of accounts stand, today unless said otherwise: account id -> colour and sentence.

    Whoever is not in it has no plan. Four queries for each ten thousand accounts.
    """
    day = on or today()
    return {id_: standing(facts, day) for id_, facts in plan_facts(session, ids).items()}


def standing_still(session: Session, ids: Collection[int], on: date) -> dict[int, str]:
    """Of accounts, those whose plan is stuck or in which nothing was reached for long: account id -> why."""
    found = {id_: still_words(facts, on) for id_, facts in plan_facts(session, ids).items()}
    return {id_: words for id_, words in found.items() if words}


def plan_facts(session: Session, ids: Collection[int]) -> dict[int, PlanFacts]:
    """What the colours of the open plans of accounts are computed from, by account id."""
    found: dict[int, PlanFacts] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        found |= _facts(session, SuccessPlan.account_id.in_(wanted[start : start + AT_ONCE]))
    return found


def plans_seen(session: Session, *, scope: Scope) -> list[PlanRow]:
    """Every account that the caller may see and that is still a customer, with its open plan where it has one."""
    theirs = accounts_within(scope)
    mine = SuccessPlan.account_id.in_(select(Account.id).where(theirs))
    facts, slips = _facts(session, mine), _slips(session, mine)
    rows = session.execute(
        select(Account.id, Account.crm_id, Account.name, Account.csm_email, SuccessPlan.title, csm_name())
        .outerjoin(SuccessPlan, (SuccessPlan.account_id == Account.id) & SuccessPlan.closed_at.is_(None))
        .where(theirs, still_customers())
    )
    return [
        PlanRow(id_, crm_id, name, email, title, facts.get(id_, PlanFacts()), slips.get(id_, 0), csm)
        for id_, crm_id, name, email, title, csm in rows
    ]


def _facts(session: Session, among: ColumnElement[bool]) -> dict[int, PlanFacts]:
    is_open = (among, SuccessPlan.closed_at.is_(None))
    plans = session.execute(
        select(SuccessPlan.id, SuccessPlan.account_id, SuccessPlan.agreed_on, SuccessPlan.due_on).where(*is_open)
    ).all()
    outcomes = _by_plan(
        session,
        select(PlanOutcome.plan_id, PlanOutcome.title, PlanOutcome.due_on, PlanOutcome.done_on)
        .join(SuccessPlan, SuccessPlan.id == PlanOutcome.plan_id)
        .where(*is_open, PlanOutcome.dropped_on.is_(None))
        .order_by(PlanOutcome.plan_id, PlanOutcome.due_on, PlanOutcome.id),
    )
    blockers = _by_plan(
        session,
        select(PlanBlocker.plan_id, PlanBlocker.title, PlanBlocker.is_critical, PlanBlocker.opened_on)
        .join(SuccessPlan, SuccessPlan.id == PlanBlocker.plan_id)
        .where(*is_open, PlanBlocker.resolved_on.is_(None))
        .order_by(PlanBlocker.plan_id, PlanBlocker.opened_on, PlanBlocker.id),
    )
    return {
        account: PlanFacts(
            agreed_on,
            due_on,
            tuple(OutcomeFact(*row[1:]) for row in outcomes.get(id_, ())),
            tuple(BlockerFact(*row[1:]) for row in blockers.get(id_, ())),
        )
        for id_, account, agreed_on, due_on in plans
    }


def _by_plan(session: Session, wanted: Select[*tuple[Any, ...]]) -> dict[int, list[Sequence[Any]]]:
    """Rows by their first column, by which they are ordered."""
    rows = session.execute(wanted).all()
    return {plan: list(theirs) for plan, theirs in groupby(rows, key=lambda row: row[0])}


def _slips(session: Session, among: ColumnElement[bool]) -> dict[int, int]:
    """How often dates of open plans moved to a later day, by account id."""
    rows = session.execute(
        select(SuccessPlan.account_id, func.count())
        .join(PlanMove, PlanMove.plan_id == SuccessPlan.id)
        .where(among, SuccessPlan.closed_at.is_(None), PlanMove.due_on > PlanMove.former_on)
        .group_by(SuccessPlan.account_id)
    )
    return {account: number for account, number in rows}  # noqa: C416  (a row is no pair to mypy)
