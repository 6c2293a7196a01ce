"""Reads of a survey's page: one for the link and all that stands behind it, one for the answers given so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Contact
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.responses.models import Response
from app.responses.queries import current_answers
from app.studies.models import Link, Respondent, Study
from app.studies.rules.links import Purpose
from app.surveys.rules.forms import sent_value
from app.users.models import SignInAttempt, User

_DOOR = (
    select(
        Link.expires_at,
        Link.revoked_at,
        Respondent.id.label("respondent_id"),
        Study.id.label("study_id"),
        Study.version_id,
        Study.opens_on,
        Study.closes_on,
        Study.closed_at,
        Contact.name.label("contact"),
        User.name.label("owner"),
        User.email.label("owner_email"),
        Workspace.organisation,
        func.coalesce(Workspace.is_sample, False).label("is_sample"),
        Response.id.label("response_id"),
        Response.submitted_at,
    )
    .select_from(Link)
    .join(Respondent, Respondent.id == Link.respondent_id)
    .join(Study, Study.id == Respondent.study_id)
    .join(Contact, Contact.id == Respondent.contact_id)
    .outerjoin(User, User.id == Study.owner_id)
    .outerjoin(Workspace, Workspace.id == 1)
    .outerjoin(Response, Response.respondent_id == Respondent.id)
    .where(Link.token_sha256 == bindparam("token_sha256"), Link.purpose == Purpose.SURVEY.value)
)


@dataclass(frozen=True)
class Asked:
    """What a version asks in a survey, and the ids of the questions by key."""

    questionnaire: Questionnaire
    questions: tuple[Question, ...]
    ids: Mapping[str, int]

    @property
    def minutes(self) -> int | None:
        """How long the sections that are asked take, or None where none says."""
        return sum(section.minutes or 0 for section in self.sections) or None

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of which something is asked."""
        asked = {question.section for question in self.questions}
        return tuple(section for section in self.questionnaire.sections if section.key in asked)

    def number(self, question: Question) -> int:
        """Which question of the page it is, counted from 1 section by section."""
        shown = [each for section in self.sections for each in self.questions if each.section == section.key]
        return shown.index(question) + 1


def door_of(session: Session, token_sha256: str) -> Row[Any] | None:
    """All that stands behind a survey's link in one row, or None where there is no such link."""
    found: Any = session.execute(_DOOR, {"token_sha256": token_sha256}).one_or_none()
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
