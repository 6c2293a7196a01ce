"""Drafts and published questionnaires that the tests of authoring share."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring.services import create_draft
from app.questionnaires.models import QuestionnaireDraft
from app.questionnaires.services import publish_questionnaire
from app.users.models import User
from tests.users.people import LEADER, add_people

PULSE: dict[str, Any] = {
    "key": "pulse", "name": "Pulse", "language": "en",
    "sections": [{"key": "main", "title": "Main"}, {"key": "more", "title": "More"}],
    "questions": [
        {"key": "recommend", "kind": "scale_0_10", "section": "main", "text": "Would you recommend us?",
         "dimension": "recommendation"},
        {"key": "plan", "kind": "single_choice", "section": "main", "text": "Which plan?",
         "options": [{"key": "small", "label": "Small"}, {"key": "large", "label": "Large"}]},
        {"key": "grid", "kind": "matrix", "section": "more", "text": "How good are"},
        {"key": "speed", "kind": "scale_1_5", "section": "more", "text": "Speed", "matrix": "grid"},
        {"key": "care", "kind": "scale_1_5", "section": "more", "text": "Care", "matrix": "grid"},
        {"key": "why", "kind": "text", "section": "more", "text": "Why ${recommend}?", "relevant": "${recommend} < 7",
         "about": "recommend"},
    ],
    "translations": {"de": {"name": "Puls", "question.recommend.text": "Würden Sie uns empfehlen?"}},
}  # fmt: skip


def add_pulse(session: Session) -> None:
    """Add people, the published questionnaire, and a draft of its next version by Alice."""
    people = add_people(session)
    publish_questionnaire(session, document=PULSE)
    create_draft(session, definition=PULSE, by=people[LEADER].id)


def user_id(session: Session, email: str = LEADER) -> int:
    """Return the id of a login."""
    return session.scalars(select(User.id).where(User.email == email)).one()


def draft(session: Session, key: str = "pulse") -> QuestionnaireDraft:
    """Return the draft as the database has it now."""
    session.expire_all()
    return session.scalars(select(QuestionnaireDraft).where(QuestionnaireDraft.key == key)).one()
