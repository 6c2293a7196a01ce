"""The brief of an interview: one page that is read in two minutes, with nothing on it that may not be quoted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.display import number
from app.interviews.rules.items import PERMISSIONS, answer_words, is_scale
from app.interviews.rules.progress import Step
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.quoting import PERMISSION, is_withheld
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
MOST_STARRED = 8
MOST_ANSWERS = 5
TEXT = "text"
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
    """Words as they were said, how they may be used, and to which question; internal ones stay in the house.

    A paraphrase is what was meant, in the interviewer's words.
    """

    words: str
    use: str
    is_internal: bool
    question: str
    is_paraphrase: bool = False


@dataclass(frozen=True)
class Told:
    """An answer as it was written down."""

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
    """What was said or meant and may be quoted: what is starred first, then what may leave the house, then the rest.

    What is not to be quoted is left out, everything of a person who does not want to be quoted. A sentence goes by its
    own permission, else by what the person said in general; where nobody asked, it is internal.
    """
    own = own_level(steps)
    found = [step for step in steps if step.item.content.quote and not is_silent(step, own)]
    found.sort(key=lambda step: (not step.item.content.is_starred, _is_internal(_level(step, own))))
    return [_quote(step, _level(step, own)) for step in found[:MOST_QUOTES]]


def starred(steps: Sequence[Step]) -> list[Told]:
    """The answers that the interviewer starred; open ones that may not be quoted are left out."""
    own = own_level(steps)
    found = [step for step in steps if step.item.content.is_starred and step.is_done and _is_told(step, own)]
    return [_told(step) for step in found[:MOST_STARRED]]


def told(steps: Sequence[Step]) -> list[Told]:
    """The first other open answers; those whose words may not be quoted are left out.

    What was said about promises stands with the promises.
    """
    own = own_level(steps)
    found = [
        step
        for step in steps
        if step.question.kind == TEXT
        and step.item.content.answer is not None
        and not step.item.content.is_starred
        and not (step.about and step.about.is_promise)
        and _is_told(step, own)
    ]
    return [_told(step) for step in found[:MOST_ANSWERS]]


def own_level(steps: Sequence[Step]) -> QuotePermission | None:
    """How the person's words may be used in general; None where they did not say."""
    answer = next((step.item.content.answer for step in steps if step.question.key == PERMISSION), None)
    return QuotePermission(answer.value_text) if answer and answer.value_text in list(QuotePermission) else None


def is_silent(step: Step, own: QuotePermission | None) -> bool:
    """Whether the words at a question are not to be quoted, by their own permission or by the person's in general."""
    return is_withheld(own, step.item.content.quote_permission)


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


def _quote(step: Step, level: QuotePermission | None) -> Quote:
    content = step.item.content
    return Quote(
        short(content.quote),
        PERMISSIONS[level] if level else "Not asked: internal only",
        _is_internal(level),
        asked_words(step),
        content.is_paraphrase,
    )


def _told(step: Step) -> Told:
    words = answer_words(step.question, step.item.content)
    is_rated = is_scale(step.question) and step.item.content.answer is not None
    return Told(asked_words(step), f"{words} of {number(step.question.maximum)}" if is_rated else short(words))


def asked_words(step: Step) -> str:
    """A question as it stands beside its answer, with the relationship or promise that it is about."""
    return f"{step.question.text} · {short(step.of_what)}" if step.of_what else step.question.text


def _is_told(step: Step, own: QuotePermission | None) -> bool:
    return step.question.kind != TEXT or not is_silent(step, own)


def _level(step: Step, own: QuotePermission | None) -> QuotePermission | None:
    return step.item.content.quote_permission or own


def _is_internal(permission: QuotePermission | None) -> bool:
    return permission is None or permission is QuotePermission.INTERNAL


def short(words: str | None, longest: int = LONGEST) -> str:
    """A text in one line, cut off where it is longer than that many characters."""
    plain = " ".join((words or "").split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"
