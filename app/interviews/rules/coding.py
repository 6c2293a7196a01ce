"""A second coding: which questions are coded from which evidence, and what a coder found there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.errors import Refusal
from app.interviews.rules.items import answer_words, choices
from app.interviews.rules.progress import Step
from app.questionnaires.rules.definition import Anchors
from app.questionnaires.rules.kinds import ParsedAnswer

TONES = {"negative": "Negative", "neutral": "Neutral or mixed", "positive": "Positive"}
NOTHING = ParsedAnswer(None, None)
"""What stands where a coder could not tell."""
CANNOT_TELL = ""


@dataclass(frozen=True)
class ToCode:
    """One question to be coded: the choices, and the words from which; never the answer that was chosen first."""

    key: str
    text: str
    choices: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    is_tone: bool
    anchors: Anchors | None = None


def to_code(steps: Sequence[Step]) -> list[ToCode]:
    """What a second coder reads: ratings that have a note, a quote or words about them, and open answers by tone."""
    about = {step.question.about: step for step in steps if step.question.about and _words(step)}
    found = []
    for step in steps:
        if step.question.kind == "text" and _words(step):
            found.append(
                ToCode(step.question.key, step.question.text, tuple(TONES.items()), _noted(step), is_tone=True)
            )
        elif choices(step.question):
            evidence = _noted(step) + (_noted(about[step.question.key]) if step.question.key in about else ())
            if evidence:
                asked = step.question
                found.append(
                    ToCode(asked.key, asked.text, choices(asked), evidence, is_tone=False, anchors=asked.anchors)
                )
    return found


def coded_in(form: Mapping[str, str], asked: Sequence[ToCode], steps: Sequence[Step]) -> dict[str, ParsedAnswer]:
    """What a coder chose at each question; Refusal where one was left open or a choice is none of the list."""
    by_key = {step.question.key: step.question for step in steps}
    found = {}
    for each in asked:
        raw = form.get(f"code-{each.key}")
        if raw is None:
            raise Refusal("Choose an answer at every question, or that it cannot be told.", each.key)
        if raw != CANNOT_TELL and raw not in dict(each.choices):
            raise Refusal("Choose from the list.", each.key)
        if raw == CANNOT_TELL:
            found[each.key] = NOTHING
        else:
            found[each.key] = ParsedAnswer(None, raw) if each.is_tone else by_key[each.key].parse(raw)
    return found


def _words(step: Step) -> str:
    return answer_words(step.question, step.item.content) if step.item.content.answer else ""


def _noted(step: Step) -> tuple[tuple[str, str], ...]:
    content = step.item.content
    answer = _words(step) if step.question.kind == "text" else ""
    parts = (("Answer in words", answer), ("Note", content.note or ""), ("Quote", content.quote or ""))
    return tuple((name, words) for name, words in parts if words)
