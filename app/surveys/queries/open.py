"""Reads behind an open link: the study and the stratum, and what one form has brought already; never a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, String, bindparam, case, func, literal, null, select
from sqlalchemy.orm import Session

from app.core.workspace import MONTHS, ONLY
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.route import Slot
from app.responses.queries import anonymous_answers_of, anonymous_response_id
from app.responses.services import OpenDoor
from app.responses.services.anonymous import form_sha256
from app.studies.models import OpenLink
from app.surveys.queries import OWNER, STUDY, WORKSPACE, Asked, Visit
from app.surveys.rules.visit import NOTHING

OPEN_LINK: Any = OpenLink.__table__
_UNKNOWN = literal("", String)
_OPEN_DOOR = (
    select(
        OPEN_LINK.c.revoked_at,
        OPEN_LINK.c.stratum,
        STUDY.c.id.label("study_id"),
        STUDY.c.version_id,
        STUDY.c.is_anonymous,
        STUDY.c.opens_on,
        STUDY.c.closes_on,
        STUDY.c.closed_at,
        OWNER.c.name.label("owner"),
        OWNER.c.email.label("owner_email"),
        WORKSPACE.c.organisation,
        func.coalesce(WORKSPACE.c.is_sample, False).label("is_sample"),
        _UNKNOWN.label("contact"),
        case((WORKSPACE.c.id.is_(None), MONTHS), else_=WORKSPACE.c.retention_months).label("retention_months"),
        null().label("expires_at"),
        null().label("language"),
        null().label("answered_in"),
        null().label("submitted_at"),
    )
    .select_from(OPEN_LINK)
    .join(STUDY, STUDY.c.id == OPEN_LINK.c.study_id)
    .outerjoin(OWNER, OWNER.c.id == STUDY.c.owner_id)
    .outerjoin(WORKSPACE, WORKSPACE.c.id == ONLY)
    .where(OPEN_LINK.c.token_sha256 == bindparam("token_sha256"), STUDY.c.is_anonymous)
)
"""The columns of a personal door that a page needs, with nothing in those that would tell of a person."""


@dataclass(frozen=True)
class OpenVisit(Visit):
    """Somebody, nobody knows who, at an open door."""

    @property
    def address(self) -> str:
        """The address to which their forms are sent."""
        return f"/a/{self.token}{self.in_language}"

    def as_open_door(self) -> OpenDoor:
        """The door as the writer of anonymous responses knows it."""
        language = self.asked.questionnaire.language
        return OpenDoor(self.door.study_id, self.door.stratum, self.door.version_id, language)


def open_door_of(connection: Connection, token_sha256: str) -> Row[Any] | None:
    """All that stands behind an open link in one row, or None where there is no such link."""
    found: Any = connection.execute(_OPEN_DOOR, {"token_sha256": token_sha256}).one_or_none()
    return cast("Row[Any] | None", found)


def given_by_form(session: Session, study_id: int, form_key: str, asked: Asked) -> Mapping[Slot, ParsedAnswer]:
    """What a form has brought already, by slot; nothing where it arrives for the first time."""
    response_id = anonymous_response_id(session, study_id=study_id, form_sha256=form_sha256(form_key))
    told = anonymous_answers_of(session, response_id) if response_id else {}
    return {asked.slot(place): answer for place, answer in told.items() if answer != NOTHING}
