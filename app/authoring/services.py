"""Drafts of questionnaires: begun, saved, discarded, and published as the next version."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring.queries import has_draft
from app.authoring.rules.parts import Document, publishable
from app.core.clock import now
from app.core.errors import Refusal
from app.questionnaires.models import QuestionnaireDraft, QuestionnaireVersion
from app.questionnaires.services import publish_questionnaire
from app.users.services import record_event

LARGEST = 900_000
MOST_QUESTIONS = 400
RESERVED = frozenset({"new", "bank", "xlsform"})
"""Words that stand in addresses where a questionnaire's key would."""


class Stale(Refusal):
    """Somebody else saved the draft since the caller read it."""


def create_draft(session: Session, *, definition: Document, by: int) -> QuestionnaireDraft:
    """Begin a draft from a document, which may be incomplete; Refusal where its key has one or cannot have one."""
    key = definition["key"]
    if key in RESERVED:
        raise Refusal(f"“{key}” stands in our own addresses; choose another key.", "key")
    if has_draft(session, key):
        raise Refusal("Somebody is writing a draft of this questionnaire already; go on with that one.", "key")
    _check_size(definition)
    draft = QuestionnaireDraft(key=key, definition=definition, changed_by=by)
    session.add(draft)
    session.flush()
    _record(session, draft, "create", by)
    return draft


def save_draft(
    session: Session, *, draft: QuestionnaireDraft, revision: int, definition: Document, by: int
) -> QuestionnaireDraft:
    """Store what a draft says now, whether or not it could be published.

    `revision` is the one that the caller read; Stale where somebody saved since. The same again is no new revision.
    """
    _check_revision(session, draft, revision)
    if definition == draft.definition:
        return draft
    _check_size(definition)
    draft.definition = definition
    draft.revision = revision + 1
    draft.changed_at = now()
    draft.changed_by = by
    session.flush()
    return draft


def discard_draft(session: Session, *, draft: QuestionnaireDraft, revision: int, by: int) -> None:
    """Throw a draft away; what was published of its questionnaire stays. Stale where somebody saved since."""
    _check_revision(session, draft, revision)
    session.delete(draft)
    session.flush()
    _record(session, draft, "discard", by)


def publish_draft(session: Session, *, draft: QuestionnaireDraft, revision: int, by: int) -> QuestionnaireVersion:
    """Publish a draft as the next version of its questionnaire, and end it.

    Studies keep the version that they were planned with. Refusal where the draft is no questionnaire yet, Stale where
    somebody saved since the caller looked at what would change.
    """
    _check_revision(session, draft, revision)
    version = publish_questionnaire(session, document=publishable(draft.definition), actor_id=by)
    session.delete(draft)
    session.flush()
    return version


def _check_revision(session: Session, draft: QuestionnaireDraft, revision: int) -> None:
    # Asked of the database, under a lock: what this session read may be older than what a colleague has saved.
    stored = session.scalar(
        select(QuestionnaireDraft.revision).where(QuestionnaireDraft.id == draft.id).with_for_update()
    )
    if stored != revision:
        raise Stale("A colleague changed this draft meanwhile; look at it again.", "revision")


def _check_size(definition: Document) -> None:
    if len(definition.get("questions", [])) > MOST_QUESTIONS:
        raise Refusal(f"A questionnaire has at most {MOST_QUESTIONS} questions.", "questions")
    if len(json.dumps(definition)) > LARGEST:
        raise Refusal("The draft has grown too large to be kept; shorten its texts.", "text")


def _record(session: Session, draft: QuestionnaireDraft, action: str, by: int) -> None:
    fields: dict[str, Any] = {"revision": draft.revision}
    record_event(
        session,
        actor_id=by,
        action=f"questionnaire.draft.{action}",
        object_type="questionnaire",
        object_id=draft.key,
        fields=fields,
    )
