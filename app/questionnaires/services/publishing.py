"""Publishing questionnaires: what has been published is never changed, other content is another version."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.questionnaires import queries
from app.questionnaires.built_in import FORMER, built_in_documents
from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import content_sha256, to_document
from app.users.services import record_event

LONGEST_NAME = 200


def publish_questionnaire(
    session: Session, *, document: dict[str, Any], actor_id: int | None = None
) -> QuestionnaireVersion:
    """Publish a questionnaire as the next version of its key; the newest version's content again is that version.

    A question key that another questionnaire uses names the same question, so that answers compare. Refusal where the
    document is no questionnaire.
    """
    questionnaire = _parsed(document)
    definition = to_document(questionnaire)
    digest = content_sha256(definition)
    newest = queries.published_version(session, questionnaire.key, is_locked=True)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    version = QuestionnaireVersion(
        key=questionnaire.key,
        version=newest.version + 1 if newest else 1,
        name=questionnaire.name,
        definition=definition,
        content_sha256=digest,
    )
    session.add(version)
    session.flush()
    _store_questions(session, version, questionnaire)
    record_event(
        session,
        actor_id=actor_id,
        action="questionnaire.publish",
        object_type="questionnaire",
        object_id=version.key,
        fields={"version": version.version, "content_sha256": digest},
    )
    return version


def publish_built_ins(session: Session) -> list[QuestionnaireVersion]:
    """Publish the questionnaires that ship with the product; may run at every start.

    What was published once is left alone. Where another content ships than before, it becomes the next version, unless
    people have published their own of that key: it stays the newest.
    """
    return [_publish_built_in(session, document) for document in built_in_documents().values()]


def ready_version(session: Session, *, key: str) -> QuestionnaireVersion:
    """The newest version of a questionnaire, where a built-in that is not published yet is published now.

    Missing where neither is there.
    """
    document = built_in_documents().get(key)
    if document is not None and queries.published_version(session, key) is None:
        return _publish_built_in(session, document)
    return queries.newest_version(session, key)


def _publish_built_in(session: Session, document: dict[str, Any]) -> QuestionnaireVersion:
    digest = content_sha256(to_document(parse_definition(document)))
    published = queries.published_version(session, document["key"], content_sha256=digest)
    newest = queries.published_version(session, document["key"])
    if published is None and newest is not None and newest.content_sha256 not in FORMER:
        return newest
    return published or publish_questionnaire(session, document=document)


def _parsed(document: dict[str, Any]) -> Questionnaire:
    try:
        questionnaire = parse_definition(document)
    except ValueError as error:
        raise Refusal(str(error), "questionnaire") from error
    if len(questionnaire.name) > LONGEST_NAME:
        raise Refusal(f"The questionnaire's name is longer than {LONGEST_NAME} characters.", "name")
    return questionnaire


def _store_questions(session: Session, version: QuestionnaireVersion, questionnaire: Questionnaire) -> None:
    keys = [question.key for question in questionnaire.questions]
    known = queries.question_ids(session, keys)
    session.add_all(Question(key=key) for key in keys if key not in known)
    session.flush()
    ids = queries.question_ids(session, keys)
    rows = [
        {"version_id": version.id, "question_id": ids[key], "position": position} for position, key in enumerate(keys)
    ]
    session.execute(insert(VersionQuestion), rows)
