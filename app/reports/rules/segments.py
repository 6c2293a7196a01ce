"""The report of an anonymous study: figures by segment, and nothing of a segment that few answered in."""

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.questionnaires.rules.definition import Dimension, Question
from app.scoring.rules.estimates import nps_from_scores, stratified_mean
from app.scoring.rules.suppression import Hidden, shown_groups
from app.studies.rules.anonymity import FEWEST_ACCOUNTS, SMALLEST_GROUP
from app.surveys.rules.forms import MANY
from app.surveys.rules.shown import choices

Document = dict[str, Any]

FEW, ONE_ACCOUNT = "few", "one_account"
"""Why a segment is not shown. What is hidden for the sake of another segment says the same as what is small."""


class Told(NamedTuple):
    """One answer that counts: of which segment and response, as a number, a text or both."""

    segment: str
    response_id: str
    number: float | None
    text: str | None


@dataclass(frozen=True)
class Segment:
    """A stratum of the draw: its accounts there, and how many responses came."""

    name: str
    accounts: int
    answers: int


@dataclass(frozen=True)
class Facts:
    """What the report is about."""

    study: str
    name: str
    questionnaire: str
    version: int
    closed_on: date


def segment_document(
    facts: Facts, questions: Sequence[Question], segments: Sequence[Segment], told: Mapping[str, Sequence[Told]]
) -> Document:
    """The report as plain data; `told` are the answers by question key.

    Figures are of the answers as they came: unweighted, because nobody knows which accounts they are of, and with
    intervals as if each were independent of the others. Per question segments are hidden anew, those that are hidden
    as a whole among them.
    """
    never = {each.name: Hidden.ONE_ACCOUNT for each in segments if each.accounts < FEWEST_ACCOUNTS}
    counts = {each.name: each.answers for each in segments}
    shown = shown_groups(counts, never=never)
    cells = {each.key: _cells(each, told.get(each.key, ()), segments, shown.hidden) for each in questions}

    def figures(group: str | None) -> list[Document]:
        return [{"key": each.key, "text": each.text, "kind": each.kind, **cells[each.key][group]} for each in questions]

    return {
        "study": facts.study,
        "name": facts.name,
        "questionnaire": {"key": facts.questionnaire, "version": facts.version},
        "closed_on": facts.closed_on.isoformat(),
        "smallest_group": SMALLEST_GROUP,
        "n": sum(counts.values()),
        "total": {"n": sum(counts.values()), "questions": figures(None)} if shown.has_total else None,
        "segments": [
            {"segment": name, "suppressed": True, "reason": _reason(shown.hidden[name])}
            if name in shown.hidden
            else {"segment": name, "n": answers, "questions": figures(name)}
            for name, answers in counts.items()
        ],
    }


def _cells(
    question: Question, told: Sequence[Told], segments: Sequence[Segment], hidden: Mapping[str, Hidden]
) -> dict[str | None, Document]:
    """What may be said of one question: by segment, and under None of all together."""
    by_segment: dict[str, list[Told]] = {each.name: [] for each in segments}
    for answer in told:
        by_segment[answer.segment].append(answer)
    shown = shown_groups({name: len(some) for name, some in by_segment.items()}, never=hidden)
    cells: dict[str | None, Document] = {name: {"suppressed": True} for name in by_segment}
    cells |= {name: _figures(question, by_segment[name], has_words=True) for name in shown.groups}
    # The words of all, less those of the segments that are shown, would be the words of the hidden ones.
    cells[None] = _figures(question, told, has_words=not shown.groups) if shown.has_total else {"suppressed": True}
    return cells


def _figures(question: Question, told: Sequence[Told], *, has_words: bool) -> Document:
    """The figures of one question in one group that may be shown."""
    figures: Document = {"n": len(told)}
    numbers = [answer.number for answer in told if answer.number is not None]
    if _has_mean(question) and numbers:
        n = len(numbers)
        mean = stratified_mean(numbers, ["all"] * n, None, weights=[1.0] * n)
        figures |= {"mean": dataclasses.asdict(mean), "scale": [question.minimum, question.maximum]}
    if _is_recommendation(question) and numbers:
        figures["nps"] = dataclasses.asdict(nps_from_scores(numbers))
    if offered := choices(question):
        chosen = Counter(part for answer in told for part in _chosen(question, answer))
        figures["choices"] = [
            {
                "value": each.value,
                "label": each.label,
                "n": chosen[each.value],
                "share": chosen[each.value] / len(told) if told else None,
            }
            for each in offered
        ]
    if question.kind == "text" and has_words:
        by_lot = sorted(told, key=lambda answer: _lot(question, answer))
        figures["texts"] = [answer.text for answer in by_lot if answer.text]
    return figures


def _chosen(question: Question, answer: Told) -> Sequence[str]:
    """What somebody chose: of a ranking what they put first, of boxes all that they ticked."""
    if answer.text is None:
        return () if answer.number is None else (f"{answer.number:.10g}",)
    parts = answer.text.split() if question.kind in MANY else [answer.text]
    return parts[:1] if question.kind == "ranking" else parts


def _lot(question: Question, answer: Told) -> str:
    """An order by lot, another for each question, so that no two texts can be told to be of one person."""
    return hashlib.sha256(f"{question.key}|{answer.response_id}".encode()).hexdigest()


def _has_mean(question: Question) -> bool:
    return question.kind == "number" or (question.kind_rules.is_numeric and question.kind != "yes_no")


def _is_recommendation(question: Question) -> bool:
    is_from_0_to_10 = (question.minimum, question.maximum) == (0, 10)
    return question.dimension is Dimension.RECOMMENDATION and is_from_0_to_10 and question.kind_rules.is_numeric


def _reason(hidden: Hidden) -> str:
    return ONE_ACCOUNT if hidden is Hidden.ONE_ACCOUNT else FEW
