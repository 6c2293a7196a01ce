"""The brief of an interview: one page that is read in two minutes, with nothing on it that may not be quoted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.display import number
from app.interviews.rules.items import PERMISSIONS, answer_words
from app.interviews.rules.progress import Step
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import QuotePermission

FIGURES = {
    "recommend": "Would recommend us",
    "renewal_intent": "Intends to renew",
    "satisfaction": "Satisfied",
    "value_promised": "Value promised",
    "value_delivered": "Value delivered",
}
"""The questions whose numbers stand at the top, each with its words."""
MOST_QUOTES = 6
MOST_ANSWERS = 5
LONGEST = 400
NOT_SAID = "not said"


@dataclass(frozen=True)
class Figure:
    """A number that was said, on its scale, with the one before and what was predicted."""

    label: str
    said: str
    scale: str
    before: str | None
    predicted: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Quote:
    """Words as they were said, how they may be used, and to which question; internal ones stay in the house."""

    words: str
    use: str
    is_internal: bool
    question: str


@dataclass(frozen=True)
class Told:
    """An open answer as it was written down."""

    question: str
    words: str


def figures(
    steps: Sequence[Step], *, before: Mapping[str, float], predicted: Mapping[str, Sequence[tuple[str, int]]]
) -> list[Figure]:
    """The figures that the interview asks for; one that was not said says so."""
    by_key = {step.question.key: step for step in steps}
    return [
        _figure(by_key[key], label, before.get(key), predicted.get(key, ()))
        for key, label in FIGURES.items()
        if key in by_key
    ]


def quotes(steps: Sequence[Step]) -> list[Quote]:
    """What may be quoted, and what is internal, those that may be quoted first; what is not to be quoted is left out.

    Where nobody asked for permission, a quote is internal.
    """
    found = [
        Quote(
            _short(content.quote),
            _use(content.quote_permission),
            _is_internal(content.quote_permission),
            step.question.text,
        )
        for step in steps
        if (content := step.item.content).quote and content.quote_permission is not QuotePermission.NONE
    ]
    return sorted(found, key=lambda quote: quote.is_internal)[:MOST_QUOTES]


def told(steps: Sequence[Step]) -> list[Told]:
    """The first open answers; those to questions whose words may not be quoted are left out."""
    found = [
        Told(step.question.text, _short(answer_words(step.question, step.item.content)))
        for step in steps
        if step.question.kind == "text"
        and step.item.content.answer is not None
        and step.item.content.quote_permission is not QuotePermission.NONE
    ]
    return found[:MOST_ANSWERS]


def brief_title(steps: Sequence[Step], contact: str) -> str:
    """The finding in one sentence: what they said about recommending and renewing."""
    by_key = {step.question.key: step.item.content.answer for step in steps}
    parts = [
        words.format(number(answer.value_number))
        for key, words in (("recommend", "recommends us with {} of 10"), ("renewal_intent", "rates renewing {} of 5"))
        if (answer := by_key.get(key)) is not None and answer.value_number is not None
    ]
    return f"{contact} {' and '.join(parts)}" if parts else f"What {contact} said"


def _figure(step: Step, label: str, before: float | None, predicted: Sequence[tuple[str, int]]) -> Figure:
    question = step.question
    scale = "" if question.maximum is None else f"of {number(question.maximum)}"
    return Figure(
        label=label,
        said=_said(step.item.content.answer),
        scale=scale,
        before=None if before is None else number(before),
        predicted=tuple((who, number(value)) for who, value in predicted),
    )


def _said(answer: ParsedAnswer | None) -> str:
    return NOT_SAID if answer is None or answer.value_number is None else number(answer.value_number)


def _use(permission: QuotePermission | None) -> str:
    return PERMISSIONS[permission] if permission else "Not asked: internal only"


def _is_internal(permission: QuotePermission | None) -> bool:
    return permission is None or permission is QuotePermission.INTERNAL


def _short(words: str | None) -> str:
    plain = " ".join((words or "").split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"
