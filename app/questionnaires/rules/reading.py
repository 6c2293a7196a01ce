"""Reading a questionnaire from its plain document; what is wrong is refused with a sentence that names the place."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.questionnaires.rules.definition import (
    Anchors,
    AskedIn,
    Band,
    Dimension,
    Direction,
    Question,
    Questionnaire,
    Section,
    ValueAspect,
    ValueSide,
)
from app.questionnaires.rules.importance import check_importance, check_importances
from app.questionnaires.rules.kinds import Absence, Option, QuestionKind, kind_named
from app.questionnaires.rules.languages import check_translations
from app.questionnaires.rules.logic import check_logic

QUESTION_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
OPTION_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
"""What the key of an option looks like; unlike that of a question it may be a number, as in many questionnaires."""

_ITEM_TYPE = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9 _.-]{0,79}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_QUESTIONNAIRE_FIELDS = {
    "key", "name", "language", "sections", "questions", "translations", "directions", "is_paged", "thanks"
}  # fmt: skip
_SECTION_FIELDS = set(Section.__dataclass_fields__)
_OPTION_FIELDS = {"key", "label"}
_ANCHOR_FIELDS = {"low", "high"}

_Choice = TypeVar("_Choice", bound=StrEnum)


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
    questionnaire = Questionnaire(
        _key(document, where),
        _words(document, "name", where),
        _words(document, "language", where),
        sections,
        questions,
        translations={name: _texts(document["translations"], name) for name in _mapping(document, "translations")},
        directions={
            name: _one_of(Direction, document["directions"], name, "The direction of scales") or Direction.LEFT_TO_RIGHT
            for name in _mapping(document, "directions")
        },
        is_paged=_flag(document, "is_paged", where),
        thanks=_thanks(_mapping(document, "thanks")),
    )
    check_logic(questionnaire)
    check_translations(questionnaire)
    return questionnaire


def _section(entry: Mapping[str, Any]) -> Section:
    key = _key(entry, "A section")
    where = f"Section “{key}”"
    _only_known(entry, _SECTION_FIELDS, where)
    minutes = entry.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1):
        raise ValueError(f"{where}: give “minutes” as a whole number of 1 or more.")
    return Section(
        key,
        _words(entry, "title", where),
        _optional_words(entry, "script", where),
        minutes,
        relevant=_optional_words(entry, "relevant", where),
        per=_optional_words(entry, "per", where),
    )


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
        importance=_optional_words(entry, "importance", where),
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
        relevant=_optional_words(entry, "relevant", where),
        constraint=_optional_words(entry, "constraint", where),
        constraint_message=_optional_words(entry, "constraint_message", where),
        calculation=_optional_words(entry, "calculation", where),
        matrix=_optional_words(entry, "matrix", where),
        opt_outs=_opt_outs(entry, where),
        whole=_flag(entry, "whole", where),
    )
    _check_kind(question, kind, where)
    _check_value(question, where)
    check_importance(question)
    return question


def _check_kind(question: Question, kind: QuestionKind, where: str) -> None:
    if kind.needs_options and not question.options:
        raise ValueError(f"{where} is a choice without options; list at least one.")
    if question.options and not kind.needs_options:
        raise ValueError(f"{where} has options, but its kind “{kind.name}” takes none.")
    if not kind.is_numeric and (question.dimension or question.reverse or question.anchors):
        raise ValueError(f"{where} has no scale; leave out dimension, reverse and anchors.")
    if (kind.name == "calculated") != (question.calculation is not None):
        raise ValueError(f"{where}: give “calculation” with the kind calculated, and only there.")
    if question.whole and kind.name != "number":
        raise ValueError(f"{where}: only a number can be “whole”.")
    if not kind.takes_answer and (question.required or question.core or question.opt_outs or question.constraint):
        raise ValueError(f"{where} takes no answer; leave out required, core, opt_outs and constraint.")
    if question.constraint_message and not question.constraint:
        raise ValueError(f"{where}: “constraint_message” needs a “constraint”.")


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
    _check_matrices(questions)
    check_importances(sections, questions)
    if unread := [section for section in sections if section.per and not _ITEM_TYPE.fullmatch(section.per)]:
        raise ValueError(f"Section “{unread[0].key}”: give “per” as a type of relationship, such as product, or as *.")


def _check_matrices(questions: tuple[Question, ...]) -> None:
    """A matrix is its head and, right below it, rows that all offer the same answers."""
    heads = {question.key: question for question in questions if question.kind == "matrix"}
    rows: dict[str, list[Question]] = {key: [] for key in heads}
    above: Question | None = None
    for question in questions:
        if question.matrix is not None:
            where = f"Question “{question.key}”"
            if question.matrix not in heads:
                raise ValueError(f"{where} is a row of “{question.matrix}”, which is no matrix.")
            if above is None or question.matrix not in {above.key, above.matrix} or above.section != question.section:
                raise ValueError(
                    f"{where} must stand right below the matrix “{question.matrix}” or another of its rows."
                )
            rows[question.matrix].append(question)
        above = question
    for key, under in rows.items():
        if not under:
            raise ValueError(f"The matrix “{key}” has no rows; add at least one, or delete it.")
        if len({(row.kind, row.options, row.anchors, row.opt_outs) for row in under}) > 1:
            raise ValueError(f"The rows of the matrix “{key}” must all be of one kind and offer the same answers.")
        if under[0].kind != "single_choice" and not under[0].kind_rules.is_numeric:
            raise ValueError(f"The rows of the matrix “{key}” must be scales, yes/no or single choices.")


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
    key = _words(entry, "key", where)
    if not OPTION_KEY.fullmatch(key):
        raise ValueError(
            f"{where}: the key “{key[:80]}” must be letters, digits, _ . or -, and begin with a letter, a digit or _."
        )
    return Option(key, _words(entry, "label", where))


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


def _opt_outs(entry: Mapping[str, Any], where: str) -> tuple[Absence, ...]:
    named = entry.get("opt_outs", [])
    if not isinstance(named, list) or any(each not in list(Absence) for each in named):
        raise ValueError(f"{where}: give “opt_outs” as a list of: {', '.join(Absence)}.")
    return tuple(absence for absence in Absence if absence in named)


def _texts(translations: Mapping[str, Any], language: str) -> dict[str, str]:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"“{language[:20]}” is no language; write its code, such as de or pt-BR.")
    texts = translations[language]
    if not isinstance(texts, Mapping) or any(not isinstance(text, str) for text in texts.values()):
        raise ValueError(f"The translation “{language}” must be texts by their places.")
    return {place: text for place, text in texts.items() if text.strip()}


def _thanks(words: Mapping[str, Any]) -> dict[Band, str]:
    unknown = [name for name in words if name not in list(Band)]
    if unknown:
        raise ValueError(f"Thanks: unknown band “{unknown[0]}”; use one of: {', '.join(Band)}.")
    return {Band(name): _words(words, name, "Thanks") for name in words}


def _mapping(document: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = document.get(field, {})
    if not isinstance(found, Mapping):
        raise ValueError(f"The questionnaire: give “{field}” as an object.")  # noqa: TRY004  (bad input is ValueError everywhere)
    return found


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
    if not QUESTION_KEY.fullmatch(key):
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
