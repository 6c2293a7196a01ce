"""Sentiment of verbatims: VADER's compound score and its label, for English text."""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.scoring.rules.vader import Analyser

POSITIVE_FROM = 0.05
"""Compound from which on a text is positive; from minus this on down it is negative."""


@dataclass(frozen=True)
class Sentiment:
    """Compound score −1…1 and its label: positive, neutral or negative."""

    compound: float
    label: str


def sentiment(text: str | None) -> Sentiment | None:
    """VADER sentiment of an English text; None for no or empty text (Hutto & Gilbert 2014)."""
    if text is None or not text.strip():
        return None
    compound = float(_analyser().polarity_scores(text)["compound"])
    return Sentiment(compound, _label(compound))


def _label(compound: float) -> str:
    if compound >= POSITIVE_FROM:
        return "positive"
    return "negative" if compound <= -POSITIVE_FROM else "neutral"


@functools.cache
def _analyser() -> "Analyser":
    from app.scoring.rules.vader import Analyser

    return Analyser()
