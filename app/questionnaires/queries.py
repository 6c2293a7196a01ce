"""Reads of published questionnaires."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition


def newest_version(session: Session, key: str) -> QuestionnaireVersion:
    """The newest published version of the questionnaire with that key; Missing where there is none."""
    version = published_version(session, key)
    if version is None:
        raise Missing(f"There is no questionnaire “{key}”; see: flask questionnaire list", "questionnaire")
    return version


def published_version(
    session: Session, key: str, *, content_sha256: str | None = None, is_locked: bool = False
) -> QuestionnaireVersion | None:
    """The newest published version of that key, with that content if one is named, or None.

    Locked until the transaction ends if asked for, so that two publications cannot both follow it.
    """
    wanted = select(QuestionnaireVersion).where(QuestionnaireVersion.key == key)
    if content_sha256 is not None:
        wanted = wanted.where(QuestionnaireVersion.content_sha256 == content_sha256)
    if is_locked:
        wanted = wanted.with_for_update()
    return session.scalar(wanted.order_by(QuestionnaireVersion.version.desc()).limit(1))


def questions_of(session: Session, version: QuestionnaireVersion) -> dict[str, int]:
    """The ids of a version's questions by question key, in the order of asking."""
    return {row.key: row.id for row in session.execute(_questions(), {"version": version.id})}


def asked_by(session: Session, version_id: int) -> tuple[Questionnaire, dict[str, int]]:
    """What a version asks and its `questions_of`, by one statement where the version was read before."""
    rows = session.execute(_questions(), {"version": version_id}).all()
    known = _READ.get(rows[0].content_sha256) if rows else None
    definition = known or definition_of(session.get_one(QuestionnaireVersion, version_id))
    return definition, {row.key: row.id for row in rows}


@cache
def _questions() -> Any:
    return (
        select(Question.key, Question.id, QuestionnaireVersion.content_sha256)
        .join(VersionQuestion, VersionQuestion.question_id == Question.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == VersionQuestion.version_id)
        .where(VersionQuestion.version_id == bindparam("version"))
        .order_by(VersionQuestion.position)
    )


def definition_of(version: QuestionnaireVersion) -> Questionnaire:
    """What a version asks, as the rules know it; read once in a process, for a version never changes."""
    known = _READ.get(version.content_sha256)
    if known is None:
        known = _READ[version.content_sha256] = parse_definition(version.definition)
    return known


_READ: dict[str, Questionnaire] = {}
"""What was read of versions so far, by the hash of their content: some kilobytes each, as many as are in use."""


def published_versions(session: Session) -> Sequence[Row[QuestionnaireVersion, int]]:
    """Rows (version, how many questions it asks) of everything published, by key and version."""
    return session.execute(
        select(QuestionnaireVersion, func.count(VersionQuestion.question_id))
        .outerjoin(VersionQuestion, VersionQuestion.version_id == QuestionnaireVersion.id)
        .group_by(QuestionnaireVersion.id)
        .order_by(QuestionnaireVersion.key, QuestionnaireVersion.version)
    ).all()


def question_ids(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """The ids of those questions that some questionnaire has asked before, by key."""
    rows = session.execute(select(Question.key, Question.id).where(Question.key.in_(keys)))
    return {row.key: row.id for row in rows}
