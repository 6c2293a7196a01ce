"""Reads for authors: drafts, what is published and used, the bank of questions, and how many responses a change meets.

Questionnaires belong to all who run studies, so counts are over all studies; nothing here names a customer.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.questionnaires.models import Question, QuestionnaireDraft, QuestionnaireVersion
from app.responses.models import Answer, Response
from app.studies.models import Study
from app.users.models import User


@dataclass(frozen=True)
class Banked:
    """One question of the bank: its newest wording, where it stands, and how often it was answered."""

    key: str
    entry: dict[str, Any]
    used_in: dict[str, list[int]]
    answers: int


@dataclass
class Use:
    """How a questionnaire is used: studies and responses, and both by version."""

    studies: int = 0
    responses: int = 0
    by_version: dict[int, tuple[int, int]] = field(default_factory=dict)


def draft_of(session: Session, key: str, *, is_locked: bool = False) -> QuestionnaireDraft:
    """The draft of that key, locked until the transaction ends if asked for; Missing where there is none."""
    wanted = select(QuestionnaireDraft).where(QuestionnaireDraft.key == key)
    found = session.scalar(wanted.with_for_update() if is_locked else wanted)
    if found is None:
        raise Missing(f"There is no draft of “{key[:80]}”.", "key")
    return found


def has_draft(session: Session, key: str) -> bool:
    """Whether somebody is writing the next version of a questionnaire."""
    return session.scalar(select(QuestionnaireDraft.id).where(QuestionnaireDraft.key == key)) is not None


def drafts(session: Session) -> Sequence[Row[QuestionnaireDraft, str, str]]:
    """Rows (QuestionnaireDraft, author, author_email) of all drafts, the latest first."""
    return session.execute(
        select(QuestionnaireDraft, User.name.label("author"), User.email.label("author_email"))
        .outerjoin(User, User.id == QuestionnaireDraft.changed_by)
        .order_by(QuestionnaireDraft.changed_at.desc(), QuestionnaireDraft.id.desc())
    ).all()


def name_of(session: Session, user_id: int | None) -> str:
    """The name of a colleague, or their address where there is no name; blank for nobody."""
    user = session.get(User, user_id) if user_id else None
    return (user.name or user.email) if user else ""


def versions_of(session: Session, key: str) -> list[QuestionnaireVersion]:
    """The published versions of a questionnaire, the newest first."""
    return list(
        session.scalars(
            select(QuestionnaireVersion)
            .where(QuestionnaireVersion.key == key)
            .order_by(QuestionnaireVersion.version.desc())
        )
    )


def all_versions(session: Session) -> list[QuestionnaireVersion]:
    """Everything published, the oldest first."""
    wanted = select(QuestionnaireVersion).order_by(QuestionnaireVersion.published_at, QuestionnaireVersion.id)
    return list(session.scalars(wanted))


def uses(session: Session) -> dict[str, Use]:
    """How each questionnaire is used, by key."""
    studies = select(Study.version_id, func.count().label("n")).group_by(Study.version_id).subquery()
    heard = select(Response.version_id, func.count().label("n")).group_by(Response.version_id).subquery()
    rows = session.execute(
        select(
            QuestionnaireVersion.key,
            QuestionnaireVersion.version,
            func.coalesce(studies.c.n, 0).label("studies"),
            func.coalesce(heard.c.n, 0).label("responses"),
        )
        .outerjoin(studies, studies.c.version_id == QuestionnaireVersion.id)
        .outerjoin(heard, heard.c.version_id == QuestionnaireVersion.id)
    )
    found: dict[str, Use] = defaultdict(Use)
    for row in rows:
        use = found[row.key]
        use.studies += row.studies
        use.responses += row.responses
        use.by_version[row.version] = (row.studies, row.responses)
    return found


def answered(session: Session, key: str) -> dict[str, int]:
    """How many responses to any version of a questionnaire have a current answer, by question key."""
    rows = session.execute(
        select(Question.key, func.count(Answer.response_id.distinct()))
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(QuestionnaireVersion.key == key, Answer.superseded_at.is_(None))
        .group_by(Question.key)
    )
    return {name: responses for name, responses in rows}  # noqa: C416  (a row is no pair to a type checker)


def responses_affected(session: Session, key: str, questions: Collection[str]) -> int:
    """How many responses to a questionnaire have a current answer to at least one of these questions."""
    return (
        session.scalar(
            select(func.count(Answer.response_id.distinct()))
            .join(Question, Question.id == Answer.question_id)
            .join(Response, Response.id == Answer.response_id)
            .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
            .where(QuestionnaireVersion.key == key, Answer.superseded_at.is_(None), Question.key.in_(questions))
        )
        or 0
    )


def answers_by_question(session: Session) -> dict[str, int]:
    """How many current answers each question has, over all questionnaires."""
    rows = session.execute(
        select(Question.key, func.count())
        .join(Answer, Answer.question_id == Question.id)
        .where(Answer.superseded_at.is_(None))
        .group_by(Question.key)
    )
    return {name: answers for name, answers in rows}  # noqa: C416  (a row is no pair to a type checker)


def answers_elsewhere(session: Session, key: str) -> dict[tuple[str, str], int]:
    """How many current answers questions have in other questionnaires, by (question key, questionnaire key)."""
    rows = session.execute(
        select(Question.key, QuestionnaireVersion.key, func.count())
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(QuestionnaireVersion.key != key, Answer.superseded_at.is_(None))
        .group_by(Question.key, QuestionnaireVersion.key)
    )
    return {(question, questionnaire): answers for question, questionnaire, answers in rows}


def question_bank(session: Session) -> list[Banked]:
    """Every question that was ever published, by key, with its newest wording."""
    newest: dict[str, dict[str, Any]] = {}
    used: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for version in all_versions(session):
        for entry in version.definition["questions"]:
            newest[entry["key"]] = entry
            used[entry["key"]][version.key].append(version.version)
    answers = answers_by_question(session)
    return [Banked(key, newest[key], dict(used[key]), answers.get(key, 0)) for key in sorted(newest)]


def question_keys(session: Session) -> set[str]:
    """The keys of all questions that were ever published."""
    return set(session.scalars(select(Question.key)))


def questionnaire_keys(session: Session) -> set[str]:
    """The keys that questionnaires have, published or in draft."""
    published = session.scalars(select(QuestionnaireVersion.key).distinct())
    return {*published, *session.scalars(select(QuestionnaireDraft.key))}
