"""What a questionnaire is: its sections and questions, read from and written to one plain document."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from app.questionnaires.rules.kinds import Option, ParsedAnswer, QuestionKind, kind_named

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_QUESTIONNAIRE_FIELDS = {"key", "name", "language", "sections", "questions"}
_SECTION_FIELDS = {"key", "title", "script", "minutes"}
_OPTION_FIELDS = {"key", "label"}
_ANCHOR_FIELDS = {"low", "high"}

_Choice = TypeVar("_Choice", bound=StrEnum)


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
    """A group of questions with the words that lead into it; `minutes` is the time planned for it."""

    key: str
    title: str
    script: str | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Question:
    """One question; `about` names the scored question that an open one accompanies, `core` counts for completeness."""

    key: str
    kind: str
    text: str
    section: str
    dimension: Dimension | None = None
    value_side: ValueSide | None = None
    value_aspect: ValueAspect | None = None
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

    def parse(self, raw: str) -> ParsedAnswer:
        """The stored form of a raw answer; ValueError with the remedy in one sentence."""
        return self.kind_rules.parse(raw, self)


@dataclass(frozen=True)
class Questionnaire:
    """An instrument: sections in the order of asking, and questions in the order of asking."""

    key: str
    name: str
    language: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        """The question of that key, or None."""
        return next((question for question in self.questions if question.key == key), None)

    def asked_in(self, mode: AskedIn) -> tuple[Question, ...]:
        """The questions that apply to a survey or to an interview."""
        return tuple(question for question in self.questions if mode in question.asked_in)


def parse_definition(document: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire that a document describes; ValueError with a sentence that names the place at fault."""
    where = "The questionnaire"
    _only_known(document, _QUESTIONNAIRE_FIELDS, where)
    sections = tuple(_section(entry) for entry in _entries(document, "sections", where))
    questions = tuple(_question(entry) for entry in _entries(document, "questions", where))
    if not questions:
        raise ValueError("The questionnaire has no questions; add at least one.")
    _refuse_doubles("section", (section.key for section in sections))
    _refuse_doubles("question", (question.key for question in questions))
    _check_references(sections, questions)
    return Questionnaire(
        _key(document, where), _words(document, "name", where), _words(document, "language", where), sections, questions
    )


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """The plain document of a questionnaire, without fields at their defaults; `parse_definition` reads it back."""
    return {
        "key": questionnaire.key,
        "name": questionnaire.name,
        "language": questionnaire.language,
        "sections": [_without_defaults(vars(section), Section) for section in questionnaire.sections],
        "questions": [_question_document(question) for question in questionnaire.questions],
    }


def content_sha256(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, UTF-8; the order of keys does not matter."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _section(entry: Mapping[str, Any]) -> Section:
    key = _key(entry, "A section")
    where = f"Section “{key}”"
    _only_known(entry, _SECTION_FIELDS, where)
    minutes = entry.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1):
        raise ValueError(f"{where}: give “minutes” as a whole number of 1 or more.")
    return Section(key, _words(entry, "title", where), _optional_words(entry, "script", where), minutes)


def _question(entry: Mapping[str, Any]) -> Question:
    key = _key(entry, "A question")
    where = f"Question “{key}”"
    _only_known(entry, set(Question.__dataclass_fields__), where)
    try:
        kind = kind_named(_words(entry, "kind", where))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    question = Question(
        key=key,
        kind=kind.name,
        text=_words(entry, "text", where),
        section=_words(entry, "section", where),
        dimension=_one_of(Dimension, entry, "dimension", where),
        value_side=_one_of(ValueSide, entry, "value_side", where),
        value_aspect=_one_of(ValueAspect, entry, "value_aspect", where),
        reverse=_flag(entry, "reverse", where),
        anchors=_anchors(entry, where),
        options=_options(entry, where),
        required=_flag(entry, "required", where),
        core=_flag(entry, "core", where),
        about=_optional_words(entry, "about", where),
        asked_in=_asked_in(entry, where),
        script=_optional_words(entry, "script", where),
        probes=_probes(entry, where),
        hint=_optional_words(entry, "hint", where),
    )
    _check_kind(question, kind, where)
    _check_value(question, where)
    return question


def _check_kind(question: Question, kind: QuestionKind, where: str) -> None:
    if kind.needs_options and not question.options:
        raise ValueError(f"{where} is a choice without options; list at least one.")
    if question.options and not kind.needs_options:
        raise ValueError(f"{where} has options, but its kind “{kind.name}” takes none.")
    if not kind.is_numeric and (question.dimension or question.reverse or question.anchors):
        raise ValueError(f"{where} has no scale; leave out dimension, reverse and anchors.")


def _check_value(question: Question, where: str) -> None:
    if (question.dimension is Dimension.VALUE) != (question.value_side is not None):
        raise ValueError(f"{where}: give “value_side” with the dimension value, and only there.")
    if question.value_aspect and question.value_side is None:
        raise ValueError(f"{where}: “value_aspect” needs a “value_side”.")


def _check_references(sections: tuple[Section, ...], questions: tuple[Question, ...]) -> None:
    section_keys = {section.key for section in sections}
    scored = {question.key for question in questions if question.is_scored}
    for question in questions:
        if question.section not in section_keys:
            raise ValueError(f"Question “{question.key}” stands in the unknown section “{question.section}”.")
        if question.about is not None and question.about not in scored:
            raise ValueError(f"Question “{question.key}” is about “{question.about}”, which is not a scored question.")


def _options(entry: Mapping[str, Any], where: str) -> tuple[Option, ...]:
    options = tuple(_option(option, f"{where}, options") for option in _entries(entry, "options", where))
    # A name that could mean two options would make imported answers ambiguous, whether it is a key or a label.
    names = Counter(name for option in options for name in {option.key.casefold(), option.label.casefold()})
    doubled = [name for name, count in names.items() if count > 1]
    if doubled:
        raise ValueError(f"{where}: the option “{doubled[0]}” stands there twice.")
    return options


def _option(entry: Mapping[str, Any], where: str) -> Option:
    _only_known(entry, _OPTION_FIELDS, where)
    return Option(_key(entry, where), _words(entry, "label", where))


def _anchors(entry: Mapping[str, Any], where: str) -> Anchors | None:
    anchors = entry.get("anchors")
    if anchors is None:
        return None
    if not isinstance(anchors, Mapping):
        raise ValueError(f"{where}: give “anchors” as low and high.")  # noqa: TRY004  (bad input is ValueError everywhere)
    _only_known(anchors, _ANCHOR_FIELDS, f"{where}, anchors")
    return Anchors(_words(anchors, "low", f"{where}, anchors"), _words(anchors, "high", f"{where}, anchors"))


def _asked_in(entry: Mapping[str, Any], where: str) -> tuple[AskedIn, ...]:
    if "asked_in" not in entry:
        return (AskedIn.SURVEY, AskedIn.INTERVIEW)
    named = entry["asked_in"]
    if not isinstance(named, list) or not named or any(mode not in list(AskedIn) for mode in named):
        raise ValueError(f"{where}: give “asked_in” as a list of survey, interview or both.")
    return tuple(mode for mode in AskedIn if mode in named)


def _probes(entry: Mapping[str, Any], where: str) -> tuple[str, ...]:
    probes = entry.get("probes", [])
    if not isinstance(probes, list) or any(not isinstance(probe, str) or not probe.strip() for probe in probes):
        raise ValueError(f"{where}: give “probes” as a list of sentences.")
    return tuple(probes)


def _one_of(choices: type[_Choice], entry: Mapping[str, Any], field: str, where: str) -> _Choice | None:
    named = entry.get(field)
    if named is None:
        return None
    if named not in list(choices):
        raise ValueError(f"{where}: unknown {field} “{named}”; use one of: {', '.join(choices)}.")
    return choices(named)


def _flag(entry: Mapping[str, Any], field: str, where: str) -> bool:
    flag = entry.get(field, False)
    if not isinstance(flag, bool):
        raise ValueError(f"{where}: “{field}” is true or false.")  # noqa: TRY004  (bad input is ValueError everywhere)
    return flag


def _key(entry: Mapping[str, Any], where: str) -> str:
    key = _words(entry, "key", where)
    if not _KEY.fullmatch(key):
        raise ValueError(
            f"{where}: the key “{key[:80]}” must be letters, digits, _ . or -, and begin with a letter or _."
        )
    return key


def _words(entry: Mapping[str, Any], field: str, where: str) -> str:
    words = entry.get(field)
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"{where}: “{field}” is missing; write it as text.")
    return words


def _optional_words(entry: Mapping[str, Any], field: str, where: str) -> str | None:
    return None if entry.get(field) is None else _words(entry, field, where)


def _entries(entry: Mapping[str, Any], field: str, where: str) -> list[Mapping[str, Any]]:
    entries = entry.get(field, [])
    if not isinstance(entries, list) or any(not isinstance(each, Mapping) for each in entries):
        raise ValueError(f"{where}: give “{field}” as a list of objects.")
    return entries


def _only_known(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = [str(field) for field in entry if field not in known]
    if unknown:
        raise ValueError(f"{where}: unknown field “{unknown[0]}”; known are: {', '.join(sorted(known))}.")


def _refuse_doubles(what: str, keys: Iterable[str]) -> None:
    doubled = [key for key, count in Counter(keys).items() if count > 1]
    if doubled:
        raise ValueError(f"The {what} “{doubled[0]}” stands there twice; give each {what} its own key.")


def _without_defaults(fields: Mapping[str, Any], kind: type[Section | Question]) -> dict[str, Any]:
    defaults = {name: field.default for name, field in kind.__dataclass_fields__.items()}
    return {name: value for name, value in fields.items() if value != defaults[name]}


def _question_document(question: Question) -> dict[str, Any]:
    document = _without_defaults(vars(question), Question)
    if question.anchors:
        document["anchors"] = vars(question.anchors).copy()
    for field in ("dimension", "value_side", "value_aspect"):
        if field in document:
            document[field] = str(document[field])
    if "options" in document:
        document["options"] = [vars(option).copy() for option in question.options]
    if "asked_in" in document:
        document["asked_in"] = [str(mode) for mode in question.asked_in]
    if "probes" in document:
        document["probes"] = list(question.probes)
    return document
