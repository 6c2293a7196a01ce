"""Reads of fieldwork: who was heard and who is silent, cut to what the caller may see; never one per account."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.health.models import HealthScore
from app.responses.models import Response
from app.studies.models import Invitation, Link, MailStop, Respondent, SampledAccount, Study
from app.studies.queries.people import ASKED_TO_STOP
from app.studies.queries.record import newest_health
from app.studies.rules.plan import Mode
from app.studies.rules.silent import Asked
from app.studies.scope import visible_accounts
from app.users.rules import Scope

PORTION = 500


@dataclass(frozen=True)
class StratumHeard:
    """Accounts of a stratum and their revenue per year, drawn and heard; money in the workspace's currency only."""

    name: str
    drawn: int
    heard: int
    arr_drawn: float
    arr_heard: float


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


def silent_accounts(
    session: Session, study: Study, scope: Scope, *, limit: int | None, offset: int = 0
) -> Sequence[Row[Any]]:
    """Rows (id, crm_id, name, arr, currency, csm_email, stratum, score, band) of accounts not heard, the largest first.

    Health is that of telemetry alone in the newest computation by the study's scorecard; null where there is none.
    Revenue in another currency than the workspace's cannot be compared and comes last.
    """
    money = _comparable(the_workspace(session).currency)
    return session.execute(
        _drawn(study, scope, Account.id, Account.crm_id, Account.name, Account.arr, Account.currency)
        .add_columns(Account.csm_email, SampledAccount.stratum)
        .add_columns(HealthScore.telemetry_score.label("score"), HealthScore.telemetry_band.label("band"))
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
    """The people drawn at these accounts, by account id; meant for one page of accounts or one file."""
    found: dict[int, list[Asked]] = defaultdict(list)
    some = list(account_ids)
    for start in range(0, len(some), PORTION):
        for row in session.execute(_asked(study, some[start : start + PORTION])):
            shown = row.name if with_names else None
            returned = row.bounced is not None and (row.arrived is None or row.bounced > row.arrived)
            found[row.account_id].append(
                Asked(
                    shown,
                    row.role,
                    row.mode,
                    is_refused=bool(row.is_refused),
                    has_begun=bool(row.has_begun),
                    has_link=bool(row.has_link),
                    mails=row.mails,
                    is_undelivered=returned,
                )
            )
    return found


def _asked(study: Study, account_ids: Collection[int]) -> Any:
    came_back = Invitation.bounced_at.is_not(None)
    is_linked = (
        select(Link.id)
        .where(Link.respondent_id == Respondent.id, Link.purpose == Mode.SURVEY, Link.revoked_at.is_(None))
        .exists()
    )
    is_stopped = (
        select(MailStop.contact_id).where(MailStop.contact_id == Contact.id, MailStop.reason == ASKED_TO_STOP).exists()
    )
    return (
        select(
            Respondent.account_id,
            Contact.name,
            Respondent.role,
            Respondent.mode,
            or_(Contact.consent == "no", is_stopped).label("is_refused"),
            Response.id.is_not(None).label("has_begun"),
            is_linked.label("has_link"),
            func.count(Invitation.sent_at).label("mails"),
            func.max(case((and_(Invitation.sent_at.is_not(None), ~came_back), Invitation.number))).label("arrived"),
            func.max(case((came_back, Invitation.number))).label("bounced"),
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(Invitation, Invitation.respondent_id == Respondent.id)
        .where(Respondent.study_id == study.id, Respondent.account_id.in_(account_ids))
        .group_by(Respondent.id, Contact.id, Response.id)
        .order_by(Respondent.account_id, Respondent.id)
    )


def fieldwork_stamp(session: Session, study: Study) -> str:
    """A short text that changes whenever an answer was saved, a mail was sent or came back, or a scoring is due."""
    answers = select(func.count(), func.max(Response.changed_at)).where(Response.study_id == study.id)
    mails = select(
        func.count(Invitation.sent_at), func.count(Invitation.bounced_at), func.count(Invitation.cancelled_at)
    ).where(Invitation.study_id == study.id)
    facts = [*session.execute(answers).one(), *session.execute(mails).one()]
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:16]


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
