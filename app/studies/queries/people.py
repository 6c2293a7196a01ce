"""The people of a study, how each was asked and what came back: whole columns, a handful of queries."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import Invitation, Link, MailStop, Respondent, SampledAccount, Study
from app.studies.rules.dispositions import Contacted
from app.studies.rules.links import Purpose
from app.studies.rules.quotas import full_strata
from app.studies.scope import visible_accounts
from app.users.rules import Scope

NEVER = -1
ASKED_TO_STOP = "unsubscribed"


class Person(NamedTuple):
    """One person drawn into a study; `is_heard` says that answers were sent."""

    id: int
    account_id: int
    stratum: str
    role: str
    mode: str
    is_heard: bool
    contacted: Contacted


class Mailed(NamedTuple):
    """The mails to one person: when the first one left, and the last number that arrived and that came back."""

    first_at: datetime | None
    arrived: int
    returned: int


class Stop(NamedTuple):
    """Why and since when somebody is not to be mailed any more."""

    reason: str
    stopped_at: datetime


def drawn_people(session: Session, study: Study, scope: Scope | None = None) -> Iterator[Person]:
    """Everybody drawn into a study, by respondent id; with a scope, only at the accounts that it may see."""
    rows = session.execute(_people(study, scope)).all()
    mails, links = mails_of(session, study), links_of(session, study)
    stops = stops_of(session, study)
    full = full_strata(study.plan.get("quotas") or {}, ((row.stratum, row.account_id) for row in rows if row.is_heard))
    for row in rows:
        mailed, linked_at, stop = mails.get(row.id), links.get(row.id), stops.get(row.contact_id)
        contacted = _contacted(
            bool(mailed.first_at if mailed else linked_at),
            bool(row.is_declined) or _has_stopped(stop, mailed.first_at if mailed else linked_at),
            bool(mailed and mailed.returned > mailed.arrived),
            bool(row.response_id) and not row.is_heard,
            row.stratum in full,
        )
        yield Person(row.id, row.account_id, row.stratum, row.role, row.mode, bool(row.is_heard), contacted)


def mails_of(session: Session, study: Study) -> Mapping[int, Mailed]:
    """What became of the mails to each person, by respondent id; who has none waiting or sent is left out."""
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
    return {row[0]: row[1] for row in rows}


def stops_of(session: Session, study: Study) -> Mapping[int, Stop]:
    """Why and since when people of a study are not to be mailed any more, by contact id."""
    rows = session.execute(
        select(MailStop.contact_id, MailStop.reason, MailStop.stopped_at)
        .join(Respondent, Respondent.contact_id == MailStop.contact_id)
        .where(Respondent.study_id == study.id)
    )
    return {row.contact_id: Stop(row.reason, row.stopped_at) for row in rows}


def _people(study: Study, scope: Scope | None) -> Any:
    is_heard = Response.submitted_at.is_not(None)
    return (
        select(
            Respondent.id,
            Respondent.account_id,
            Respondent.contact_id,
            SampledAccount.stratum,
            Respondent.role,
            Respondent.mode,
            (Contact.consent == "no").label("is_declined"),
            Response.id.label("response_id"),
            is_heard.label("is_heard"),
        )
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(
            SampledAccount,
            and_(SampledAccount.study_id == Respondent.study_id, SampledAccount.account_id == Respondent.account_id),
        )
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, visible_accounts(scope) if scope else literal(value=True))
        .order_by(Respondent.id)
    )


def _has_stopped(stop: Stop | None, asked_at: datetime | None) -> bool:
    """Whether somebody asked not to be mailed any more after this study had asked them."""
    return stop is not None and stop.reason == ASKED_TO_STOP and asked_at is not None and stop.stopped_at >= asked_at


@cache
def _contacted(*facts: bool) -> Contacted:
    # A study has a handful of them for its many people.
    return Contacted(*facts)
