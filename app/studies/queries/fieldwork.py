"""Reads of fieldwork: who was heard and who is silent, cut to what the caller may see; never one per account."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.responses.models import Response
from app.studies.models import DrawRecord, Link, Respondent, SampledAccount, Study
from app.studies.rules.plan import Mode
from app.studies.rules.silent import Asked
from app.studies.scope import visible_accounts
from app.users.models import AuditEvent, User
from app.users.rules import Scope


@dataclass(frozen=True)
class StratumHeard:
    """Accounts of a stratum and their revenue per year, drawn and heard; money in the workspace's currency only."""

    name: str
    drawn: int
    heard: int
    arr_drawn: float
    arr_heard: float


@dataclass(frozen=True)
class ModeHeard:
    """People drawn for one mode: how many, how many answered, and answered in that mode, began, and are never asked."""

    drawn: int
    answered: int
    answered_so: int
    begun: int
    never_asked: int


def heard_by_stratum(session: Session, study: Study, scope: Scope) -> list[StratumHeard]:
    """Accounts and revenue drawn and heard per stratum, the largest stratum first."""
    money = _comparable(the_workspace(session).currency)
    is_heard = case((_is_heard(), 1), else_=0).label("is_heard")
    rows = session.execute(
        _drawn(study, scope, SampledAccount.stratum, is_heard)
        .add_columns(func.count(), func.coalesce(func.sum(money), 0))
        .group_by(SampledAccount.stratum, is_heard)
    )
    found: dict[str, list[tuple[int, float]]] = defaultdict(lambda: [(0, 0.0), (0, 0.0)])
    for name, heard, accounts, arr in rows:
        found[name][heard] = (accounts, float(arr))
    strata = [
        StratumHeard(name, silent[0] + heard[0], heard[0], silent[1] + heard[1], heard[1])
        for name, (silent, heard) in found.items()
    ]
    return sorted(strata, key=lambda stratum: (-stratum.drawn, stratum.name))


def heard_by_mode(session: Session, study: Study, scope: Scope) -> dict[str, ModeHeard]:
    """People drawn and heard per mode of the draw."""
    sent = Response.submitted_at.is_not(None)
    rows = session.execute(
        select(
            Respondent.mode,
            func.count(),
            _times(sent),
            _times(and_(sent, Response.mode == Respondent.mode)),
            _times(and_(Response.id.is_not(None), ~sent)),
            _times(Contact.consent == "no"),
        )
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, visible_accounts(scope))
        .group_by(Respondent.mode)
    )
    return {mode: ModeHeard(*(int(count) for count in counts)) for mode, *counts in rows}


def linked_people(session: Session, study: Study, scope: Scope) -> int:
    """How many people have a survey link that was not revoked."""
    return (
        session.scalar(
            select(func.count(Respondent.id.distinct()))
            .join(Link, and_(Link.respondent_id == Respondent.id, Link.revoked_at.is_(None)))
            .join(Study, Study.id == Respondent.study_id)
            .join(Account, Account.id == Respondent.account_id)
            .where(Respondent.study_id == study.id, Link.purpose == Mode.SURVEY, visible_accounts(scope))
        )
        or 0
    )


def silent_accounts(session: Session, study: Study, scope: Scope, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Rows (id, crm_id, name, arr, currency, score, band) of accounts not heard, the largest first.

    Health is that of the newest computation by the study's scorecard; null where there is none. Revenue in another
    currency than the workspace's cannot be compared and comes last.
    """
    money = _comparable(the_workspace(session).currency)
    return session.execute(
        _drawn(study, scope, Account.id, Account.crm_id, Account.name, Account.arr, Account.currency)
        .add_columns(HealthScore.score, HealthScore.band)
        .outerjoin(
            HealthScore,
            and_(
                HealthScore.account_id == SampledAccount.account_id,
                HealthScore.computation_id == newest_health(study).scalar_subquery(),
            ),
        )
        .where(~_is_heard())
        .order_by(money.is_(None), money.desc(), Account.crm_id)
        .limit(limit)
        .offset(offset)
    ).all()


def people_asked(
    session: Session, study: Study, account_ids: Collection[int], *, with_names: bool
) -> Mapping[int, list[Asked]]:
    """The people drawn at these accounts, by account id; meant for one page of accounts."""
    is_linked = (
        select(Link.id)
        .where(Link.respondent_id == Respondent.id, Link.purpose == Mode.SURVEY, Link.revoked_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(
            Respondent.account_id,
            Contact.name,
            Respondent.role,
            Respondent.mode,
            Contact.consent == "no",
            Response.id.is_not(None),
            is_linked,
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, Respondent.account_id.in_(account_ids))
        .order_by(Respondent.account_id, Respondent.id)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for account_id, name, role, mode, is_refused, has_begun, has_link in rows:
        shown = name if with_names else None
        found[account_id].append(Asked(shown, role, mode, bool(is_refused), bool(has_begun), bool(has_link)))
    return found


def health_day(session: Session, study: Study) -> Any:
    """The day of the newest health by the study's scorecard, or None."""
    return session.scalar(
        select(HealthComputation.as_of).where(HealthComputation.id == newest_health(study).scalar_subquery())
    )


def newest_health(study: Study) -> Select[int]:
    """The query for the id of the newest health by a study's scorecard."""
    return (
        select(HealthComputation.id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(ScorecardVersion.key == study.scorecard_key)
        .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    )


def draw_sha256(session: Session, study: Study) -> str | None:
    """The hash of the draw's record, without the record, which is as long as the list of accounts."""
    return session.scalar(select(DrawRecord.audit_sha256).where(DrawRecord.study_id == study.id))


def draw_event(session: Session, study: Study) -> tuple[datetime, str | None] | None:
    """When the audit log says that a study was drawn, and by whom (None: by command); None where it says nothing."""
    row = session.execute(
        select(AuditEvent.at, func.coalesce(User.name, User.email))
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.action == "study.draw", AuditEvent.object_type == "study", AuditEvent.object_id == study.key)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def _drawn(study: Study, scope: Scope, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(SampledAccount)
        .join(Study, Study.id == SampledAccount.study_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, visible_accounts(scope))
    )


def _is_heard() -> ColumnElement[bool]:
    # Asked account by account, each by its index: as a join, SQLite would read all answers once per account.
    return (
        select(Respondent.id)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(
            Respondent.study_id == SampledAccount.study_id,
            Respondent.account_id == SampledAccount.account_id,
            Response.submitted_at.is_not(None),
        )
        .exists()
    )


def _comparable(currency: str | None) -> ColumnElement[Any]:
    if currency is None:
        return Account.arr.expression
    return case((or_(Account.currency.is_(None), Account.currency == currency), Account.arr), else_=None)


def _times(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
