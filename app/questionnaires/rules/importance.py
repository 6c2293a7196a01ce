"""Questions of how much topics matter: how they may be asked, and which those of a questionnaire are."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.questionnaires.rules.definition import RANKED, Dimension, Question, Questionnaire, Section

SCALES = frozenset({"scale_0_10", "scale_1_5", "scale_1_7"})
_OLD_KEYS = "importance_"
"""How the keys of numbers for points of importance began before questions said so themselves."""


class Way(StrEnum):
    """How people are asked what matters: by points, by a rating of each topic, or by putting topics in order."""

    POINTS = "points"
    RATINGS = "ratings"
    RANKING = "ranking"


def way_of(kind: str) -> Way | None:
    """Return the way that a kind of question asks; None for a kind that cannot."""
    if kind == "number":
        return Way.POINTS
    if kind == "ranking":
        return Way.RANKING
    return Way.RATINGS if kind in SCALES else None


def asked_importance(questionnaire: Questionnaire) -> Mapping[str, Question]:
    """Return the question that asks how much each topic matters, by topic; one ranking asks about many."""
    found: dict[str, Question] = {}
    for question in questionnaire.questions:
        if question.importance == RANKED:
            found |= {option.key: question for option in question.options}
        elif topic := question.importance or _by_key(question):
            found[topic] = question
    return found


def check_importance(question: Question) -> None:
    """Refuse a question that cannot say how much something matters: ValueError with a sentence that names it."""
    if question.importance is None:
        return
    where, way = f"Question “{question.key}”", way_of(question.kind)
    if way is None:
        raise ValueError(f"{where}: how much a topic matters is asked by a number, a scale or a ranking.")
    if question.dimension or question.reverse:
        raise ValueError(f"{where} asks how much a topic matters; leave out dimension and reverse, or importance.")
    if way is Way.RANKING:
        _check_ranking(question, where)
    elif question.importance not in list(Dimension):
        raise ValueError(f"{where}: unknown importance “{question.importance}”; use one of: {', '.join(Dimension)}.")


def _check_ranking(question: Question, where: str) -> None:
    if question.importance != RANKED:
        raise ValueError(f"{where} is a ranking; give “importance” as {RANKED}, and topics as keys of its options.")
    unknown = [option.key for option in question.options if option.key not in list(Dimension)]
    if unknown:
        raise ValueError(
            f"{where} ranks topics: the key “{unknown[0]}” of an option is none; use some of: {', '.join(Dimension)}."
        )
    if len(question.options) < 2:
        raise ValueError(f"{where} ranks topics; offer two at least.")


def check_importances(sections: Sequence[Section], questions: Sequence[Question]) -> None:
    """Refuse questions of importance that cannot be held against each other: ValueError that names one of them."""
    asked = [question for question in questions if question.importance]
    looped = {section.key for section in sections if section.per}
    by_topic: dict[str, Question] = {}
    for question in asked:
        where = f"Question “{question.key}”"
        if question.section in looped:
            raise ValueError(f"{where} asks how much a topic matters; put it into a section that is asked once.")
        if question.kind != asked[0].kind or (question is not asked[0] and question.importance == RANKED):
            raise ValueError(
                f"{where} asks how much topics matter in another way than “{asked[0].key}”; ask all of it in points, "
                "on one scale, or in one ranking."
            )
        if question.importance in by_topic:
            known = by_topic[str(question.importance)].key
            raise ValueError(f"{where}: how much “{question.importance}” matters is asked by “{known}” already.")
        by_topic[str(question.importance)] = question
    if len(asked) == 1 and asked[0].importance != RANKED:
        raise ValueError(f"Question “{asked[0].key}” asks how much one topic matters; ask it of another one too.")


def _by_key(question: Question) -> str | None:
    topic = question.key.removeprefix(_OLD_KEYS)
    is_one = question.kind == "number" and topic != question.key and topic in list(Dimension)
    return topic if is_one else None
