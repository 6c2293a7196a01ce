"""One account with everything that the caller may see of it, each part read when it is asked for, and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Date, Integer, Row, Select, String, and_, bindparam, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session

from app.core.database import Document
from app.core.errors import Missing
from app.core.workspace import ONLY, Workspace
from app.customer360.queries.layouts import newest_definition
from app.customer360.queries.quotes import SaidRow, words_said
from app.customer360.queries.scope import accounts_with_contacts, reachable_accounts
from app.customer360.rules.layout import Extent
from app.customer360.rules.says import says
from app.customers.models import Account, Contact, Outcome
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase
from app.health.queries.choice import present_health
from app.health.queries.measuring import day_number
from app.questionnaires.models import Question
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.scoring.models import AccountScore, RespondentScore, Scoring
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.scope import visible_accounts
from app.users.models import User
from app.users.rules import Scope

Rows = Sequence[Row[*tuple[Any, ...]]]

MOST_CASES = 5
MOST_WEEKS = 57
"""Weeks that the trend of health looks back on, with one computation each: a year and a month."""
RECOMMEND = "recommend"
"""The question, 0 to 10, from which NPS is counted."""
MOST_KEPT = 256
"""Statements that are kept, one for each reader: to write one down takes longer than to run it."""
_ACCOUNT = bindparam("account", type_=Integer)


@dataclass(frozen=True)
class StudyRow:
    """A study that drew the account, and the account's score in it where it has been scored."""

    study: Study
    scoring: Scoring | None
    score: AccountScore | None


@dataclass(frozen=True)
class Health:
    """The present health of an account, and its scores by the same scorecard over a year of weeks, the oldest first."""

    computation: HealthComputation | None = None
    scorecard: ScorecardVersion | None = None
    score: HealthScore | None = None
    trend: Sequence[Any] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of one account; `contacts` is None where the caller may not see who works there.

    `by_role` and `by_type` are the layouts that were arranged for its reader, where there are some. The workspace is
    held so that nobody has to ask for it again.
    """

    session: Session
    scope: Scope
    account: Account
    owner: str | None
    has_names: bool
    by_role: Document | None
    by_type: Document | None
    workspace: Workspace | None

    @property
    def currency(self) -> str | None:
        """The currency of the account's amounts."""
        return self.account.currency or (self.workspace.currency if self.workspace else None)

    @cached_property
    def present(self) -> Health:
        """The present health with its trend: one statement beside that which chooses the scorecard."""
        return _health(self.session, self.account)

    @property
    def computation(self) -> HealthComputation | None:
        """The computation whose health is shown."""
        return self.present.computation

    @property
    def scorecard(self) -> ScorecardVersion | None:
        """The scorecard by which it was computed."""
        return self.present.scorecard

    @property
    def health(self) -> HealthScore | None:
        """The health of the account in it."""
        return self.present.score

    @cached_property
    def studies(self) -> list[StudyRow]:
        """The studies that drew the account, the newest first."""
        return _studies(self.session, self.scope, self.account)

    @cached_property
    def _study_ids(self) -> list[int]:
        return [row.study.id for row in self.studies]

    @cached_property
    def people(self) -> Rows:
        """Everyone drawn at the account in these studies."""
        return _people(self.session, self.account, self._study_ids, has_names=self.has_names) if self.studies else []

    @cached_property
    def said(self) -> list[SaidRow]:
        """What people said in their own words."""
        if not self.studies:
            return []
        return words_said(self.session, account_id=self.account.id, study_ids=self._study_ids)

    @property
    def scored(self) -> StudyRow | None:
        """The newest study whose score says most of the account: a study that has only begun hides nothing."""
        scored = [row for row in self.studies if row.score is not None]
        return max(scored, key=lambda row: says(row.score), default=None)


def account_facts(session: Session, *, scope: Scope, crm_id: str, role: str = "", type_: str = "") -> Facts:
    """Return the account of this CRM id; Missing where there is none or it is not the caller's to see.

    With it come the workspace and the layouts for a reader of this role who asks for relationships of this type.
    """
    found = session.execute(
        _facts_statement(scope, has_type=bool(type_)), {"crm_id": crm_id, "role": role, "type": type_}
    ).first()
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    account, owner, has_contacts, by_role, by_type, workspace = found
    return Facts(session, scope, account, owner, bool(has_contacts), by_role, by_type, workspace)


@lru_cache(maxsize=MOST_KEPT)
def _facts_statement(scope: Scope, *, has_type: bool) -> Select[*tuple[Any, ...]]:
    """The account with its owner and the layouts, as this reader may see them."""
    role, type_ = bindparam("role", type_=String), bindparam("type", type_=String)
    return (
        select(
            Account,
            func.coalesce(func.nullif(User.name, ""), Account.csm_email),
            or_(accounts_with_contacts(scope), literal(value=False)).label("has_contacts"),
            newest_definition(Extent.ROLE, role).label("by_role"),
            (newest_definition(Extent.TYPE, type_) if has_type else null()).label("by_type"),
            Workspace,
        )
        .outerjoin(User, func.lower(User.email) == func.lower(Account.csm_email))
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(Account.crm_id == bindparam("crm_id", type_=String), reachable_accounts(scope))
    )


_OF_ACCOUNT = and_(HealthScore.computation_id == HealthComputation.id, HealthScore.account_id == _ACCOUNT)
_BY_SOME = (
    select(HealthComputation, ScorecardVersion, HealthScore)
    .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
    .outerjoin(HealthScore, _OF_ACCOUNT)
    .join(Account, Account.id == _ACCOUNT)
)
_BY_ONE = _BY_SOME.where(HealthComputation.id == bindparam("computation", type_=Integer))
# One computation a week: a day each would be a page of the disk each, for a line of a hundred points' width.
_PLACE = func.row_number().over(
    partition_by=cast(day_number(HealthComputation.as_of), Integer) // 7,
    order_by=(HealthComputation.as_of.desc(), HealthComputation.id.desc()),
)
_RANKED = (
    select(HealthComputation.id, HealthComputation.as_of, _PLACE.label("place"))
    .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
    .where(
        ScorecardVersion.key == bindparam("scorecard", type_=String),
        HealthComputation.as_of <= bindparam("as_of", type_=Date),
    )
    .subquery()
)
_WEEKS = (
    select(_RANKED.c.id, _RANKED.c.as_of)
    .where(_RANKED.c.place == 1)
    .order_by(_RANKED.c.as_of.desc())
    .limit(MOST_WEEKS)
    .subquery()
)
# The account as a range of one: SQLite then reads the index of moves alone, not the rows with their explanations.
_TREND = (
    select(_WEEKS.c.as_of, HealthScore.score)
    .join(
        HealthScore,
        and_(HealthScore.computation_id == _WEEKS.c.id, HealthScore.account_id.between(_ACCOUNT, _ACCOUNT)),
    )
    .where(HealthScore.score.is_not(None))
    .order_by(_WEEKS.c.as_of)
)


def _health(session: Session, account: Account) -> Health:
    """The present score with its explanation, and the bare scores of a year, the last of each week."""
    present = present_health(session)
    of: dict[str, Any] = {"account": account.id}
    if present.is_by_account:
        found = session.execute(_BY_SOME.where(HealthComputation.id == present.computation), of).first()
    else:
        found = session.execute(_BY_ONE, of | {"computation": present.computation}).first()
    if found is None:
        return Health()
    computation, scorecard, score = found
    trend = session.execute(_TREND, of | {"scorecard": scorecard.key, "as_of": computation.as_of}).all()
    return Health(computation, scorecard, score, trend)


def _studies(session: Session, scope: Scope, account: Account) -> list[StudyRow]:
    """The studies that drew the account, the newest first; anonymous ones know nothing of it."""
    return [StudyRow(*row) for row in session.execute(_studies_statement(scope), {"account": account.id})]


@lru_cache(maxsize=MOST_KEPT)
def _studies_statement(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(Study, Scoring, AccountScore)
        .join(SampledAccount, SampledAccount.study_id == Study.id)
        .join(Account, Account.id == SampledAccount.account_id)
        .outerjoin(Scoring, Scoring.study_id == Study.id)
        .outerjoin(AccountScore, and_(AccountScore.scoring_id == Scoring.id, AccountScore.account_id == _ACCOUNT))
        .where(SampledAccount.account_id == _ACCOUNT, ~Study.is_anonymous, visible_accounts(scope))
        .order_by(Study.closes_on.desc(), Study.id.desc())
    )


def _people(session: Session, account: Account, study_ids: list[int], *, has_names: bool) -> Rows:
    """Everyone drawn at the account in these studies, with their response and their score where they have one.

    `recommend` is how likely they are to recommend us, 0 to 10, where they said it.
    """
    of = {"account": account.id, "studies": study_ids}
    return session.execute(_people_statement(has_names=has_names), of).all()


@lru_cache(maxsize=MOST_KEPT)
def _people_statement(*, has_names: bool) -> Select[*tuple[Any, ...]]:
    name = Contact.name if has_names else literal(None)
    recommend = (
        select(Answer.value_number)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.response_id == Response.id, Question.key == RECOMMEND, Answer.item == "", counted())
        .correlate(Response)
        .limit(1)
        .scalar_subquery()
    )
    return (
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
            recommend.label("recommend"),
        )
        .join(Study, Study.id == Respondent.study_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(Scoring, Scoring.study_id == Respondent.study_id)
        .outerjoin(
            RespondentScore,
            and_(RespondentScore.scoring_id == Scoring.id, RespondentScore.respondent_id == Respondent.id),
        )
        .where(
            Respondent.account_id == _ACCOUNT,
            Respondent.study_id.in_(bindparam("studies", type_=Integer, expanding=True)),
        )
        .order_by(Response.submitted_at.desc(), Respondent.id)
    )


def contacts_of(session: Session, account: Account) -> Sequence[Contact]:
    """Return who works at an account, the first contact first."""
    return session.scalars(
        select(Contact)
        .where(Contact.account_id == account.id)
        .order_by(Contact.is_primary.desc(), func.lower(Contact.name), Contact.id)
    ).all()


def outcomes_of(session: Session, account: Account) -> Sequence[Outcome]:
    """Return what became of an account, the newest first."""
    return session.scalars(
        select(Outcome).where(Outcome.account_id == account.id).order_by(Outcome.outcome_date.desc(), Outcome.id)
    ).all()


def cases_of(session: Session, account: Account) -> tuple[Sequence[SupportCase], int, int]:
    """Return the newest cases of an account, how many there are, and how many of them are open."""
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
