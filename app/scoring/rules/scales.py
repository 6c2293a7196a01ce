"""Answers on the 0–100 scale: mapping, dimension scores, percentiles and reliability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, ZERO_VAR
from app.scoring.rules.inputs import FloatArray, Numbers, numbers

MINIMUM_RESPONDENTS = 30
"""Respondents from which on a reliability is more than an indication."""

CHECK_REVERSAL = "check_reversal"
"""A negative α: most likely an item runs against the others."""

Items = Sequence[Sequence[float | None]] | NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's α with Feldt's 95 % interval over `n` complete respondents; `method` spearman_brown for two items."""

    alpha: float | None
    lo: float | None
    hi: float | None
    n: int
    warnings: list[str] = field(default_factory=list)
    method: str = "alpha"


def to_100(value: float, minimum: float, maximum: float, *, reverse: bool = False) -> float:
    """An answer as percent of the maximum possible: 100(x − min)/(max − min), reversed items 100 minus that.

    Raises ValueError for an answer outside its scale and for a scale without length (Cohen et al. 1999, POMP).
    """
    answer, low, high = numbers([value, minimum, maximum], "an answer and its scale").tolist()
    if low >= high:
        raise ValueError("a scale's minimum lies below its maximum")
    if not low <= answer <= high:
        raise ValueError(f"{value} lies outside the scale {minimum}…{maximum}")
    return float(100 * ((high - answer) if reverse else (answer - low)) / (high - low))


def dimension_score(item_scores: Sequence[float | None]) -> float | None:
    """Mean of the answered items if at least half of the applicable ones are answered, else None (the half rule).

    `item_scores` are the applicable items on 0–100, None where unanswered. Raises ValueError for a non-finite score
    (RAND SF-36; Fayers 2001).
    """
    answered = numbers([score for score in item_scores if score is not None], "item scores")
    if not len(answered) or 2 * len(answered) < len(item_scores):
        return None
    return math.fsum(answered) / len(answered)


def dimension_scores(items: FloatArray, applicable: NDArray[np.bool_] | None = None) -> list[float | None]:
    """`dimension_score` of every respondent (row) over items (columns, NaN = unanswered).

    `applicable` marks the items that were put to the respondent; without it all were.
    """
    scores = dimension_column(items, applicable)
    return [None if math.isnan(score) else score for score in scores.tolist()]


def dimension_column(items: FloatArray, applicable: NDArray[np.bool_] | None = None) -> FloatArray:
    """`dimension_scores` as a column, NaN where there is none."""
    matrix = np.asarray(items, dtype=np.float64)
    asked = np.ones(matrix.shape, dtype=np.bool_) if applicable is None else applicable
    if matrix.ndim != 2 or asked.shape != matrix.shape or np.isinf(matrix).any():
        raise ValueError("items are a respondents × items matrix of finite scores or NaN")
    matrix = np.where(asked, matrix, np.nan)
    answered = (~np.isnan(matrix)).sum(axis=1)
    scores: FloatArray = np.where(2 * answered >= asked.sum(axis=1), mean_of_present(matrix), np.nan)
    return scores


def mean_of_present(matrix: FloatArray) -> FloatArray:
    """Row means over the entries that are not NaN; NaN for a row without any."""
    present = ~np.isnan(matrix)
    counts = present.sum(axis=1)
    sums = np.where(present, matrix, 0.0).sum(axis=1)
    means: FloatArray = np.divide(sums, counts, out=np.full(len(matrix), np.nan), where=counts > 0)
    return means


def midrank_percentiles(values: Numbers) -> list[float]:
    """Percentile 0–100 of each value among all: 100(rank − ½)/n, equal values sharing their average rank."""
    array = numbers(values, "values")
    order = np.sort(array)
    below, up_to = np.searchsorted(order, array, side="left"), np.searchsorted(order, array, side="right")
    return [float(x) for x in 100 * ((below + up_to + 1) / 2 - 0.5) / max(len(array), 1)]


def cronbach_alpha(items: Items) -> Reliability:
    """Cronbach's α = k/(k − 1)·(1 − Σs_j²/s_T²) over complete rows, with Feldt's 95 % interval.

    Rows are respondents, columns items on one scale (0–100), None where unanswered. Items without variance are dropped
    (`ZERO_VAR`); two items give the Spearman–Brown coefficient 2r/(1 + r), one gives None; under 30 rows `THIN`; a
    negative α adds `check_reversal`. Raises ValueError for ragged rows and non-finite scores
    (Cronbach 1951; Feldt, Woodruff & Salih 1987; Eisinga et al. 2013).
    """
    complete = _complete(items)
    n = len(complete)
    if n < 2:
        return Reliability(None, None, None, n, [SINGLETON if n else EMPTY])
    kept = complete[:, np.ptp(complete, axis=0) > 0]
    k = kept.shape[1]
    warnings = ([ZERO_VAR] if k < complete.shape[1] else []) + ([THIN] if n < MINIMUM_RESPONDENTS else [])
    if k < 2:
        return Reliability(None, None, None, n, warnings)
    alpha = _spearman_brown(kept) if k == 2 else _alpha(kept)
    if alpha is None:
        return Reliability(None, None, None, n, list(dict.fromkeys([ZERO_VAR, *warnings])))
    lo, hi = _feldt(alpha, n, k)
    warnings += [CHECK_REVERSAL] if alpha < 0 else []
    return Reliability(alpha, lo, hi, n, warnings, "spearman_brown" if k == 2 else "alpha")


def mcdonald_omega(items: Items) -> float | None:
    """McDonald's ω = (Σλ)²/((Σλ)² + Σψ) of a one-factor maximum-likelihood model on z-scores, complete rows.

    Items without variance are dropped; two items give the Spearman–Brown coefficient (one factor is not identified
    there), fewer give None, as does a model that does not converge. Raises ValueError as `cronbach_alpha` does
    (McDonald 1999).
    """
    complete = _complete(items)
    if len(complete) < 2:
        return None
    kept = complete[:, np.ptp(complete, axis=0) > 0]
    if kept.shape[1] < 3:
        return _spearman_brown(kept) if kept.shape[1] == 2 else None
    return _one_factor_omega((kept - kept.mean(axis=0)) / kept.std(axis=0))


def _one_factor_omega(z: FloatArray) -> float | None:
    import warnings

    from sklearn.decomposition import FactorAnalysis
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model = FactorAnalysis(1, tol=1e-9, max_iter=20_000, svd_method="lapack").fit(z)
        except ConvergenceWarning:
            return None
    common = float(model.components_.sum()) ** 2
    return common / (common + float(model.noise_variance_.sum()))


def _complete(items: Items) -> FloatArray:
    rows = [list(row) for row in items]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every respondent has the same items")
    complete = [numbers([x for x in row if x is not None], "items") for row in rows if None not in row]
    width = len(rows[0]) if rows else 0
    return np.array(complete, dtype=np.float64).reshape(len(complete), width)


def _alpha(items: FloatArray) -> float | None:
    k = items.shape[1]
    total = float(np.var(items.sum(axis=1), ddof=1))
    single = float(np.var(items, axis=0, ddof=1).sum())
    return k / (k - 1) * (1 - single / total) if total > 1e-12 * single else None


def _spearman_brown(items: FloatArray) -> float | None:
    r = float(np.corrcoef(items[:, 0], items[:, 1])[0, 1])
    return 2 * r / (1 + r) if r > -1 + 1e-12 else None


def _feldt(alpha: float, n: int, k: int) -> tuple[float, float]:
    from scipy.special import fdtri

    free = n - 1, (n - 1) * (k - 1)
    return 1 - (1 - alpha) * float(fdtri(*free, 0.975)), 1 - (1 - alpha) * float(fdtri(*free, 0.025))
