"""What the contact budget decides by: one set-based read of everybody whom a study asks, over all studies and modes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, select, true, union_all
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import AccountOccasion, CallAttempt, Invitation, MailStop, Respondent, SampledAccount, Study
from app.studies.queries.calls import has_refused, is_asked_by_call
from app.studies.rules.budget import Budget, Facts
from app.studies.rules.plan import Mode


@dataclass(frozen=True)
class Person:
    """Somebody whom a study asks by survey: who they are, what decides about them, and which mails they had.

    `mails` counts those that were sent and did not come back, the last at `mailed_at`; `is_waiting` tells of one that
    is still to be sent. `last_on` is the last day on which they may be invited, where the study's accounts join by
    themselves.
    """

    respondent_id: int
    name: str
    email: str | None
    account: str
    account_id: str
    language: str | None
    timezone: str | None
    country: str | None
    facts: Facts
    mails: int
    mailed_at: datetime | None
    is_waiting: bool
    last_on: date | None = None


def budget_of(session: Session) -> Budget:
    """The workspace's contact budget."""
    workspace = the_workspace(session)
    return Budget(workspace.person_days, workspace.account_days, workspace.account_studies)


def people_to_mail(
    session: Session,
    study: Study,
    *,
    budget: Budget,
    at: datetime,
    only: ColumnElement[bool] | None = None,
    mode: Mode = Mode.SURVEY,
) -> list[Person]:
    """Everybody whom a study asks in one mode, by the CRM's ids, with what decides whether they are asked.

    `only` is a condition on Respondent for those of them that are looked at.
    """
    asked = _asked_elsewhere(study, at - timedelta(days=max(budget.person_days, budget.account_days)))
    people, accounts = (
        select(asked.c.contact_id)
        .where(asked.c.at > at - timedelta(days=budget.person_days))
        .group_by(asked.c.contact_id)
        .subquery(),
        select(asked.c.account_id, func.count(asked.c.study_id.distinct()).label("studies"))
        .where(asked.c.at > at - timedelta(days=budget.account_days))
        .group_by(asked.c.account_id)
        .subquery(),
    )
    mails = _mails(study)
    rows = session.execute(
        select(
            Respondent.id,
            Contact.name,
            Contact.email,
            Account.name.label("account"),
            Account.crm_id.label("account_id"),
            Contact.crm_id,
            Contact.language,
            Contact.timezone,
            Account.country,
            Contact.consent,
            MailStop.reason,
            Response.submitted_at,
            has_refused().label("has_refused"),
            SampledAccount.stratum,
            people.c.contact_id.label("asked"),
            func.coalesce(accounts.c.studies, 0).label("studies"),
            func.coalesce(mails.c.sent, 0).label("sent"),
            func.coalesce(mails.c.waiting, 0).label("waiting"),
            mails.c.mailed_at,
            AccountOccasion.last_on,
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(
            SampledAccount,
            and_(SampledAccount.study_id == study.id, SampledAccount.account_id == Respondent.account_id),
        )
        .outerjoin(
            AccountOccasion,
            and_(AccountOccasion.study_id == study.id, AccountOccasion.account_id == Respondent.account_id),
        )
        .outerjoin(MailStop, MailStop.contact_id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(people, people.c.contact_id == Respondent.contact_id)
        .outerjoin(accounts, accounts.c.account_id == Respondent.account_id)
        .outerjoin(mails, mails.c.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, Respondent.mode == mode, true() if only is None else only)
    ).all()
    full = full_strata(session, study)
    return [_person(row, full, at.date()) for row in sorted(rows, key=lambda row: (row.account_id, row.crm_id))]


def full_strata(session: Session, study: Study) -> frozenset[str]:
    """The strata of which as many accounts have answered as the plan's quotas ask for."""
    quotas: Mapping[str, int] = study.plan.get("quotas", {})
    if not quotas:
        return frozenset()
    heard: Sequence[Any] = session.execute(
        select(SampledAccount.stratum, func.count(Respondent.account_id.distinct()))
        .join(
            Respondent,
            and_(Respondent.study_id == SampledAccount.study_id, Respondent.account_id == SampledAccount.account_id),
        )
        .join(Response, and_(Response.respondent_id == Respondent.id, Response.submitted_at.is_not(None)))
        .where(SampledAccount.study_id == study.id)
        .group_by(SampledAccount.stratum)
    ).all()
    counted = dict.fromkeys(quotas, 0) | {row[0]: row[1] for row in heard}
    return frozenset(stratum for stratum, most in quotas.items() if counted[stratum] >= most)


def is_on_its_way() -> ColumnElement[bool]:
    """The condition on Invitation for mails that wait or have arrived: neither given up nor sent back."""
    return and_(Invitation.failed_at.is_(None), Invitation.cancelled_at.is_(None), Invitation.bounced_at.is_(None))


def _asked_elsewhere(study: Study, since: datetime) -> CTE:
    """Who was asked by another study since an instant: mailed (or about to be), called, heard, or begun to be heard."""
    here = select(SampledAccount.account_id).where(SampledAccount.study_id == study.id)
    mailed_at = func.coalesce(Invitation.sent_at, Invitation.due_at)
    heard_at = func.coalesce(Response.submitted_at, Response.created_at)
    return union_all(
        _elsewhere(study, mailed_at)
        .join(Invitation, Invitation.respondent_id == Respondent.id)
        .where(is_on_its_way(), mailed_at > since, Respondent.account_id.in_(here)),
        _elsewhere(study, heard_at)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(heard_at > since, Respondent.account_id.in_(here)),
        _elsewhere(study, CallAttempt.attempted_at.expression)
        .join(CallAttempt, CallAttempt.respondent_id == Respondent.id)
        .where(is_asked_by_call(), CallAttempt.attempted_at > since, Respondent.account_id.in_(here)),
    ).cte("asked_elsewhere")


def _elsewhere(study: Study, at: ColumnElement[datetime]) -> Select[int, int, int, datetime]:
    return (
        select(Respondent.contact_id, Respondent.account_id, Respondent.study_id, at.label("at"))
        .select_from(Respondent)
        .where(Respondent.study_id != study.id)
    )


def _mails(study: Study) -> Any:
    arrived = and_(Invitation.sent_at.is_not(None), Invitation.bounced_at.is_(None))
    waits = and_(Invitation.sent_at.is_(None), is_on_its_way())
    return (
        select(
            Invitation.respondent_id,
            func.count().filter(arrived).label("sent"),
            func.count().filter(waits).label("waiting"),
            func.max(Invitation.sent_at).label("mailed_at"),
        )
        .where(Invitation.study_id == study.id)
        .group_by(Invitation.respondent_id)
        .subquery()
    )


def _person(row: Any, full: frozenset[str], on: date) -> Person:
    return Person(
        respondent_id=row.id,
        name=row.name,
        email=row.email,
        account=row.account,
        account_id=row.account_id,
        language=row.language,
        timezone=row.timezone,
        country=row.country,
        facts=Facts(
            consent=row.consent,
            stop=row.reason,
            has_address=bool(row.email),
            has_answered=row.submitted_at is not None,
            has_refused=row.has_refused,
            is_invited=bool(row.sent or row.waiting),
            is_quota_full=row.stratum in full,
            is_person_asked=row.asked is not None,
            other_studies=row.studies,
            is_occasion_over=row.last_on is not None and row.last_on < on,
        ),
        mails=row.sent,
        mailed_at=row.mailed_at,
        is_waiting=bool(row.waiting),
        last_on=row.last_on,
    )
