"""Reads of a survey's page: one for the link and all that stands behind it, one for the answers given so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, case, func, select
from sqlalchemy.orm import Session

from app.core.workspace import MONTHS, ONLY, Workspace
from app.customers.models import Account, Contact
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.languages import in_language, languages_of, texts_of
from app.questionnaires.rules.route import Facts, Route, Slot
from app.responses.models import Response
from app.responses.queries import standing_answers
from app.responses.rules import Place
from app.responses.services import Door
from app.settings.models import ConsentText
from app.settings.rules import BUILT_IN
from app.studies.models import Link, Respondent, Study
from app.studies.queries.items import items_in, with_items
from app.studies.rules.links import Purpose
from app.surveys.rules.excerpt import excerpt, minutes_of
from app.surveys.rules.forms import sent_value
from app.surveys.rules.shown import Block, Field
from app.surveys.rules.shown import pages as shown_pages
from app.surveys.rules.visit import NOTHING, page_fields
from app.users.models import SignInAttempt, User

LINK, RESPONDENT, STUDY, ACCOUNT, CONTACT, OWNER, WORKSPACE, RESPONSE, CONSENT = (
    cast("Table", model.__table__)
    for model in (Link, Respondent, Study, Account, Contact, User, Workspace, Response, ConsentText)
)
_TOLD = select(func.max(CONSENT.c.version))
_DOOR = (
    select(
        LINK.c.expires_at,
        LINK.c.revoked_at,
        RESPONDENT.c.id.label("respondent_id"),
        RESPONDENT.c.account_id,
        RESPONDENT.c.role,
        RESPONDENT.c.mode,
        STUDY.c.id.label("study_id"),
        STUDY.c.version_id,
        STUDY.c.is_anonymous,
        STUDY.c.opens_on,
        STUDY.c.closes_on,
        STUDY.c.closed_at,
        CONTACT.c.name.label("contact"),
        CONTACT.c.language,
        OWNER.c.name.label("owner"),
        OWNER.c.email.label("owner_email"),
        WORKSPACE.c.organisation,
        func.coalesce(WORKSPACE.c.is_sample, False).label("is_sample"),
        case((WORKSPACE.c.id.is_(None), MONTHS), else_=WORKSPACE.c.retention_months).label("retention_months"),
        func.coalesce(_TOLD.scalar_subquery(), BUILT_IN).label("consent_version"),
        RESPONSE.c.id.label("response_id"),
        RESPONSE.c.submitted_at,
        RESPONSE.c.handed_over_at,
        RESPONSE.c.language.label("answered_in"),
        *(ACCOUNT.c[name].label(f"account_{name}") for name in ("name", "segment", "industry", "tier")),
        *(ACCOUNT.c[name].label(f"account_{name}") for name in ("lifecycle_stage", "country", "plan", "renewal_date")),
    )
    .select_from(LINK)
    .join(RESPONDENT, RESPONDENT.c.id == LINK.c.respondent_id)
    .join(STUDY, STUDY.c.id == RESPONDENT.c.study_id)
    .join(ACCOUNT, ACCOUNT.c.id == RESPONDENT.c.account_id)
    .join(CONTACT, CONTACT.c.id == RESPONDENT.c.contact_id)
    .outerjoin(OWNER, OWNER.c.id == STUDY.c.owner_id)
    .outerjoin(WORKSPACE, WORKSPACE.c.id == ONLY)
    .outerjoin(RESPONSE, RESPONSE.c.respondent_id == RESPONDENT.c.id)
    .where(LINK.c.token_sha256 == bindparam("token_sha256"), LINK.c.purpose == Purpose.SURVEY.value)
)
"""Tables, not classes: this statement runs twice for every survey that is taken, and needs nothing of the ORM."""


@cache
def _door(dialect: str) -> Any:
    """The door with all that looped sections may be asked about, so that such a page needs no further read."""
    return with_items(_DOOR, dialect)


@dataclass(frozen=True)
class Asked:
    """What a version asks in a survey, in one language, and the ids of the questions by key."""

    questionnaire: Questionnaire
    ids: Mapping[str, int]
    languages: tuple[str, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What can be answered."""
        return self.questionnaire.asked_in(AskedIn.SURVEY)

    @cached_property
    def minutes(self) -> int:
        """How many minutes it takes to answer all of it."""
        return minutes_of(excerpt(self.questionnaire, self.questions), self.questions)

    @cached_property
    def keys(self) -> dict[int, str]:
        """The keys of the questions by id."""
        return {question_id: key for key, question_id in self.ids.items()}

    @cached_property
    def has_loops(self) -> bool:
        """Whether any section is asked once per relationship or promise."""
        return any(section.per for section in self.questionnaire.sections)

    @cached_property
    def is_plain(self) -> bool:
        """Whether everybody sees the same: one page without conditions, loops or words that depend on the reader."""
        is_piped = any("${" in words for _, words in texts_of(self.questionnaire))
        return not (is_piped or self.has_loops or self.questionnaire.is_paged or self.questionnaire.has_conditions)

    @cached_property
    def plain_pages(self) -> list[list[Block]]:
        """The pages that everybody sees, where everybody sees the same."""
        return shown_pages(Route(self.questionnaire, Facts(), {}))

    @cached_property
    def plain_fields(self) -> list[Field]:
        """The fields of those pages."""
        return [field for page in self.plain_pages for block in page for field in block.answerable]

    @cached_property
    def on_one_page(self) -> "Asked":
        """The same questions, all on one page."""
        if not self.questionnaire.is_paged:
            return self
        return replace(self, questionnaire=replace(self.questionnaire, is_paged=False))

    def rest(self, kept: Collection[Slot]) -> "Asked":
        """What interviews ask besides what was asked there already, a section a page; without words to read aloud."""
        asked = self.questionnaire
        done = {slot.key for slot in kept if not slot.item}
        questions = tuple(
            replace(
                each, asked_in=(AskedIn.SURVEY,) if AskedIn.INTERVIEW in each.asked_in and each.key not in done else ()
            )
            for each in asked.questions
        )
        sections = tuple(replace(each, script=None, minutes=None) for each in asked.sections)
        return replace(self, questionnaire=replace(asked, questions=questions, sections=sections, is_paged=True))

    def place(self, slot: Slot) -> Place:
        """Where the answer of a slot stands on record."""
        return Place(self.ids[slot.key], slot.item)

    def by_slot(self, answers: Mapping[Place, ParsedAnswer]) -> dict[Slot, ParsedAnswer]:
        """Answers by place as answers by slot, without the empty ones."""
        return {self.slot(place): answer for place, answer in answers.items() if answer != NOTHING}

    def slot(self, place: Place) -> Slot:
        """The slot of an answer on record."""
        return Slot(self.keys[place.question_id], place.item)


def door_of(connection: Connection, token_sha256: str) -> Row[Any] | None:
    """All that stands behind a survey's link in one row, or None where there is no such link."""
    found: Any = connection.execute(_door(connection.dialect.name), {"token_sha256": token_sha256}).one_or_none()
    return cast("Row[Any] | None", found)


def asked_by(session: Session, version_id: int, language: str | None = None) -> Asked:
    """What a version asks in a survey, in its own language or another; it never changes, so callers may keep it."""
    version = session.get_one(QuestionnaireVersion, version_id)
    questionnaire = definition_of(version)
    spoken = in_language(questionnaire, language or questionnaire.language)
    return Asked(spoken, questions_of(session, version), tuple(languages_of(questionnaire)))


def facts_about(door: Row[Any], asked: Asked) -> Facts:
    """What is known of whoever stands at a door, and of their account's items where a section asks of them."""
    names = ("name", "segment", "industry", "tier", "lifecycle_stage", "country", "plan", "renewal_date")
    values = {f"account.{name}": str(getattr(door, f"account_{name}") or "") for name in names}
    first_name = (door.contact.split() or [""])[0]
    values |= {"contact.name": door.contact, "contact.first_name": first_name, "contact.role": door.role}
    if not asked.has_loops:
        return Facts(values)
    return Facts(values, items_in(door, asked.questionnaire))


def given_answers(session: Session, response_id: int, asked: Asked) -> dict[Slot, ParsedAnswer]:
    """The current answers of a response, those behind closed branches too; empty places are left out."""
    standing = standing_answers(session, response_id)
    return {
        asked.slot(place): each.answer
        for place, each in standing.items()
        if place.question_id in asked.keys and each.answer != NOTHING
    }


@dataclass(frozen=True)
class Visit:
    """Somebody at a door that opens: what they are asked and said; `chosen` is the language that they chose here.

    `told` is what they are told about their data, by the version of that text that their form named. `kept` is how many
    answers they gave in an interview before it was handed over.
    """

    token: str
    door: Row[Any]
    asked: Asked
    route: Route
    chosen: str | None = None
    told: str = ""
    told_version: int = BUILT_IN
    kept: int = 0

    @cached_property
    def pages(self) -> list[list[Block]]:
        """What they see, page by page."""
        return self.asked.plain_pages if self.asked.is_plain else shown_pages(self.route)

    def fields(self, page_key: str | None = None) -> list[Field]:
        """Every field that a page can have, or all of them."""
        return self.asked.plain_fields if self.asked.is_plain else page_fields(self.route, page_key)

    @property
    def address(self) -> str:
        """The address to which their forms are sent."""
        return f"/s/{self.token}{self.in_language}"

    @property
    def in_language(self) -> str:
        """What keeps the language that they chose in an address."""
        return f"?lang={self.asked.questionnaire.language}" if self.chosen else ""

    @property
    def values(self) -> dict[str, str]:
        """What a form would have sent for the answers on record, by field name."""
        return {slot.name: sent_value(answer) for slot, answer in self.route.given.items()}

    def route_with(self, page: Sequence[Field], answers: Mapping[Slot, ParsedAnswer]) -> Route:
        """Their route after they have answered a page so."""
        here = {field.slot for field in page}
        kept = {slot: answer for slot, answer in self.route.given.items() if slot not in here}
        return replace(self.route, given={**kept, **answers})

    def as_door(self) -> Door:
        """The door as the writer of responses knows it."""
        door, mode = self.door, AskedIn.SURVEY.value
        language, told = self.asked.questionnaire.language, self.told_version
        return Door(door.study_id, door.respondent_id, door.version_id, mode, mode, language, told)


def unknown_tokens(session: Session, *, bucket: str, now: datetime, window: timedelta) -> tuple[int, datetime | None]:
    """How many unknown tokens were tried within the window, and when the first of them was."""
    counted = select(func.count(), func.min(SignInAttempt.at)).where(
        SignInAttempt.bucket_sha256 == bucket, SignInAttempt.at > now - window
    )
    count, first = session.execute(counted).one()
    return count, first
