"""Reads of a survey's page: one for the link and all that stands behind it, one for the answers given so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.workspace import ONLY, Workspace
from app.customers.models import Contact
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.responses.models import Response
from app.responses.queries import current_answers
from app.studies.models import Link, Respondent, Study
from app.studies.rules.links import Purpose
from app.surveys.rules.excerpt import excerpt, minutes_of
from app.surveys.rules.forms import sent_value
from app.users.models import SignInAttempt, User

LINK, RESPONDENT, STUDY, CONTACT, OWNER, WORKSPACE, RESPONSE = (
    cast("Table", model.__table__) for model in (Link, Respondent, Study, Contact, User, Workspace, Response)
)
_DOOR = (
    select(
        LINK.c.expires_at,
        LINK.c.revoked_at,
        RESPONDENT.c.id.label("respondent_id"),
        STUDY.c.id.label("study_id"),
        STUDY.c.version_id,
        STUDY.c.opens_on,
        STUDY.c.closes_on,
        STUDY.c.closed_at,
        CONTACT.c.name.label("contact"),
        OWNER.c.name.label("owner"),
        OWNER.c.email.label("owner_email"),
        WORKSPACE.c.organisation,
        func.coalesce(WORKSPACE.c.is_sample, False).label("is_sample"),
        RESPONSE.c.id.label("response_id"),
        RESPONSE.c.submitted_at,
    )
    .select_from(LINK)
    .join(RESPONDENT, RESPONDENT.c.id == LINK.c.respondent_id)
    .join(STUDY, STUDY.c.id == RESPONDENT.c.study_id)
    .join(CONTACT, CONTACT.c.id == RESPONDENT.c.contact_id)
    .outerjoin(OWNER, OWNER.c.id == STUDY.c.owner_id)
    .outerjoin(WORKSPACE, WORKSPACE.c.id == ONLY)
    .outerjoin(RESPONSE, RESPONSE.c.respondent_id == RESPONDENT.c.id)
    .where(LINK.c.token_sha256 == bindparam("token_sha256"), LINK.c.purpose == Purpose.SURVEY.value)
)
"""Tables, not classes: this statement runs twice for every survey that is taken, and needs nothing of the ORM."""


@dataclass(frozen=True)
class Asked:
    """What a version asks in a survey, and the ids of the questions by key."""

    questionnaire: Questionnaire
    questions: tuple[Question, ...]
    ids: Mapping[str, int]

    @property
    def minutes(self) -> int:
        """How many minutes it takes."""
        return minutes_of(self.sections, self.questions)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of which something is asked, as a survey shows them."""
        return excerpt(self.questionnaire, self.questions)

    def number(self, question: Question) -> int:
        """Which question of the page it is, counted from 1 section by section."""
        shown = [each for section in self.sections for each in self.questions if each.section == section.key]
        return shown.index(question) + 1


def door_of(connection: Connection, token_sha256: str) -> Row[Any] | None:
    """All that stands behind a survey's link in one row, or None where there is no such link."""
    found: Any = connection.execute(_DOOR, {"token_sha256": token_sha256}).one_or_none()
    return cast("Row[Any] | None", found)


def asked_by(session: Session, version_id: int) -> Asked:
    """What a version asks in a survey; it never changes, so callers may keep it."""
    version = session.get_one(QuestionnaireVersion, version_id)
    questionnaire = definition_of(version)
    return Asked(questionnaire, questionnaire.asked_in(AskedIn.SURVEY), questions_of(session, version))


def given_values(session: Session, response_id: int, asked: Asked) -> dict[str, str]:
    """What a form would have sent for the current answers of a response, by question key."""
    answers = current_answers(session, response_id)
    return {
        question.key: sent_value(answers[asked.ids[question.key]][1])
        for question in asked.questions
        if asked.ids[question.key] in answers
    }


def unknown_tokens(session: Session, *, bucket: str, now: datetime, window: timedelta) -> tuple[int, datetime | None]:
    """How many unknown tokens were tried within the window, and when the first of them was."""
    counted = select(func.count(), func.min(SignInAttempt.at)).where(
        SignInAttempt.bucket_sha256 == bucket, SignInAttempt.at > now - window
    )
    count, first = session.execute(counted).one()
    return count, first
