"""Which answers and which words stand behind an account's score: named by response, never by person."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MOST_QUOTES = 3
MOST_SCORES = 3
TELLING = 25
"""Characters from which on words tell something; shorter ones ("ok", "see above") come after all others."""


@dataclass(frozen=True)
class Told:
    """One answer: its score 0–100 or its text, and how it may be quoted.

    `compound` is the mood of the text from −1 to 1: its sentiment, or for words that an interviewer took down the
    number that the person gave at the same question. `statement` is the id by which words are found again.
    """

    response_id: str
    role: str
    mode: str
    question: str
    dimension: str | None
    text: str | None
    score: float | None
    compound: float | None = None
    permission: str | None = None
    statement: int | None = None


def evidence_of(told: Sequence[Told], *, is_low: bool) -> list[dict[str, Any]]:
    """The most telling quotes, then the lowest answers, or the highest where the voice lies above health.

    One person is quoted once before anyone is quoted twice, and each topic stands once before one stands twice; ties
    go by response and question, so that the same answers always give the same evidence.
    """
    quotes = sorted((t for t in told if t.text), key=lambda t: _quote_rank(t, is_low=is_low))
    scores = sorted((t for t in told if t.score is not None), key=lambda t: _score_rank(t, is_low=is_low))
    quotes, scores = _varied(quotes, lambda t: t.response_id), _varied(scores, lambda t: t.dimension)
    return [_entry(t) for t in [*quotes[:MOST_QUOTES], *scores[:MOST_SCORES]]]


def _quote_rank(told: Told, *, is_low: bool) -> tuple[bool, float, int, str, str]:
    text = told.text or ""
    mood = told.compound or 0.0
    return len(text) < TELLING, mood if is_low else -mood, -min(len(text), 200), told.response_id, told.question


def _score_rank(told: Told, *, is_low: bool) -> tuple[float, str, str]:
    score = told.score or 0.0
    return score if is_low else -score, told.response_id, told.question


def _varied(told: Iterable[Told], trait: Callable[[Told], object]) -> list[Told]:
    """The same answers, those that are the first of their trait before those that repeat it."""
    seen: set[object] = set()
    first: list[Told] = []
    again: list[Told] = []
    for each in told:
        (again if trait(each) in seen else first).append(each)
        seen.add(trait(each))
    return first + again


def _entry(told: Told) -> dict[str, Any]:
    return {
        "response_id": told.response_id,
        "role": told.role,
        "mode": told.mode,
        "question": told.question,
        "dimension": told.dimension,
        "text": told.text,
        "score": told.score,
        "permission": told.permission if told.text else None,
        "statement": told.statement if told.text else None,
    }
