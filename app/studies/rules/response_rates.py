"""Response rates by AAPOR's Standard Definitions, and the test of respondents against the sample."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ResponseRates:
    """AAPOR outcome rates, each a share 0–1, or None where its denominator is 0."""

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    ref1: float | None
    con1: float | None
    e: float | None


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's χ² of a contingency table, with Cramér's V; None where the table has no two rows or columns."""

    chi2: float | None
    df: int
    p: float | None
    cramers_v: float | None
    warnings: list[str] = field(default_factory=list)


def response_rates(
    *,
    complete: float,
    partial: float,
    refusal: float,
    non_contact: float,
    other: float,
    unknown_household: float,
    unknown_other: float,
    ineligible: float,
    e: float | None = None,
) -> ResponseRates:
    """RR1–RR6, COOP1, REF1 and CON1 from final dispositions; counts may be sums of weights.

    `e` is the share of the unknown cases taken as eligible; without it e = D/(D + NE) with D the known eligible cases.
    Raises ValueError for a negative or non-finite count and for an e outside 0–1
    (AAPOR Standard Definitions, 9th ed. 2016).
    """
    counts = (complete, partial, refusal, non_contact, other, unknown_household, unknown_other, ineligible)
    if any(not math.isfinite(count) or count < 0 for count in counts):
        raise ValueError("dispositions are counts or sums of weights: finite and not negative")
    if e is not None and not 0 <= e <= 1:
        raise ValueError(f"e={e} is no share of 0–1")
    known = math.fsum((complete, partial, refusal, non_contact, other))
    unknown = unknown_household + unknown_other
    share = _ratio(known, known + ineligible) if e is None else float(e)
    everyone = known + unknown
    estimated = _estimated_eligible(known, unknown, share)
    answered, contacted = complete + partial, complete + partial + refusal + other
    return ResponseRates(
        rr1=_ratio(complete, everyone),
        rr2=_ratio(answered, everyone),
        rr3=_ratio(complete, estimated),
        rr4=_ratio(answered, estimated),
        rr5=_ratio(complete, known),
        rr6=_ratio(answered, known),
        coop1=_ratio(complete, contacted),
        ref1=_ratio(refusal, everyone),
        con1=_ratio(contacted, everyone),
        e=share,
    )


def chi_square(table: Sequence[Sequence[float]]) -> ChiSquare:
    """Pearson's χ² without continuity correction over a table of counts (rows × columns).

    Empty rows and columns are left out; with fewer than two of either left nothing can differ: None and `ZERO_VAR`
    (`EMPTY` without any count). Raises ValueError for a ragged table and for negative or non-finite counts
    (Agresti 2007, ch. 2; Cramér 1946).
    """
    import numpy as np
    from scipy.stats import chi2_contingency

    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("a table of counts has rows of equal length, finite and not negative")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return ChiSquare(None, 0, None, None, ["ZERO_VAR" if counts.size else "EMPTY"])
    test = chi2_contingency(counts, correction=False)
    association = math.sqrt(test.statistic / (counts.sum() * (min(counts.shape) - 1)))
    return ChiSquare(float(test.statistic), int(test.dof), float(test.pvalue), float(association))


def _estimated_eligible(known: float, unknown: float, share: float | None) -> float | None:
    if unknown == 0:
        return known
    return None if share is None else known + share * unknown


def _ratio(part: float, whole: float | None) -> float | None:
    return float(part / whole) if whole else None
