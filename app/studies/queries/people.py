"""The people of a study, how each was asked and what came back: whole columns, a handful of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import Invitation, Link, MailStop, Respondent, SampledAccount, Study
from app.studies.rules.dispositions import CONTACTED, Contacted, Fact
from app.studies.rules.links import Purpose
from app.studies.rules.quotas import full_strata
from app.studies.scope import visible_accounts
from app.users.rules import Scope

NEVER = -1
ASKED_TO_STOP = "unsubscribed"


@dataclass(frozen=True)
class People:
    """Columns over the people drawn into a study, by respondent id: account id, role, mode, facts.

    `is_heard` says that answers were sent, `is_as_drawn` that they came in the mode of the draw, `is_unwilling` that
    consent is no, `facts` how they were asked (a sum of `Fact`s). `strata` maps the id of every drawn account to its
    stratum.
    """

    ids: list[int]
    accounts: list[int]
    roles: list[str]
    modes: list[str]
    is_heard: NDArray[np.bool_]
    is_as_drawn: NDArray[np.bool_]
    is_unwilling: NDArray[np.bool_]
    facts: NDArray[np.int64]
    strata: Mapping[int, str]

    @property
    def contacted(self) -> list[Contacted]:
        """How each was asked."""
        return [CONTACTED[facts] for facts in self.facts.tolist()]

    @property
    def begun(self) -> int:
        """How many have begun and not sent."""
        return int((self.facts & Fact.HAS_BEGUN.value).astype(np.bool_).sum())


class Mailed(NamedTuple):
    """The mails to one person: when the first one left, and the last number that arrived and that came back."""

    first_at: datetime | None
    arrived: int
    returned: int


def drawn_people(session: Session, study: Study, scope: Scope | None = None) -> People:
    """Everybody drawn into a study, by respondent id; with a scope, only at the accounts that it may see."""
    rows = session.execute(_people(study, scope)).all()
    ids, accounts, roles, modes, answers = ([row[column] for row in rows] for column in range(5))
    state = np.array(answers, dtype=np.int64)
    is_heard, is_unwilling, is_begun, is_as_drawn = (state & bit > 0 for bit in (1, 2, 4, 8))
    strata = strata_of(session, study, scope)
    heard = [(strata[accounts[i]], accounts[i]) for i in np.flatnonzero(is_heard)] if study.plan.get("quotas") else []
    full = full_strata(study.plan.get("quotas") or {}, heard)
    facts = np.where(is_unwilling, Fact.HAS_DECLINED.value, 0) | np.where(is_begun, Fact.HAS_BEGUN.value, 0)
    for fact, some in _asked(session, study).items():
        facts |= np.where(_among(ids, some), fact.value, 0)
    if full:
        facts |= np.where([strata[account] in full for account in accounts], Fact.IS_QUOTA_FULL.value, 0)
    return People(ids, accounts, roles, modes, is_heard, is_as_drawn, is_unwilling, facts.astype(np.int64), strata)


def strata_of(session: Session, study: Study, scope: Scope | None = None) -> dict[int, str]:
    """The drawn accounts: account id -> stratum; with a scope, only those that it may see."""
    rows = session.execute(
        select(SampledAccount.account_id, SampledAccount.stratum)
        .join(Study, Study.id == SampledAccount.study_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, visible_accounts(scope) if scope else literal(value=True))
        .order_by(SampledAccount.account_id)
    )
    return {account_id: stratum for account_id, stratum in rows}  # noqa: C416  (a row is no pair to mypy)


def mails_of(session: Session, study: Study) -> Mapping[int, Mailed]:
    """What became of the mails to each person, by respondent id; who has no mail, sent or waiting, is left out."""
    came_back = Invitation.bounced_at.is_not(None)
    arrived = and_(Invitation.sent_at.is_not(None), ~came_back)
    rows = session.execute(
        select(
            Invitation.respondent_id,
            func.min(Invitation.sent_at),
            func.coalesce(func.max(case((arrived, Invitation.number))), NEVER),
            func.coalesce(func.max(case((came_back, Invitation.number))), NEVER),
        )
        .where(Invitation.study_id == study.id)
        .group_by(Invitation.respondent_id)
    )
    return {respondent_id: Mailed(*mailed) for respondent_id, *mailed in rows}


def links_of(session: Session, study: Study) -> Mapping[int, datetime]:
    """When a survey link that was not revoked was made for each person, by respondent id."""
    rows = session.execute(
        select(Link.respondent_id, func.min(Link.created_at))
        .join(Respondent, Respondent.id == Link.respondent_id)
        .where(Respondent.study_id == study.id, Link.purpose == Purpose.SURVEY, Link.revoked_at.is_(None))
        .group_by(Link.respondent_id)
    )
    return {respondent_id: made_at for respondent_id, made_at in rows}  # noqa: C416  (a row is no pair to mypy)


def stops_of(session: Session, study: Study) -> Mapping[int, datetime]:
    """When people of a study asked not to be mailed any more, by respondent id."""
    rows = session.execute(
        select(Respondent.id, MailStop.stopped_at)
        .join(MailStop, MailStop.contact_id == Respondent.contact_id)
        .where(Respondent.study_id == study.id, MailStop.reason == ASKED_TO_STOP)
    )
    return {respondent_id: stopped_at for respondent_id, stopped_at in rows}  # noqa: C416  (a row is no pair to mypy)


def _asked(session: Session, study: Study) -> dict[Fact, set[int]]:
    """The respondents who were asked, whose mail came back, and who asked to stop after this study had asked them."""
    mails, links = mails_of(session, study), links_of(session, study)
    # A link is handed out with the mail; alone it is sent from elsewhere, which is not known here.
    asked_at = {person: made_at for person, made_at in links.items() if person not in mails}
    asked_at |= {person: mailed.first_at for person, mailed in mails.items() if mailed.first_at}
    stops = stops_of(session, study)
    return {
        Fact.IS_INVITED: set(asked_at),
        Fact.IS_UNDELIVERED: {person for person, mailed in mails.items() if mailed.returned > mailed.arrived},
        Fact.HAS_DECLINED: {person for person, at in stops.items() if person in asked_at and at >= asked_at[person]},
    }


def _among(ids: list[int], some: Collection[int]) -> NDArray[np.bool_]:
    return np.isin(np.array(ids, dtype=np.int64), np.fromiter(some, np.int64, len(some)))


def _people(study: Study, scope: Scope | None) -> Any:
    # Four facts in one number: answers sent 1, consent is no 2, begun and not sent 4, sent in the mode of the draw 8.
    came = case(
        (and_(Response.submitted_at.is_not(None), Response.mode == Respondent.mode), 9),
        (Response.submitted_at.is_not(None), 1),
        (Response.id.is_not(None), 4),
        else_=0,
    )
    state = came + case((Contact.consent == "no", 2), else_=0)
    return (
        select(Respondent.id, Respondent.account_id, Respondent.role, Respondent.mode, state)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, visible_accounts(scope) if scope else literal(value=True))
        .order_by(Respondent.id)
    )
