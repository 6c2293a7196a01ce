"""What differs between two versions of a questionnaire, and which differences break the comparison of answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.questionnaires.rules.definition import Question, Questionnaire
from app.questionnaires.rules.languages import texts_of


class ChangeKind(StrEnum):
    """What sort of difference it is."""

    REMOVED = "removed"
    ADDED = "added"
    KIND = "kind"
    OPTION_REMOVED = "option_removed"
    OPTION_ADDED = "option_added"
    SCORING = "scoring"
    CONDITION = "condition"
    CONSTRAINT = "constraint"
    CALCULATION = "calculation"
    MATRIX = "matrix"
    DOORS = "doors"
    OPT_OUTS = "opt_outs"
    REQUIRED = "required"
    WORDING = "wording"
    TRANSLATION = "translation"
    ORDER = "order"
    LOOK = "look"


@dataclass(frozen=True)
class Change:
    """One difference: of which question (blank: of the whole), in words, with what stood there before and after."""

    kind: ChangeKind
    key: str
    words: str
    before: str = ""
    after: str = ""
    is_breaking: bool = False


def changes_between(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """The differences, those that break first; the same definition twice has none.

    A difference breaks where answers to one version and answers to the other can no longer be put into one figure, or
    where people who were asked before are no longer asked.
    """
    before, after = _by_key(old), _by_key(new)
    found = [
        _breaking(ChangeKind.REMOVED, key, "The question is gone. Answers on record stay, new ones do not come.")
        for key in before
        if key not in after
    ]
    for key, question in after.items():
        if key in before:
            found += _of_question(old, before[key], new, question)
        else:
            found.append(Change(ChangeKind.ADDED, key, "The question is new.", after=question.text))
    found += [*_of_order(old, new), *_of_translations(old, new), *_of_whole(old, new)]
    return sorted(found, key=lambda change: not change.is_breaking)


def differs_in_identity(one: Question, other: Question) -> str:
    """Why answers to one question in two questionnaires do not compare, in words; blank where they do."""
    if one.kind != other.kind:
        return f"there it is of the kind {other.kind}"
    if one.options and {option.key for option in one.options} != {option.key for option in other.options}:
        return "there it offers other answers"
    if _scoring(one) != _scoring(other):
        return "there it is scored in another way"
    return ""


def _breaking(kind: ChangeKind, key: str, words: str, before: str = "", after: str = "") -> Change:
    return Change(kind, key, words, before, after, is_breaking=True)


def _of_question(old: Questionnaire, was: Question, new: Questionnaire, now: Question) -> Iterator[Change]:
    key = now.key
    if was.kind != now.kind:
        yield _breaking(ChangeKind.KIND, key, "The kind of answer is another.", was.kind, now.kind)
    yield from _of_options(was, now)
    if _scoring(was) != _scoring(now):
        yield _breaking(ChangeKind.SCORING, key, "It is scored in another way.", _scoring(was), _scoring(now))
    if (was.matrix or "") != (now.matrix or ""):
        words = "It stands in another matrix, or in none."
        yield _breaking(ChangeKind.MATRIX, key, words, was.matrix or "none", now.matrix or "none")
    yield from _of_conditions(_asked_if(old, was), _asked_if(new, now), key)
    yield from _of_limits(was, now)
    yield from _of_doors(was, now)
    if was.required != now.required or was.core != now.core:
        yield Change(ChangeKind.REQUIRED, key, "How much its answer is asked for is another.", _need(was), _need(now))
    yield from _of_words(was, now)


def _of_options(was: Question, now: Question) -> Iterator[Change]:
    before, after = ({option.key: option.label for option in each.options} for each in (was, now))
    if was.kind == now.kind:
        for key in (key for key in before if key not in after):
            yield _breaking(ChangeKind.OPTION_REMOVED, now.key, "An answer is no longer on offer.", before[key])
        for key in (key for key in after if key not in before):
            yield Change(ChangeKind.OPTION_ADDED, now.key, "Another answer is on offer.", "", after[key])
    for key in before:
        if before[key] != after.get(key, before[key]):
            yield Change(ChangeKind.WORDING, now.key, "An answer reads otherwise.", before[key], after[key])


def _of_conditions(before: str, after: str, key: str) -> Iterator[Change]:
    if before != after:
        words = "Others are asked than before: the condition is another."
        yield _breaking(ChangeKind.CONDITION, key, words, before or "always asked", after or "always asked")


def _of_limits(was: Question, now: Question) -> Iterator[Change]:
    if (was.constraint, was.whole) != (now.constraint, now.whole):
        is_wider = now.constraint in {None, was.constraint} and (was.whole or not now.whole)
        words = "More answers are allowed." if is_wider else "Answers that were allowed may be refused now."
        yield Change(ChangeKind.CONSTRAINT, now.key, words, _limit(was), _limit(now), is_breaking=not is_wider)
    if was.calculation != now.calculation:
        words = "It is calculated in another way."
        yield _breaking(ChangeKind.CALCULATION, now.key, words, was.calculation or "", now.calculation or "")


def _of_doors(was: Question, now: Question) -> Iterator[Change]:
    for kind, before, after, words in (
        (ChangeKind.DOORS, was.asked_in, now.asked_in, "It is asked elsewhere: in surveys, interviews or both."),
        (ChangeKind.OPT_OUTS, was.opt_outs, now.opt_outs, "Other ways not to answer are offered."),
    ):
        if before != after:
            is_less = bool(set(before) - set(after))
            was_words, now_words = (", ".join(each) or "none" for each in (before, after))
            yield Change(kind, now.key, words, was_words, now_words, is_breaking=is_less)


_WORDS = {
    "text": "The wording is another.",
    "hint": "The hint is another.",
    "script": "What the interviewer says is another.",
    "constraint_message": "The sentence of refusal is another.",
    "anchors": "The ends of the scale are named otherwise.",
    "probes": "The probes are others.",
    "about": "It accompanies another question.",
}


def _of_words(was: Question, now: Question) -> Iterator[Change]:
    for name, words in _WORDS.items():
        before, after = _shown(getattr(was, name)), _shown(getattr(now, name))
        if before != after:
            yield Change(ChangeKind.WORDING, now.key, words, before, after)


def _of_order(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """One change for the whole order: each question that moved would be noise."""
    in_both = {question.key for question in old.questions} & {question.key for question in new.questions}
    before, after = (
        [question.key for section in each.sections for question in each.questions
         if question.section == section.key and question.key in in_both]
        for each in (old, new)
    )  # fmt: skip
    if before != after:
        yield Change(ChangeKind.ORDER, "", "The questions stand in another order.", ", ".join(before), ", ".join(after))


def _of_translations(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    for language in sorted(old.translations.keys() | new.translations.keys()):
        before, after = (dict(each.translations.get(language, {})) for each in (old, new))
        changed = sum(before.get(place) != after.get(place) for place in before.keys() | after.keys())
        if changed:
            texts = "text" if changed == 1 else "texts"
            yield Change(ChangeKind.TRANSLATION, "", f"The translation “{language}” differs in {changed} {texts}.")


def _of_whole(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    before, after = (_whole_texts(each) for each in (old, new))
    for place in [*before, *(place for place in after if place not in before)]:
        if before.get(place, "") != after.get(place, ""):
            words = f"“{place}” reads otherwise."
            yield Change(ChangeKind.WORDING, "", words, before.get(place, ""), after.get(place, ""))
    if (old.is_paged, old.directions, old.language) != (new.is_paged, new.directions, new.language):
        yield Change(ChangeKind.LOOK, "", "Pages, main language or the direction of scales are others.")


def _whole_texts(questionnaire: Questionnaire) -> Mapping[str, str]:
    """The texts that belong to no question."""
    return {place: words for place, words in texts_of(questionnaire) if not place.startswith("question.")}


def _by_key(questionnaire: Questionnaire) -> dict[str, Question]:
    return {question.key: question for question in questionnaire.questions}


def _scoring(question: Question) -> str:
    matters = f"how much it matters: {question.importance}" if question.importance else None
    parts = [question.dimension, question.value_side, question.value_aspect, "reversed" if question.reverse else None]
    parts.append(matters)
    return ", ".join(str(part) for part in parts if part) or "not scored"


def _asked_if(questionnaire: Questionnaire, question: Question) -> str:
    """All conditions that decide whether a question is asked: of its section, its matrix, and its own."""
    section = questionnaire.section(question.section)
    head = questionnaire.question(question.matrix) if question.matrix else None
    parts = [section.relevant if section else None, head.relevant if head else None, question.relevant]
    looped = f"once per {section.per}" if section and section.per else ""
    return "; ".join(part for part in (looped, *parts) if part)


def _limit(question: Question) -> str:
    parts = [question.constraint or "", "whole numbers" if question.whole else ""]
    return ", ".join(part for part in parts if part) or "any answer"


def _need(question: Question) -> str:
    return "required" if question.required else "wanted for completeness" if question.core else "may be left out"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " · ".join(str(each) for each in value)
    return "" if value is None else " – ".join(vars(value).values()) if hasattr(value, "low") else str(value)
