"""The promises in the brief of a value interview: what was delivered of each, as the customer sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.display import number
from app.interviews.rules.brief import NOT_SAID, is_silent, own_level, short
from app.interviews.rules.items import answer_words
from app.interviews.rules.progress import Step
from app.questionnaires.rules.definition import ValueSide
from app.questionnaires.rules.route import Item

MOST_PROMISES = 8
LONGEST = 160
EVIDENCE, ACKNOWLEDGED = "promise_evidence", "promise_acknowledged"
"""The questions of the value interview that are known by their keys; its scales are known by what they measure."""


@dataclass(frozen=True)
class Kept:
    """One promise: what it says, who made it, and what the customer says of it, in words; empty where they did not."""

    text: str
    origin: str
    delivered: str
    to_come: str
    acknowledged: str
    evidence: str


def promises(steps: Sequence[Step]) -> list[Kept]:
    """The promises that the interview asks about, the oldest first; evidence that is starred stands elsewhere."""
    level = own_level(steps)
    about: dict[str, tuple[Item, list[Step]]] = {}
    for step in steps:
        is_left_out = step.item.content.is_starred or is_silent(step, level)
        if step.about and step.about.is_promise and not (step.question.key == EVIDENCE and is_left_out):
            about.setdefault(step.about.key, (step.about, []))[1].append(step)
    return [_kept(promise, asked) for promise, asked in about.values()][:MOST_PROMISES]


def _kept(promise: Item, steps: Sequence[Step]) -> Kept:
    return Kept(
        text=short(promise.name, LONGEST),
        origin=_origin(promise),
        delivered=_rated(steps, ValueSide.DELIVERED) or NOT_SAID,
        to_come=_rated(steps, ValueSide.TO_BE_DELIVERED),
        acknowledged=_said(steps, ACKNOWLEDGED).lower(),
        evidence=short(_said(steps, EVIDENCE), LONGEST),
    )


def _origin(promise: Item) -> str:
    facts = promise.facts
    return ", ".join(part for part in (facts.get("source"), facts.get("promised_on"), facts.get("amount")) if part)


def _rated(steps: Sequence[Step], side: ValueSide) -> str:
    """What was said on the scale of that side, as `4 of 5`."""
    step = next((step for step in steps if step.question.value_side is side), None)
    answer = step.item.content.answer if step else None
    if step is None or answer is None or answer.value_number is None:
        return ""
    return f"{number(answer.value_number)} of {number(step.question.maximum)}"


def _said(steps: Sequence[Step], key: str) -> str:
    return next((answer_words(each.question, each.item.content) for each in steps if each.question.key == key), "")
