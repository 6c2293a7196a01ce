"""One account with everything that the caller may see of it: a dozen statements, however much was said there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.workspace import the_workspace
from app.customer360.queries.quotes import SaidRow, words_said
from app.customer360.queries.scope import accounts_with_contacts, reachable_accounts
from app.customer360.rules.says import says
from app.customers.models import Account, Contact, Outcome
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase
from app.health.queries.choice import present_health
from app.responses.models import Response
from app.scoring.models import AccountScore, RespondentScore, Scoring
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.scope import visible_accounts
from app.users.models import User
from app.users.rules import Scope

Rows = Sequence[Row[*tuple[Any, ...]]]

MOST_CASES = 5


@dataclass(frozen=True)
class StudyRow:
    """A study that drew the account, and the account's score in it where it has been scored."""

    study: Study
    scoring: Scoring | None
    score: AccountScore | None


@dataclass(frozen=True)
class Facts:
    """What is known of one account; `contacts` is None where the caller may not see who works there."""

    account: Account
    owner: str | None
    currency: str | None
    computation: HealthComputation | None
    scorecard: ScorecardVersion | None
    health: HealthScore | None
    studies: list[StudyRow]
    people: Rows
    said: list[SaidRow]
    contacts: Sequence[Contact] | None
    outcomes: Sequence[Outcome]
    cases: Sequence[SupportCase]
    cases_total: int
    cases_open: int

    @property
    def scored(self) -> StudyRow | None:
        """The newest study whose score says most of the account: a study that has only begun hides nothing."""
        scored = [row for row in self.studies if row.score is not None]
        return max(scored, key=lambda row: says(row.score), default=None)


def account_facts(session: Session, *, scope: Scope, crm_id: str) -> Facts:
    """Return the account of this CRM id; Missing where there is none or it is not the caller's to see."""
    found = session.execute(
        select(
            Account,
            func.coalesce(func.nullif(User.name, ""), Account.csm_email),
            or_(accounts_with_contacts(scope), literal(value=False)).label("has_contacts"),
        )
        .outerjoin(User, func.lower(User.email) == func.lower(Account.csm_email))
        .where(Account.crm_id == crm_id, reachable_accounts(scope))
    ).first()
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    account, owner, has_contacts = found
    computation, scorecard, health = _health(session, account)
    studies = _studies(session, scope, account)
    ids = [row.study.id for row in studies]
    cases, total, still_open = _cases(session, account)
    return Facts(
        account=account,
        owner=owner,
        currency=account.currency or the_workspace(session).currency,
        computation=computation,
        scorecard=scorecard,
        health=health,
        studies=studies,
        people=_people(session, account, ids, has_names=bool(has_contacts)),
        said=words_said(session, account_id=account.id, study_ids=ids),
        contacts=_contacts(session, account) if has_contacts else None,
        outcomes=session.scalars(
            select(Outcome).where(Outcome.account_id == account.id).order_by(Outcome.outcome_date.desc(), Outcome.id)
        ).all(),
        cases=cases,
        cases_total=total,
        cases_open=still_open,
    )


def _health(
    session: Session, account: Account
) -> tuple[HealthComputation | None, ScorecardVersion | None, HealthScore | None]:
    present = present_health(session)
    found = session.execute(
        select(HealthComputation, ScorecardVersion, HealthScore)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .outerjoin(
            HealthScore, and_(HealthScore.computation_id == HealthComputation.id, HealthScore.account_id == account.id)
        )
        .join(Account, Account.id == account.id)
        .where(HealthComputation.id == present.computation)
    ).first()
    return (found[0], found[1], found[2]) if found else (None, None, None)


def _studies(session: Session, scope: Scope, account: Account) -> list[StudyRow]:
    """The studies that drew the account, the newest first; anonymous ones know nothing of it."""
    rows = session.execute(
        select(Study, Scoring, AccountScore)
        .join(SampledAccount, SampledAccount.study_id == Study.id)
        .join(Account, Account.id == SampledAccount.account_id)
        .outerjoin(Scoring, Scoring.study_id == Study.id)
        .outerjoin(AccountScore, and_(AccountScore.scoring_id == Scoring.id, AccountScore.account_id == account.id))
        .where(SampledAccount.account_id == account.id, ~Study.is_anonymous, visible_accounts(scope))
        .order_by(Study.closes_on.desc(), Study.id.desc())
    )
    return [StudyRow(*row) for row in rows]


def _people(session: Session, account: Account, study_ids: list[int], *, has_names: bool) -> Rows:
    """Everyone drawn at the account in these studies, with their response and their score where they have one."""
    name = Contact.name if has_names else literal(None)
    return session.execute(
        select(
            Respondent.study_id,
            Study.key.label("study_key"),
            Respondent.role,
            name.label("name"),
            Response.external_id,
            func.coalesce(Response.mode, Respondent.mode).label("mode"),
            Response.submitted_at,
            RespondentScore.voice,
            RespondentScore.dimensions,
        )
        .join(Study, Study.id == Respondent.study_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(Scoring, Scoring.study_id == Respondent.study_id)
        .outerjoin(
            RespondentScore,
            and_(RespondentScore.scoring_id == Scoring.id, RespondentScore.respondent_id == Respondent.id),
        )
        .where(Respondent.account_id == account.id, Respondent.study_id.in_(study_ids))
        .order_by(Response.submitted_at.desc(), Respondent.id)
    ).all()


def _contacts(session: Session, account: Account) -> Sequence[Contact]:
    return session.scalars(
        select(Contact)
        .where(Contact.account_id == account.id)
        .order_by(Contact.is_primary.desc(), func.lower(Contact.name), Contact.id)
    ).all()


def _cases(session: Session, account: Account) -> tuple[Sequence[SupportCase], int, int]:
    """The newest cases, how many there are, and how many of them are open."""
    total, closed = session.execute(
        select(func.count(), func.count(SupportCase.closed_at)).where(SupportCase.account_id == account.id)
    ).one()
    newest = (
        select(SupportCase)
        .where(SupportCase.account_id == account.id)
        .order_by(SupportCase.opened_at.desc(), SupportCase.id.desc())
        .limit(MOST_CASES)
    )
    return (session.scalars(newest).all() if total else [], int(total), int(total) - int(closed))
