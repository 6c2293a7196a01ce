"""Reads of studies that start by themselves: whose occasion comes, who joined, and whom nobody has invited yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.health.models import SupportCase
from app.overlays.queries import strata_values
from app.studies.models import AccountOccasion, Invitation, Respondent, SampledAccount, Study
from app.studies.queries import COLUMN_FIELDS, field_texts, frame_totals
from app.studies.rules.cross_section import Member
from app.studies.rules.plan import Design
from app.studies.rules.triggers import Event, Trigger, days_of_events
from app.users.models import AuditEvent

PORTION = 500
ROUND = "study.trigger"
"""What the audit log calls a round in which accounts joined."""


@dataclass(frozen=True)
class Candidate:
    """An account that has not joined, and the days (or instants, or texts) on which its events happened."""

    id: int
    name: str
    member: Member
    happened: tuple[object, ...]


def candidates(
    session: Session,
    study: Study,
    design: Design,
    trigger: Trigger,
    *,
    first: date,
    last: date,
    only: ColumnElement[bool] | None = None,
) -> list[Candidate]:
    """The accounts not in the study with an event that may be due from one day to another, by the CRM's id.

    One query. Of several closed cases those first and last in that time are told; whether a text is a day, and whether
    the filter lets the account through, is for the rules to say.
    """
    columns = [COLUMN_FIELDS.get(name, Account.custom) for name in design.fields]
    levels = strata_values(session, design.fields, today())
    base = select(Account.id, Account.name, Account.crm_id, Account.status, *columns).order_by(Account.crm_id)
    rows = session.execute(
        _with_events(base, trigger, *days_of_events(trigger, first, last)).where(
            ~_has_joined(study), true() if only is None else only
        )
    )
    width = len(columns)
    return [
        Candidate(
            row[0],
            row[1],
            _member(row, design, {field: of[row[0]] for field, of in levels.items()}),
            tuple(row[4 + width :]),
        )
        for row in rows
    ]


def people_to_ask(session: Session, account_ids: Collection[int], roles: Collection[str]) -> Mapping[int, int]:
    """How many contacts in these roles each of some accounts has who may be asked."""
    found: dict[int, int] = {}
    some = list(account_ids)
    for start in range(0, len(some), PORTION):
        rows = session.execute(
            select(Contact.account_id, func.count())
            .where(Contact.account_id.in_(some[start : start + PORTION]), Contact.role.in_(roles))
            .where(Contact.consent.is_distinct_from("no"))
            .group_by(Contact.account_id)
        )
        found.update((account_id, people) for account_id, people in rows)
    return found


def waits_for_invitation(study: Study, on: date) -> ColumnElement[bool]:
    """The condition on Respondent for those whose occasion is not over and to whom no mail was ever queued.

    A mail that was stopped, given up or sent back is a decision, or a fact, that no round goes against.
    """
    is_open = select(AccountOccasion.account_id).where(
        AccountOccasion.study_id == study.id, AccountOccasion.last_on >= on
    )
    has_mail = select(Invitation.id).where(Invitation.respondent_id == Respondent.id)
    return and_(Respondent.account_id.in_(is_open), ~has_mail.exists())


def is_anybody_waiting(session: Session, study: Study, on: date) -> bool:
    """Whether somebody's occasion is not over to whom no mail was ever queued."""
    found = select(Respondent.id).where(Respondent.study_id == study.id, waits_for_invitation(study, on)).limit(1)
    return session.scalar(found) is not None


def studies_to_look(session: Session, *, at: datetime, before: datetime) -> Sequence[str]:
    """The keys of running studies with a trigger that did not look who joins since an instant."""
    return session.scalars(
        select(Study.key)
        .where(
            Study.drawn_at.is_not(None),
            Study.closed_at.is_(None),
            Study.opens_on <= at.date(),
            Study.closes_on >= at.date(),
            or_(Study.triggered_at.is_(None), Study.triggered_at <= before),
            Study.plan[("trigger", "event")].as_string().is_not(None),
        )
        .order_by(Study.id)
    ).all()


def open_occasions(
    session: Session, study: Study, on: date, only: ColumnElement[bool] | None = None
) -> Sequence[Row[Any]]:
    """Rows (account_id, crm_id, name, happened_on, due_on, last_on, people) of occasions that are not over.

    The soonest over come first; `people` counts those who are asked there.
    """
    return session.execute(_occasions(study, only).where(AccountOccasion.last_on >= on)).all()


def passed_occasions(
    session: Session, study: Study, on: date, *, limit: int, only: ColumnElement[bool] | None = None
) -> tuple[int, Sequence[Row[Any]]]:
    """How many occasions are over at which nobody was mailed, and rows as `open_occasions` gives them, newest first."""
    mailed = (
        select(Respondent.account_id)
        .join(Invitation, and_(Invitation.respondent_id == Respondent.id, Invitation.sent_at.is_not(None)))
        .where(Respondent.study_id == study.id)
    )
    passed = _occasions(study, only).where(AccountOccasion.last_on < on, not_(AccountOccasion.account_id.in_(mailed)))
    count = session.scalar(select(func.count()).select_from(passed.order_by(None).subquery())) or 0
    newest = passed.order_by(None).order_by(AccountOccasion.last_on.desc(), Account.crm_id)
    return count, session.execute(newest.limit(limit)).all() if count else []


def joined_totals(session: Session, study: Study) -> dict[str, Any]:
    """Accounts that joined a study and their ARR (per year); accounts without comparable ARR add none."""
    currency = the_workspace(session).currency
    is_ours = true() if currency is None else or_(Account.currency.is_(None), Account.currency == currency)
    accounts, arr = session.execute(
        select(func.count(), func.coalesce(func.sum(case((is_ours, Account.arr), else_=None)), 0))
        .select_from(SampledAccount)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id)
    ).one()
    return {"accounts": accounts, "arr": round(float(arr), 2)}


def population_totals(session: Session, study: Study) -> dict[str, Any]:
    """Accounts and ARR (per year) that figures speak for: a study's frame, or where nothing was drawn those asked."""
    return joined_totals(session, study) if "trigger" in study.plan else frame_totals(session, study)


def joins(session: Session, study: Study) -> Sequence[Any]:
    """Rows (account_id, stratum, stratum_size, weight, is_certainty, mode, event, happened_on, due_on, last_on).

    One for each account of the study or with an occasion in it; null where one of the two is missing.
    """
    on = and_(
        AccountOccasion.study_id == SampledAccount.study_id, AccountOccasion.account_id == SampledAccount.account_id
    )
    told = (AccountOccasion.event, AccountOccasion.happened_on, AccountOccasion.due_on, AccountOccasion.last_on)
    sampled = (
        SampledAccount.account_id,
        SampledAccount.stratum,
        SampledAccount.stratum_size,
        SampledAccount.weight,
        SampledAccount.is_certainty,
        SampledAccount.mode,
    )
    joined = select(*sampled, *told).outerjoin(AccountOccasion, on).where(SampledAccount.study_id == study.id)
    return session.execute(joined.order_by(SampledAccount.account_id)).all()


def occasion_count(session: Session, study: Study) -> int:
    """How many occasions a study has noted."""
    wanted = select(func.count()).select_from(AccountOccasion).where(AccountOccasion.study_id == study.id)
    return session.scalar(wanted) or 0


def logged_joins(session: Session, study: Study) -> int:
    """How many accounts joined a study as the audit log has it."""
    events = session.scalars(
        select(AuditEvent.fields).where(
            AuditEvent.action == ROUND, AuditEvent.object_type == "study", AuditEvent.object_id == study.key
        )
    )
    return sum(int(fields.get("accounts", 0)) for fields in events)


def _occasions(study: Study, only: ColumnElement[bool] | None) -> Select[Any]:
    people = (
        select(func.count(Respondent.id))
        .where(Respondent.study_id == study.id, Respondent.account_id == AccountOccasion.account_id)
        .scalar_subquery()
    )
    return (
        select(
            AccountOccasion.account_id,
            Account.crm_id,
            Account.name,
            AccountOccasion.happened_on,
            AccountOccasion.due_on,
            AccountOccasion.last_on,
            people.label("people"),
        )
        .join(Account, Account.id == AccountOccasion.account_id)
        .where(AccountOccasion.study_id == study.id, true() if only is None else only)
        .order_by(AccountOccasion.last_on, Account.crm_id)
    )


def _has_joined(study: Study) -> ColumnElement[bool]:
    return (
        select(SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, SampledAccount.account_id == Account.id)
        .exists()
    )


def _with_events(base: Select[Any], trigger: Trigger, first: date, last: date) -> Select[Any]:
    """Add the events from one day to another to the accounts that have any."""
    if trigger.event is Event.CASE_CLOSED:
        closed = _closed_cases(first, last)
        return base.add_columns(closed.c.earliest, closed.c.latest).join(closed, closed.c.account_id == Account.id)
    column = Account.renewal_date if trigger.event is Event.RENEWAL else COLUMN_FIELDS.get(trigger.field)
    if column is not None:
        return base.add_columns(column).where(column.between(first, last))
    text = Account.custom[trigger.field].as_string()
    return base.add_columns(text).where(func.substr(text, 1, 10).in_(_days(first, last)))


def _closed_cases(first: date, last: date) -> Any:
    return (
        select(
            SupportCase.account_id,
            func.min(SupportCase.closed_at).label("earliest"),
            func.max(SupportCase.closed_at).label("latest"),
        )
        .where(
            SupportCase.closed_at >= datetime.combine(first, time(), UTC),
            SupportCase.closed_at < datetime.combine(last + timedelta(days=1), time(), UTC),
        )
        .group_by(SupportCase.account_id)
        .subquery()
    )


def _days(first: date, last: date) -> list[str]:
    """The days as texts begin with them; one more at each end, for instants that are another day in UTC."""
    return [(first + timedelta(days=n)).isoformat() for n in range(-1, (last - first).days + 2)]


def _member(row: Sequence[Any], design: Design, levels: Mapping[str, str]) -> Member:
    return Member(row[2], row[3], None, field_texts(design.fields, row[4 : 4 + len(design.fields)], levels))
