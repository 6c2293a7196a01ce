"""The people of a study, how each was asked and what came back: whole columns, a handful of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import CallAttempt, Invitation, Link, MailStop, Respondent, SampledAccount, Study
from app.studies.rules.attempts import CallOutcome, tried_rank
from app.studies.rules.dispositions import FACTS, Fact
from app.studies.rules.links import Purpose
from app.studies.rules.quotas import full_strata
from app.studies.scope import visible_accounts
from app.users.rules import Scope

NEVER = -1
HEARD, AS_DRAWN, UNWILLING, TRIED = (FACTS * step for step in (1, 2, 4, 8))
"""What a person's number holds beside the facts of `Contacted`, of which IS_QUOTA_FULL alone is not read from rows."""
ASKED_TO_STOP = "unsubscribed"


@dataclass(frozen=True)
class People:
    """Columns over the people drawn into a study, by respondent id: account id, role, mode, facts.

    `is_heard` says that answers were sent, `is_as_drawn` that they came in the mode of the draw, `is_unwilling` that
    consent is no, `facts` how they were asked and called (a position in `CONTACTED`). `strata` maps the id of every
    drawn account to its stratum.
    """

    ids: Sequence[int]
    accounts: Sequence[int]
    roles: Sequence[str]
    modes: Sequence[str]
    is_heard: NDArray[np.bool_]
    is_as_drawn: NDArray[np.bool_]
    is_unwilling: NDArray[np.bool_]
    facts: NDArray[np.int64]
    strata: Mapping[int, str]

    @property
    def begun(self) -> int:
        """How many have begun and not sent."""
        return int((self.facts & Fact.HAS_BEGUN.value).astype(np.bool_).sum())


def drawn_people(session: Session, study: Study, scope: Scope | None = None) -> People:
    """Everybody drawn into a study, by respondent id; with a scope, only at the accounts that it may see."""
    # Past the ORM: of 60,000 people, making its rows takes longer than finding them.
    rows = session.connection().execute(people_statement(session, study, scope)).all()
    ids, accounts, roles, modes, states = zip(*rows, strict=True) if rows else ((),) * 5
    state = np.array(states, dtype=np.int64)
    strata = strata_of(session, study, scope)
    facts = facts_of(state, study, accounts, strata)
    return People(
        ids, accounts, roles, modes, state & HEARD > 0, state & AS_DRAWN > 0, state & UNWILLING > 0, facts, strata
    )


def facts_of(
    state: NDArray[np.int64], study: Study, accounts: Sequence[int] | NDArray[np.int64], strata: Mapping[int, str]
) -> NDArray[np.int64]:
    """Return how each was asked, as a position in `CONTACTED`, from their state and their account's stratum."""
    facts: NDArray[np.int64] = state % FACTS + state // TRIED * FACTS
    quotas = study.plan.get("quotas")
    if quotas:
        heard = np.flatnonzero(state & HEARD).tolist()
        full = full_strata(quotas, [(strata[accounts[i]], accounts[i]) for i in heard])
        facts |= np.where([strata[account] in full for account in accounts], Fact.IS_QUOTA_FULL.value, 0)
    return facts


def strata_of(session: Session, study: Study, scope: Scope | None = None) -> dict[int, str]:
    """The drawn accounts: account id -> stratum; with a scope, only those that it may see."""
    rows = session.connection().execute(
        select(SampledAccount.account_id, SampledAccount.stratum)
        .join(Study, Study.id == SampledAccount.study_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, visible_accounts(scope) if scope else literal(value=True))
        .order_by(SampledAccount.account_id)
    )
    return {account_id: stratum for account_id, stratum in rows}  # noqa: C416  (a row is no pair to mypy)


def people_statement(session: Session, study: Study, scope: Scope | None = None) -> Select[Any]:
    """Return the query for (id, account id, role, mode, state) of everybody drawn into a study, by respondent id.

    Mails, links, calls and stops are joined only where the study has any: of a million people whose answers were
    imported, to look for each in four empty tables would take longer than to find them.
    """
    mailed, linked, called, stopped = _mailed(study), _linked(study), _called(study), aliased(MailStop)
    joins: dict[Any, Any] = {
        mailed: (mailed.c.respondent_id == Respondent.id, select(Invitation.id).where(Invitation.study_id == study.id)),
        linked: (linked.c.respondent_id == Respondent.id, select(linked.c.respondent_id)),
        called: (called.c.respondent_id == Respondent.id, select(called.c.respondent_id)),
        stopped: (
            and_(stopped.contact_id == Respondent.contact_id, stopped.reason == ASKED_TO_STOP),
            select(MailStop.contact_id).where(MailStop.reason == ASKED_TO_STOP),
        ),
    }
    there = {each for each, (_, rows) in joins.items() if session.scalar(select(rows.exists()))}
    statement: Any = (
        select(
            Respondent.id,
            Respondent.account_id,
            Respondent.role,
            Respondent.mode,
            _state(*(each if each in there else None for each in joins)),
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id)
        .order_by(Respondent.id)
    )
    for each in joins:
        if each in there:
            statement = statement.outerjoin(each, joins[each][0])
    if scope is not None:
        statement = (
            statement.join(Study, Study.id == Respondent.study_id)
            .join(Account, Account.id == Respondent.account_id)
            .where(visible_accounts(scope))
        )
    found: Select[Any] = statement
    return found


def _state(mailed: Any, linked: Any, called: Any, stopped: Any) -> ColumnElement[int]:
    """The bits of what is known of a person; None for what nobody in the study has."""
    # A link is handed out with the mail; alone it is sent from elsewhere, which is not known here.
    made_at = null() if linked is None else linked.c.made_at
    asked_at = made_at if mailed is None else case((mailed.c.respondent_id.is_(None), made_at), else_=mailed.c.first_at)
    is_sent, is_unwilling = Response.submitted_at.is_not(None), Contact.consent == "no"
    has_stopped = false() if stopped is None else stopped.stopped_at >= asked_at
    return (
        _bit(asked_at.is_not(None), Fact.IS_INVITED)
        + _bit(or_(is_unwilling, has_stopped), Fact.HAS_DECLINED)
        + _bit(false() if mailed is None else mailed.c.returned > mailed.c.arrived, Fact.IS_UNDELIVERED)
        + _bit(and_(Response.id.is_not(None), ~is_sent), Fact.HAS_BEGUN)
        + _bit(is_sent, HEARD)
        + _bit(and_(is_sent, Response.mode == Respondent.mode), AS_DRAWN)
        + _bit(is_unwilling, UNWILLING)
        + (literal(0) if called is None else func.coalesce(called.c.tried, 0) * TRIED)
    )


def _bit(is_so: ColumnElement[bool], value: int) -> ColumnElement[int]:
    return case((is_so, int(value)), else_=0)


def _mailed(study: Study) -> Subquery:
    """The mails to each person: when the first one left, and the last number that arrived and that came back."""
    came_back = Invitation.bounced_at.is_not(None)
    arrived = and_(Invitation.sent_at.is_not(None), ~came_back)
    return (
        select(
            Invitation.respondent_id,
            func.min(Invitation.sent_at).label("first_at"),
            func.coalesce(func.max(case((arrived, Invitation.number))), NEVER).label("arrived"),
            func.coalesce(func.max(case((came_back, Invitation.number))), NEVER).label("returned"),
        )
        .where(Invitation.study_id == study.id)
        .group_by(Invitation.respondent_id)
        .subquery()
    )


def _called(study: Study) -> Subquery:
    """What all calls to each person came to, as a position in `Tried`."""
    ranks = {outcome.value: tried_rank(outcome) for outcome in CallOutcome}
    return (
        select(CallAttempt.respondent_id, func.max(case(ranks, value=CallAttempt.outcome, else_=0)).label("tried"))
        .join(Respondent, Respondent.id == CallAttempt.respondent_id)
        .where(Respondent.study_id == study.id, CallAttempt.superseded_at.is_(None))
        .group_by(CallAttempt.respondent_id)
        .subquery()
    )


def _linked(study: Study) -> Subquery:
    """When a survey link that was not revoked was made for each person."""
    return (
        select(Link.respondent_id, func.min(Link.created_at).label("made_at"))
        .join(Respondent, Respondent.id == Link.respondent_id)
        .where(Respondent.study_id == study.id, Link.purpose == Purpose.SURVEY, Link.revoked_at.is_(None))
        .group_by(Link.respondent_id)
        .subquery()
    )
