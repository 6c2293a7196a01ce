"""Verbatims: VADER's sentiment of English text, and how far a theme belongs to accounts with a low voice."""

import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.scoring.rules.estimates import EMPTY, NO_EVENTS
from app.scoring.rules.inputs import Numbers, numbers

if TYPE_CHECKING:
    from app.scoring.rules.vader import Analyser

POSITIVE_FROM = 0.05
"""Compound from which on a text is positive; from minus this on down it is negative."""

MINIMUM_MENTIONS, MINIMUM_ACCOUNTS = 5, 3
"""How often, and by how many accounts, a theme must be named before its lift is shown."""

_Z = 1.959963984540054  # Two-sided 95 % of the normal distribution.


@dataclass(frozen=True)
class Sentiment:
    """Compound score −1…1 and its label: positive, neutral or negative."""

    compound: float
    label: str


@dataclass(frozen=True)
class Lift:
    """Lift of a theme among low voices, its relative risk low : rest with 95 % interval, and Fisher's two-sided p."""

    lift: float | None
    relative_risk: float | None
    lo: float | None
    hi: float | None
    p: float | None
    warnings: list[str] = field(default_factory=list)


def sentiment(text: str | None) -> Sentiment | None:
    """VADER sentiment of an English text; None for no or empty text (Hutto & Gilbert 2014)."""
    if text is None or not text.strip():
        return None
    compound = float(_analyser().polarity_scores(text)["compound"])
    return Sentiment(compound, _label(compound))


def net_sentiment(compounds: Numbers) -> float | None:
    """Share of positive minus share of negative compounds, −100…100; None without any. ValueError outside −1…1."""
    labels = [_label(x) for x in numbers(compounds, "compounds", minimum=-1, maximum=1).tolist()]
    return 100 * (labels.count("positive") - labels.count("negative")) / len(labels) if labels else None


def theme_lift(events_in_low: int, n_low: int, events_in_rest: int, n_rest: int) -> Lift:
    """P(theme | low)/P(theme), and the relative risk of low against the rest with its log interval and Fisher's p.

    Counts are of accounts, each once per theme. With an empty cell ½ is added to all four for the interval only; the
    relative risk is None where nobody of the rest names the theme. Nobody in a group gives None and `EMPTY`, a theme
    that nobody names None and `NO_EVENTS`. Raises ValueError for counts that are no whole numbers and for more events
    than accounts (Katz et al. 1978; Agresti 2013).
    """
    a, n1, b, n0 = numbers([events_in_low, n_low, events_in_rest, n_rest], "counts", minimum=0).tolist()
    if not all(count.is_integer() for count in (a, n1, b, n0)):
        raise ValueError("counts are whole numbers")
    if a > n1 or b > n0:
        raise ValueError("more accounts name the theme than there are")
    if warning := EMPTY if not n1 or not n0 else NO_EVENTS if not a + b else None:
        return Lift(None, None, None, None, None, [warning])
    lo, hi = _risk_limits(a, n1, b, n0)
    risk, lift = (a / n1) / (b / n0) if b else None, (a / n1) / ((a + b) / (n1 + n0))
    return Lift(lift, risk, lo, hi, _fisher(a, n1, b, n0), [] if b else [NO_EVENTS])


def _risk_limits(a: float, n1: float, b: float, n0: float) -> tuple[float, float]:
    if 0 in (a, b, n1 - a, n0 - b):
        a, n1, b, n0 = a + 0.5, n1 + 1, b + 0.5, n0 + 1
    centre, se = math.log(a / n1) - math.log(b / n0), math.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n0)
    return math.exp(centre - _Z * se), math.exp(centre + _Z * se)


def _fisher(a: float, n1: float, b: float, n0: float) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact([[int(a), int(n1 - a)], [int(b), int(n0 - b)]]).pvalue)


def _label(compound: float) -> str:
    if compound >= POSITIVE_FROM:
        return "positive"
    return "negative" if compound <= -POSITIVE_FROM else "neutral"


@functools.cache
def _analyser() -> "Analyser":
    from app.scoring.rules.vader import Analyser

    return Analyser()
