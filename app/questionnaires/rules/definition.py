"""What a questionnaire is: its sections and questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.questionnaires.rules.kinds import (
    ABSENCES,
    Absence,
    Option,
    ParsedAnswer,
    QuestionKind,
    kind_named,
    parsed_absence,
)

ANY_TYPE = "*"
"""In place of the type of a relationship: a section that is asked about each of them, whatever its type."""

PROMISE = "promise"
"""In place of the type of a relationship: a section that is asked about each promise that the account was given."""

RANKED = "ranked"
"""In place of the dimension whose importance is asked: a ranking whose options are dimensions, by their keys."""


class Dimension(StrEnum):
    """What a scored question says something about."""

    OVERALL_SENTIMENT = "overall_sentiment"
    CUSTOMER_READINESS = "customer_readiness"
    PRODUCT_SENTIMENT = "product_sentiment"
    PRODUCT_QUALITY = "product_quality"
    IMPLEMENTATION_READINESS = "implementation_readiness"
    SUPPORT = "support"
    COMPANY = "company"
    ADOPTION = "adoption"
    EDUCATION = "education"
    SKILLS = "skills"
    STAKEHOLDER_REACH = "stakeholder_reach"
    VALUE = "value"
    RENEWAL_INTENT = "renewal_intent"
    RECOMMENDATION = "recommendation"
    SITUATIONAL_RISK = "situational_risk"
    COMMERCIAL = "commercial"


class ValueSide(StrEnum):
    """Which side of the value gap a question measures."""

    PROMISED = "promised"
    DELIVERED = "delivered"
    TO_BE_DELIVERED = "to_be_delivered"


class ValueAspect(StrEnum):
    """Which kind of value a question measures; none is value overall."""

    ECONOMIC = "economic"
    EMOTIONAL = "emotional"
    COMMUNITY = "community"


class Direction(StrEnum):
    """From which side a line is read."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Band(StrEnum):
    """Who gets which words of thanks: by the answer 0–10 to the question of recommendation, or where there is none."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"
    OTHERS = "others"


class AskedIn(StrEnum):
    """The doors by which a question is put."""

    SURVEY = "survey"
    INTERVIEW = "interview"


@dataclass(frozen=True)
class Anchors:
    """The words at the two ends of a scale."""

    low: str
    high: str


@dataclass(frozen=True)
class Section:
    """A group of questions with the words that lead into it; `minutes` is the time planned for it.

    `relevant` is the condition under which it is asked. `per` is a type of relationship, or any: the section is then
    asked once about each of the account's relationships of that type, such as its products; or about each promise.
    """

    key: str
    title: str
    script: str | None = None
    minutes: int | None = None
    relevant: str | None = None
    per: str | None = None


@dataclass(frozen=True)
class Question:
    """One question; `about` names the scored question that an open one accompanies, `core` counts for completeness.

    `relevant` is the condition under which it is asked, `constraint` what its answer (`.`) must fulfil, `calculation`
    what a calculated value comes to. `matrix` names the head under which it is a row. `opt_outs` are the reasons for
    not answering that a survey offers. `whole` numbers have no decimals. `importance` is the dimension of which it is
    asked how much it matters, in points or on a scale; `ranked` where its options are dimensions to be put in order.
    """

    key: str
    kind: str
    text: str
    section: str
    dimension: Dimension | None = None
    value_side: ValueSide | None = None
    value_aspect: ValueAspect | None = None
    importance: str | None = None
    reverse: bool = False
    anchors: Anchors | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
    core: bool = False
    about: str | None = None
    asked_in: tuple[AskedIn, ...] = (AskedIn.SURVEY, AskedIn.INTERVIEW)
    script: str | None = None
    probes: tuple[str, ...] = ()
    hint: str | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: str | None = None
    calculation: str | None = None
    matrix: str | None = None
    opt_outs: tuple[Absence, ...] = ()
    whole: bool = False

    @property
    def kind_rules(self) -> QuestionKind:
        """The rules of the question's kind: its range and its parser."""
        return kind_named(self.kind)

    @property
    def minimum(self) -> float | None:
        """The lowest number on the scale; None where there is no scale."""
        return self.kind_rules.minimum

    @property
    def maximum(self) -> float | None:
        """The highest number on the scale; None where there is no scale."""
        return self.kind_rules.maximum

    @property
    def is_scored(self) -> bool:
        """Whether answers enter the score of a dimension."""
        return self.dimension is not None

    @property
    def takes_answer(self) -> bool:
        """Whether anything can be answered: a note, a matrix's head and a calculated value are only shown or used."""
        return self.kind_rules.takes_answer

    def parse(self, raw: str) -> ParsedAnswer:
        """The stored form of a raw answer; ValueError with the remedy in one sentence."""
        if self.opt_outs and raw.strip() in ABSENCES:
            return parsed_absence(raw, self.opt_outs)
        return self.kind_rules.parse(raw, self)


@dataclass(frozen=True)
class Questionnaire:
    """An instrument: sections in the order of asking, and questions in the order of asking.

    `translations` are texts by language and place (see `languages`), `directions` the direction of scales by language
    where it is not that of the language. `is_paged` shows a section a page. `thanks` are the words after sending.
    """

    key: str
    name: str
    language: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    directions: Mapping[str, Direction] = field(default_factory=dict)
    is_paged: bool = False
    thanks: Mapping[Band, str] = field(default_factory=dict)

    @property
    def has_conditions(self) -> bool:
        """Whether it depends on anything what is asked."""
        return any(part.relevant for part in self.sections) or any(part.relevant for part in self.questions)

    def question(self, key: str) -> Question | None:
        """The question of that key, or None."""
        return next((question for question in self.questions if question.key == key), None)

    def section(self, key: str) -> Section | None:
        """The section of that key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    def asked_in(self, mode: AskedIn) -> tuple[Question, ...]:
        """The questions that a survey or an interview asks, without what is only shown or calculated."""
        return tuple(question for question in self.shown_in(mode) if question.takes_answer)

    def shown_in(self, mode: AskedIn) -> tuple[Question, ...]:
        """All that stands in a survey or an interview, notes and the heads of matrices too."""
        return tuple(question for question in self.questions if mode in question.asked_in)
