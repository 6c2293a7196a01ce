"""Who is known at accounts, and what we have from them: heard, silent or not asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Missing
from app.customers.models import Account, Contact
from app.responses.models import Response
from app.stakeholders.models import Referral, StakeholderTemplate
from app.stakeholders.rules.coverage import Coverage, Tally
from app.stakeholders.rules.page import coverage_of
from app.stakeholders.rules.templates import Seat, restored, role_key, seats_of
from app.studies.models import MailStop, Respondent, SampledAccount, Study
from app.studies.rules.budget import Consent
from app.studies.scope import WHOLE, assigned_accounts, visible_accounts
from app.users.rules import Permission, Reach, Scope

USUAL = 12
"""Months within which an answer counts as hearing somebody, where nothing else is asked for."""
DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Window:
    """Which answers count as hearing somebody: those of one study, or of all since an instant."""

    since: datetime | None
    study_id: int | None = None


@dataclass(frozen=True)
class Seen:
    """An account as the caller may see it: with names or without, to change or not."""

    account: Account
    has_names: bool
    may_change: bool


def account_seen(session: Session, *, scope: Scope, crm_id: str) -> Seen:
    """The account of this CRM id; Missing where there is none or it is not the caller's to see."""
    found = None
    if "\0" not in crm_id:
        found = session.execute(
            select(
                Account,
                or_(_with(scope, Permission.ACCOUNTS, {Reach.ALL}), literal(value=False)),
                or_(_with(scope, Permission.ACCOUNTS_WRITE, {Reach.ALL}), literal(value=False)),
            ).where(Account.crm_id == crm_id, _with(scope, Permission.ACCOUNTS, WHOLE))
        ).one_or_none()
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    return Seen(found[0], bool(found[1]), bool(found[2]))


def own_templates(session: Session) -> dict[str, tuple[Seat, ...]]:
    """The seats that the workspace wrote itself, by the key of the tier."""
    rows = session.execute(select(StakeholderTemplate.tier, StakeholderTemplate.seats))
    return {tier: restored(seats) for tier, seats in rows}


def tiers(session: Session) -> Sequence[tuple[str | None, int]]:
    """The tiers of accounts as they are written, with how many accounts are of each."""
    rows = session.execute(select(Account.tier, func.count()).group_by(Account.tier).order_by(Account.tier))
    return [(tier, number) for tier, number in rows]


def people_at(
    session: Session, *, scope: Scope, account: Account, window: Window, has_names: bool
) -> Sequence[Row[Any]]:
    """Everyone known at an account, with what we have from them and how they came to be known.

    Rows (id, name, role, email, is_primary, consent, stop, heard, asked, referrer, is_referred, interview_id).
    """
    hearing = _hearing(scope, window, Respondent.account_id == account.id)
    referrer = aliased(Contact)
    name = Contact.name if has_names else literal("")
    return session.execute(
        select(
            Contact.id,
            name.label("name"),
            Contact.role,
            (Contact.email if has_names else literal(None)).label("email"),
            Contact.is_primary,
            Contact.consent,
            MailStop.reason.label("stop"),
            func.coalesce(hearing.c.heard, 0).label("heard"),
            func.coalesce(hearing.c.asked, 0).label("asked"),
            (referrer.name if has_names else literal(None)).label("referrer"),
            Referral.id.is_not(None).label("is_referred"),
            Referral.interview_id,
        )
        .outerjoin(hearing, hearing.c.contact_id == Contact.id)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .outerjoin(Referral, Referral.contact_id == Contact.id)
        .outerjoin(referrer, referrer.id == Referral.referred_by)
        .where(Contact.account_id == account.id, Contact.erased_at.is_(None))
        .order_by(Contact.is_primary.desc(), func.lower(Contact.name), Contact.id)
    ).all()


def usual_window(at: datetime, months: int = USUAL) -> Window:
    """The answers of the last so many months."""
    return Window(at - timedelta(days=months * DAYS_A_MONTH))


def coverage_at(session: Session, *, scope: Scope, account: Account, at: datetime) -> Coverage:
    """How well an account is known, and who was heard there within the usual months; no names are read."""
    rows = people_at(session, scope=scope, account=account, window=usual_window(at), has_names=False)
    return coverage_of(seats_of(account.tier, own_templates(session)), rows)


def tallies_of_study(
    session: Session, *, scope: Scope, study: Study
) -> tuple[Sequence[Any], Mapping[int, dict[str, Tally]]]:
    """The accounts of a study that the caller may see (id, crm_id, name, tier, arr, currency), and who is known there.

    The second maps account id -> role key -> how many are known, heard and silent in this study; grouped by the
    database, so that a census costs one row for each role at each account.
    """
    theirs = (
        select(Account.id)
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .join(Study, Study.id == SampledAccount.study_id)
        .where(Study.id == study.id, visible_accounts(scope))
    )
    accounts = session.execute(
        select(Account.id, Account.crm_id, Account.name, Account.tier, Account.arr, Account.currency).where(
            Account.id.in_(theirs)
        )
    ).all()
    hearing = _hearing(scope, Window(None, study.id), Respondent.study_id == study.id)
    is_heard, is_asked = func.coalesce(hearing.c.heard, 0) > 0, func.coalesce(hearing.c.asked, 0) > 0
    rows = session.execute(
        select(
            Contact.account_id,
            Contact.role,
            func.count(),
            func.sum(case((is_heard, 1), else_=0)),
            func.sum(case((and_(is_asked, ~is_heard), 1), else_=0)),
        )
        .outerjoin(hearing, hearing.c.contact_id == Contact.id)
        .where(Contact.account_id.in_(theirs), Contact.erased_at.is_(None))
        .group_by(Contact.account_id, Contact.role)
    )
    found: dict[int, dict[str, Tally]] = {}
    for account_id, role, known, heard, silent in rows:
        roles = found.setdefault(account_id, {})
        roles[role_key(role)] = roles.get(role_key(role), Tally()) + Tally(known, int(heard), int(silent))
    return accounts, found


def contacts_of(session: Session, account: Account) -> Sequence[Contact]:
    """Everybody on record at an account, by name; who was erased is nobody."""
    return session.scalars(
        select(Contact)
        .where(Contact.account_id == account.id, Contact.erased_at.is_(None))
        .order_by(func.lower(Contact.name), Contact.id)
    ).all()


def contact_of(session: Session, *, account: Account, raw: str) -> int | None:
    """The id of a contact of an account as a form sends it; None where nobody was chosen, Missing where it is none."""
    if not raw:
        return None
    wanted = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
    theirs = (Contact.id == wanted, Contact.account_id == account.id, Contact.erased_at.is_(None))
    found = session.scalar(select(Contact.id).where(*theirs))
    if found is None:
        raise Missing("There is no such person at this account.", "contact")
    return found


def interviewee(session: Session, respondent_id: int) -> int | None:
    """The id of the contact who is interviewed."""
    return session.scalar(select(Respondent.contact_id).where(Respondent.id == respondent_id))


def named_in(session: Session, interview_id: int) -> Sequence[Row[str, str | None]]:
    """Who was named in an interview (name, role), the last one first."""
    return session.execute(
        select(Contact.name, Contact.role)
        .join(Referral, Referral.contact_id == Contact.id)
        .where(Referral.interview_id == interview_id, Contact.erased_at.is_(None))
        .order_by(Referral.id.desc())
    ).all()


def _with(scope: Scope, permission: Permission, wholly: Any) -> ColumnElement[bool]:
    """The condition on Account for those that a permission carries the caller to: all, or those assigned."""
    if scope.reaches(permission) & wholly:
        return literal(value=True)
    return assigned_accounts(scope, permission)


def _hearing(scope: Scope, window: Window, among: ColumnElement[bool]) -> Subquery:
    """Per contact how often they were asked and heard, by studies that the caller may see and that know them."""
    is_submitted = Response.submitted_at.is_not(None)
    if window.study_id is None and window.since is not None:
        counts = or_(
            Response.submitted_at >= window.since,
            and_(Response.submitted_at.is_(None), Study.closes_on >= window.since.date()),
        )
    else:
        counts = Study.id == window.study_id
    was_asked = and_(Study.drawn_at.is_not(None), Contact.consent != Consent.NO.value)
    return (
        select(
            Respondent.contact_id,
            func.sum(case((is_submitted, 1), else_=0)).label("heard"),
            func.sum(case((or_(is_submitted, was_asked), 1), else_=0)).label("asked"),
        )
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(~Study.is_anonymous, visible_accounts(scope), among, counts)
        .group_by(Respondent.contact_id)
        .subquery()
    )
