"""The value gap: what customers find delivered against what they find promised, by domain and in all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.rules.agreement import MINIMUM_PAIRS, PairedGap, benjamini_hochberg, paired_gap
from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, Estimate
from app.scoring.rules.inputs import Numbers, numbers, pairs

LEAST_PROMISED = 20.0
"""Mean promise from which on the share realised means something."""

_POINTS = 100.0


@dataclass(frozen=True)
class DomainGap:
    """The gap of one domain over accounts, and its p adjusted over all domains; None where there is no test."""

    gap: PairedGap
    p_adjusted: float | None


def domain_gaps(domains: Mapping[str, tuple[Numbers, Numbers]]) -> dict[str, DomainGap]:
    """Per domain, from (delivered, promised) of the accounts that told both: delivered − promised with its paired test.

    p is adjusted by Benjamini–Hochberg over the domains that have a test. Raises ValueError as `paired_gap` does
    (Parasuraman et al. 1988).
    """
    gaps = {name: paired_gap(delivered, promised) for name, (delivered, promised) in domains.items()}
    tested = {name: gap.p for name, gap in gaps.items() if gap.p is not None}
    adjusted = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True))
    return {name: DomainGap(gap, adjusted.get(name)) for name, gap in gaps.items()}


def weighted_gap(gaps: Sequence[float | None], importance: Numbers) -> float | None:
    """Σ I·G/100 over the domains, from gaps in points and importance that sums to 100.

    None where a domain that has importance lacks its gap: it is not made up from the others. Raises ValueError for
    unequal lengths, negative importance and another sum than 100.
    """
    points = numbers(importance, "importance", minimum=0)
    if len(points) != len(gaps):
        raise ValueError("gaps and importance differ in length")
    if not math.isclose(math.fsum(points), _POINTS, abs_tol=1e-6):
        raise ValueError("importance points sum to 100")
    if any(gap is None and share > 0 for gap, share in zip(gaps, points, strict=True)):
        return None
    known = numbers([0.0 if gap is None else gap for gap in gaps], "gaps")
    return math.fsum(points * known) / _POINTS


def realisation(delivered: Numbers, promised: Numbers) -> Estimate:
    """Per cent of the promise that is delivered: 100·Σdelivered/Σpromised over accounts with both, a ratio of sums.

    se by linearisation between accounts, t interval. A mean promise under 20 gives None and `THIN`, no account `EMPTY`,
    one no se; under ten `THIN`. Raises ValueError for unequal lengths and scores outside 0–100 (Lohr 1999, ch. 3).
    """
    from scipy.special import stdtrit

    pairs(delivered, promised)
    got, due = (numbers(row, "scores", minimum=0, maximum=100) for row in (delivered, promised))
    n, method, level = len(due), "realisation", 0.95
    if not n:
        return Estimate(None, None, None, None, level, 0, None, method, [EMPTY])
    if float(due.mean()) < LEAST_PROMISED:
        return Estimate(None, None, None, None, level, n, float(n), method, [THIN])
    ratio = float(got.sum() / due.sum())
    if n == 1:
        return Estimate(_POINTS * ratio, None, None, None, level, 1, 1.0, method, [SINGLETON, THIN])
    se = _POINTS * float(np.std((got - ratio * due) / due.mean(), ddof=1)) / math.sqrt(n)
    reach, value = float(stdtrit(n - 1, (1 + level) / 2)) * se, _POINTS * ratio
    warnings = [THIN] if n < MINIMUM_PAIRS else []
    return Estimate(value, se, value - reach, value + reach, level, n, float(n), method, warnings, df=n - 1)
