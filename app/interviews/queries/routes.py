"""Reads of what is asked in one interview: the version, what is known of the person, and what has been said so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.interviews.rules.progress import is_piped
from app.questionnaires.models import Question as QuestionRow
from app.questionnaires.models import QuestionnaireVersion, VersionQuestion
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.piping import pipes
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.route import Facts, Route, Slot
from app.responses.models import Response
from app.responses.queries import standing_answers
from app.responses.rules import Place
from app.studies.models import Respondent
from app.studies.queries.items import items_asked_about

_MOST_KEPT = 50
_NOTHING = ParsedAnswer(None, None)
_OF_ACCOUNT = ("name", "segment", "industry", "tier", "lifecycle_stage", "country", "plan", "renewal_date")


class Asking(Protocol):
    """What names the published version by which an interview is held."""

    @property
    def version_id(self) -> int:
        """The version's id in this database."""

    @property
    def questionnaire_key(self) -> str:
        """The questionnaire's key."""

    @property
    def content_sha256(self) -> str:
        """What the version says, as a hash."""


class Held(Asking, Protocol):
    """What names one interview: with whom, by which version, and where its answers are."""

    @property
    def respondent_id(self) -> int:
        """The person's id as drawn."""

    @property
    def response_id(self) -> int | None:
        """The response's id; None while nothing was written down."""


@dataclass(frozen=True)
class Instrument:
    """What a version asks in interviews, the ids of its questions by key, and on what it depends what is asked."""

    questionnaire: Questionnaire
    ids: Mapping[str, int]

    @cached_property
    def keys(self) -> dict[int, str]:
        """The keys of the questions by id."""
        return {question_id: key for key, question_id in self.ids.items()}

    @cached_property
    def has_loops(self) -> bool:
        """Whether any section is asked once per relationship."""
        return any(section.per for section in self.questionnaire.sections)

    @cached_property
    def is_fixed(self) -> bool:
        """Whether every interview asks the same questions."""
        return not (self.has_loops or self.questionnaire.has_conditions)

    @cached_property
    def told(self) -> frozenset[str]:
        """The questions whose words change with what was said before."""
        keys = {question.key for question in self.questionnaire.questions}
        shown = (question for question in self.questionnaire.shown_in(AskedIn.INTERVIEW) if is_piped(question))
        words = {each.key: f"{each.text} {each.script or ''} {each.hint or ''}" for each in shown}
        return frozenset(key for key, text in words.items() if {pipe.name for pipe in pipes(text)} & keys)

    @cached_property
    def is_live(self) -> bool:
        """Whether answers change what is asked, or in which words."""
        return self.questionnaire.has_conditions or bool(self.told)

    def place(self, slot: Slot) -> Place:
        """Where the answer of a slot stands on record."""
        return Place(self.ids[slot.key], slot.item)

    def slot(self, place: Place) -> Slot:
        """The slot of a place on record."""
        return Slot(self.keys[place.question_id], place.item)


_instruments: dict[tuple[str, str, int], Instrument] = {}


def instrument_asked(session: Session, found: Asking) -> Instrument:
    """Return what an interview asks; published versions never change, so a process reads each but once."""
    name = (found.questionnaire_key, found.content_sha256, found.version_id)
    if name not in _instruments:
        if len(_instruments) >= _MOST_KEPT:
            _instruments.clear()
        definition = select(QuestionnaireVersion.definition).where(QuestionnaireVersion.id == found.version_id)
        asked = (
            select(QuestionRow.key, QuestionRow.id)
            .join(VersionQuestion, VersionQuestion.question_id == QuestionRow.id)
            .where(VersionQuestion.version_id == found.version_id)
        )
        ids = {row.key: row.id for row in session.execute(asked)}
        _instruments[name] = Instrument(parse_definition(session.execute(definition).scalar_one()), ids)
    return _instruments[name]


def route_in(session: Session, held: Held) -> Route:
    """Return the route of one person through their interview, with all that they have said."""
    instrument = instrument_asked(session, held)
    given = {} if held.response_id is None else given_in(session, held.response_id, instrument)
    return Route(instrument.questionnaire, facts_about(session, held.respondent_id, instrument), given)


def given_in(session: Session, response_id: int, instrument: Instrument) -> dict[Slot, ParsedAnswer]:
    """Return the current answers of an interview, those behind closed branches too; empty places are left out."""
    return {
        instrument.slot(place): each.answer
        for place, each in standing_answers(session, response_id).items()
        if place.question_id in instrument.keys and each.answer != _NOTHING
    }


def response_of(session: Session, respondent_id: int) -> int | None:
    """Return the id of a person's response, None while there is none."""
    return session.connection().execute(_RESPONSE, {"respondent": respondent_id}).scalar_one_or_none()


def facts_about(session: Session, respondent_id: int, instrument: Instrument) -> Facts:
    """Return what is known of a person and their account, and its items where a section asks of them."""
    found: Any = session.connection().execute(_PERSON, {"respondent": respondent_id}).one()
    values = {f"account.{name}": str(getattr(found, f"account_{name}") or "") for name in _OF_ACCOUNT}
    first_name = (found.contact.split() or [""])[0]
    values |= {"contact.name": found.contact, "contact.first_name": first_name, "contact.role": found.role}
    if not instrument.has_loops:
        return Facts(values)
    items = items_asked_about(session.connection(), account_id=found.account_id, questionnaire=instrument.questionnaire)
    return Facts(values, items)


_RESPONDENT, _ACCOUNT, _CONTACT = (cast("Table", model.__table__) for model in (Respondent, Account, Contact))
_RESPONSE = select(Response.__table__.c.id).where(Response.__table__.c.respondent_id == bindparam("respondent"))
_PERSON = (
    select(
        _RESPONDENT.c.role,
        _CONTACT.c.name.label("contact"),
        _ACCOUNT.c.id.label("account_id"),
        *(_ACCOUNT.c[name].label(f"account_{name}") for name in _OF_ACCOUNT),
    )
    .select_from(_RESPONDENT)
    .join(_ACCOUNT, _ACCOUNT.c.id == _RESPONDENT.c.account_id)
    .join(_CONTACT, _CONTACT.c.id == _RESPONDENT.c.contact_id)
    .where(_RESPONDENT.c.id == bindparam("respondent"))
)
