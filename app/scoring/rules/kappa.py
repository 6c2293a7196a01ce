"""Agreement of two classifications: Cohen's κ, weighted κ, percent agreement and Stuart–Maxwell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.estimates import EMPTY, THIN, ZERO_VAR, Estimate
from app.scoring.rules.inputs import FloatArray

_LEVEL = 0.95

Table = Sequence[Sequence[float]] | NDArray[Any]


@dataclass(frozen=True)
class StuartMaxwell:
    """Test of equal margins of a square table: χ² with its degrees of freedom and p."""

    chi2: float | None
    df: int
    p: float | None
    warnings: list[str] = field(default_factory=list)


def kappa(table: Table, *, weights: str | Table | None = None) -> Estimate:
    """Cohen's κ of a square table of counts, se by the non-null asymptotic formula, Wald interval (unclipped).

    `weights`: None (every disagreement alike), "linear", "quadratic", or a matrix of *disagreement* (0 = agreement). A
    classification that uses one category only gives None and `ZERO_VAR`; under ten objects `THIN`. Raises ValueError
    for a table that is no square of counts and for unknown or negative weights
    (Cohen 1960, 1968; Fleiss, Cohen & Everitt 1969).
    """
    counts = _square(table, "the table")
    method = "kappa" if weights is None else f"{weights if isinstance(weights, str) else 'custom'} weighted kappa"
    agreement = _agreement(weights, len(counts))
    n = float(counts.sum())
    if n == 0:
        return Estimate(None, None, None, None, _LEVEL, 0, None, method, [EMPTY])
    thin = [THIN] if n < MINIMUM_PAIRS else []
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    chance = float(rows @ agreement @ columns)
    if (rows > 0).sum() < 2 or (columns > 0).sum() < 2 or chance >= 1:
        return Estimate(None, None, None, None, _LEVEL, round(n), n, method, [ZERO_VAR, *thin])
    value = (float((agreement * p).sum()) - chance) / (1 - chance)
    expected = (agreement @ columns)[:, None] + (rows @ agreement)[None, :]
    spread = float((p * np.square(agreement - expected * (1 - value))).sum()) - (value - chance * (1 - value)) ** 2
    se = math.sqrt(max(spread, 0.0) / n) / (1 - chance)
    reach = NormalDist().inv_cdf((1 + _LEVEL) / 2) * se
    return Estimate(value, se, value - reach, value + reach, _LEVEL, round(n), n, method, thin)


def percent_agreement(table: Table) -> float | None:
    """Share 0–1 of objects put into the same category by both; None for an empty table."""
    counts = _square(table, "the table")
    return float(np.trace(counts) / counts.sum()) if counts.sum() else None


def stuart_maxwell(table: Table) -> StuartMaxwell:
    """Whether both classifications use the categories equally often (marginal homogeneity) in a square table of counts.

    Categories that neither uses are left out; None and `ZERO_VAR` where nothing disagrees (Stuart 1955; Maxwell 1970).
    """
    from scipy.special import chdtrc

    counts = _square(table, "the table")
    used = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
    counts = counts[used][:, used]
    difference = counts.sum(axis=1) - counts.sum(axis=0)
    covariance = np.diag(counts.sum(axis=1) + counts.sum(axis=0)) - counts - counts.T
    # One margin follows from the others, so the rank, not the number of categories, counts the degrees of freedom.
    df = int(np.linalg.matrix_rank(covariance)) if len(counts) else 0
    if df == 0:
        return StuartMaxwell(None, 0, None, [ZERO_VAR if len(counts) else EMPTY])
    chi2 = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    return StuartMaxwell(chi2, df, float(chdtrc(df, chi2)))


def _agreement(weights: str | Table | None, k: int) -> FloatArray:
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(np.float64)
    if weights is None:
        disagreement = (distance > 0).astype(np.float64)
    elif isinstance(weights, str):
        if weights not in ("linear", "quadratic"):
            raise ValueError(f"unknown weights {weights!r}")
        disagreement = distance if weights == "linear" else np.square(distance)
    else:
        disagreement = _square(weights, "the matrix of disagreement")
    if len(disagreement) != k:
        raise ValueError("the matrix of disagreement has another size than the table")
    if k > 1 and disagreement.max() <= 0:
        raise ValueError("a matrix of disagreement holds at least one disagreement")
    return 1 - disagreement / max(float(disagreement.max(initial=0.0)), 1e-300)


def _square(table: Table, name: str) -> FloatArray:
    try:
        array = np.asarray(table, dtype=np.float64)
    except TypeError as error:
        raise ValueError(f"{name} must hold numbers") from error
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be square, finite and not negative")
    return array
