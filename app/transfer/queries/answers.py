"""What exports read of a study: its answers, its responses, and what its versions ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.interviews.models import Interview
from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.questionnaires.queries import definition_of
from app.responses.models import Answer, Remark, Response, Submission
from app.scoring.models import RespondentScore, Scoring
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.rules.plan import Mode
from app.studies.scope import visible_accounts
from app.transfer.rules.codebook import Version
from app.users.rules import Scope

STREAMED = 2_000
_IS_SAID = sa.and_(Answer.superseded_at.is_(None), Answer.is_counted, Answer.absence.is_(None))


@dataclass(frozen=True)
class Loops:
    """The questions that were asked once per relationship, and about how many of them at most in one response."""

    questions: frozenset[str]
    most: int


def answer_rows(session: Session, study: Study, *, scope: Scope | None = None) -> Iterator[Any]:
    """Stream the current answers of a study's submitted responses by account, contact and position of the question.

    With a scope, only of the accounts that it may see.
    """
    wanted = _responses(study, scope, *_FACTS, *_ANSWER).join(Answer, _IS_CURRENT).join(Question, _IS_ASKED)
    yield from session.execute(_in_order(wanted).execution_options(yield_per=STREAMED))


def response_rows(session: Session, study: Study, *, scope: Scope | None = None) -> Iterator[Any]:
    """Stream the same as `answer_rows` with language, seconds and flags; a response without answers is one row."""
    seconds = sa.select(sa.func.max(Submission.seconds)).where(Submission.response_id == Response.id).scalar_subquery()
    extra = (
        Response.language,
        seconds.label("seconds"),
        RespondentScore.flags,
        Interview.held_on,
        Interview.peeked_at,
    )
    wanted = (
        _responses(study, scope, *_FACTS, *_ANSWER, *extra)
        .outerjoin(Scoring, Scoring.study_id == Study.id)
        .outerjoin(
            RespondentScore,
            sa.and_(RespondentScore.scoring_id == Scoring.id, RespondentScore.respondent_id == Respondent.id),
        )
        .outerjoin(Answer, _IS_CURRENT)
        .outerjoin(Question, _IS_ASKED)
    )
    yield from session.execute(_in_order(wanted).execution_options(yield_per=STREAMED))


def noted_absences(session: Session, study: Study, *, scope: Scope | None = None) -> dict[tuple[str, str, str], str]:
    """Why questions have no answer as interviewers noted it, by (response id, question key, relationship)."""
    is_noted = sa.and_(Remark.response_id == Response.id, Remark.superseded_at.is_(None), Remark.absence.is_not(None))
    rows = session.execute(
        _responses(study, scope, Response.external_id, Question.key, Remark.item, Remark.absence)
        .join(Remark, is_noted)
        .join(Question, Question.id == Remark.question_id)
    )
    return {(external_id, key, item): absence for external_id, key, item, absence in rows}


def versions_of(session: Session, study: Study) -> list[Version]:
    """The versions that a study's responses were given to, its own first, then the newest."""
    used = sa.select(Response.version_id).where(Response.study_id == study.id)
    found = session.scalars(
        sa.select(QuestionnaireVersion).where(
            sa.or_(QuestionnaireVersion.id == study.version_id, QuestionnaireVersion.id.in_(used))
        )
    ).all()
    ordered = sorted(found, key=lambda version: (version.id != study.version_id, -version.id))
    return [Version(version.key, version.version, definition_of(version)) for version in ordered]


def answer_counts(session: Session, study: Study, *, scope: Scope | None = None) -> dict[str, int]:
    """How many responses answer each question, by its key."""
    wanted = _responses(study, scope, Question.key, sa.func.count(Response.id.distinct()))
    rows = session.execute(
        wanted.join(Answer, _IS_OF_RESPONSE & _IS_SAID).join(Question, _IS_ASKED).group_by(Question.key)
    )
    return {key: count for key, count in rows}  # noqa: C416  (a row is no pair to mypy)


def loops_of(session: Session, study: Study, *, scope: Scope | None = None) -> Loops:
    """Which questions were asked about relationships, and about how many at most."""
    about = sa.and_(_IS_CURRENT, Answer.item != "")
    keys = session.scalars(
        _responses(study, scope, Question.key).join(Answer, about).join(Question, _IS_ASKED).distinct()
    )
    each = _responses(study, scope, sa.func.count(Answer.item.distinct()).label("many")).join(Answer, about)
    counts = each.group_by(Response.id).subquery()
    return Loops(frozenset(keys), session.scalar(sa.select(sa.func.max(counts.c.many))) or 0)


_IS_OF_RESPONSE = Answer.response_id == Response.id
_IS_CURRENT = sa.and_(_IS_OF_RESPONSE, Answer.superseded_at.is_(None))
_IS_ASKED = Question.id == Answer.question_id
_FACTS = (
    Response.external_id,
    Account.crm_id.label("account_id"),
    Contact.crm_id.label("contact_id"),
    Response.submitted_at,
    Response.mode,
    Respondent.role,
    SampledAccount.stratum,
    SampledAccount.stratum_size,
    SampledAccount.weight,
    QuestionnaireVersion.key.label("questionnaire"),
    QuestionnaireVersion.version,
    Interview.relation.label("interviewer"),
)
_ANSWER = (
    Question.key.label("question"),
    Answer.mode.label("answered_by"),
    Answer.value_number,
    Answer.value_text,
    Answer.item,
    Answer.absence,
    Answer.is_counted,
    Answer.blanked_at,
    Response.consent_version,
)


def _responses(study: Study, scope: Scope | None, *columns: Any) -> Any:
    return (
        sa.select(*columns)
        .select_from(Response)
        .join(Study, Study.id == Response.study_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(
            SampledAccount,
            sa.and_(SampledAccount.study_id == Study.id, SampledAccount.account_id == Respondent.account_id),
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .outerjoin(Interview, sa.and_(Interview.respondent_id == Respondent.id, Response.mode == Mode.INTERVIEW))
        .where(
            Study.id == study.id, Response.submitted_at.is_not(None), visible_accounts(scope) if scope else sa.true()
        )
    )


def _in_order(wanted: Any) -> Any:
    position = sa.and_(
        VersionQuestion.version_id == Response.version_id, VersionQuestion.question_id == Answer.question_id
    )
    return wanted.outerjoin(VersionQuestion, position).order_by(
        Account.crm_id, Contact.crm_id, VersionQuestion.position, Question.key, Answer.item
    )
