"""Logistic regression of an outcome on several factors, on z-scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.scoring.rules.estimates import EMPTY, NO_EVENTS, NOT_CONVERGED, ZERO_VAR
from app.scoring.rules.inputs import BoolArray, FloatArray, Numbers, numbers, same_length
from app.scoring.rules.validity.outcomes import outcomes_of

_RUNAWAY = 30.0  # Log-odds per standard deviation; no real factor moves odds by e³⁰.


@dataclass(frozen=True)
class Logit:
    """Log-odds of outcome 1: intercept and one coefficient per factor, per standard deviation from its mean.

    A factor that never varies has the coefficient None. `means` and `sds` (divisor n) lead back to the factors' units.
    """

    intercept: float | None
    coefficients: list[float | None]
    means: list[float] = field(default_factory=list)
    sds: list[float] = field(default_factory=list)
    n: int = 0
    warnings: list[str] = field(default_factory=list)


def fit_logit(columns: Sequence[Numbers], outcomes: Numbers, *, C: float = 1.0) -> Logit:  # noqa: N803
    """Logistic regression on z-scores with scikit-learn's objective ½‖β‖² + C·Σ log-loss; `C=inf` sets no penalty.

    `columns` holds one sequence per factor. No accounts give `EMPTY`, one outcome class `NO_EVENTS`; without penalty
    factors that separate the classes completely have no finite answer: `NOT_CONVERGED`. All three without coefficients.
    Raises ValueError for unequal lengths, non-finite numbers, outcomes other than 0 and 1 and C that is not positive
    (Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992).
    """
    matrix, happened = factors_and_outcomes(columns, outcomes)
    if not C > 0:
        raise ValueError("C must be positive")
    k, n = matrix.shape[1], len(happened)
    if warning := EMPTY if not n else NO_EVENTS if happened.all() or not happened.any() else None:
        return Logit(None, [None] * k, n=n, warnings=[warning])
    means, sds = matrix.mean(axis=0), np.where(np.ptp(matrix, axis=0) > 0, matrix.std(axis=0), 0.0)
    varies = sds > 0
    z = (matrix[:, varies] - means[varies]) / sds[varies]
    fitted = _fit(z, happened, C)
    constant = [ZERO_VAR] if not varies.all() else []
    if fitted is None:
        return Logit(None, [None] * k, means.tolist(), sds.tolist(), n, [NOT_CONVERGED, *constant])
    intercept, beta = fitted
    row = iter(beta.tolist())
    coefficients = [next(row) if moves else None for moves in varies.tolist()]
    return Logit(intercept, coefficients, means.tolist(), sds.tolist(), n, constant)


def predict(model: Logit, columns: Sequence[Numbers]) -> list[float] | None:
    """Probability of outcome 1 for accounts with these factors; None where the model itself is not estimable.

    Raises ValueError for another number of factors than the model has, unequal lengths and non-finite numbers.
    """
    if len(columns) != len(model.coefficients):
        raise ValueError("the model has another number of factors")
    rows = [numbers(column, "factors") for column in columns]
    same_length(*rows)
    if model.intercept is None:
        return None
    eta = np.full(len(rows[0]) if rows else 0, model.intercept)
    for row, beta, mean, sd in zip(rows, model.coefficients, model.means, model.sds, strict=True):
        eta += 0.0 if beta is None else beta * (row - mean) / sd
    return [1 / (1 + math.exp(-x)) if x > -700 else 0.0 for x in eta.tolist()]


def factors_and_outcomes(columns: Sequence[Numbers], outcomes: Numbers) -> tuple[FloatArray, BoolArray]:
    """The accounts × factors matrix beside the outcomes; raises ValueError for unequal lengths and bad numbers."""
    happened = outcomes_of(outcomes)
    rows = [numbers(column, "factors") for column in columns]
    if not rows:
        raise ValueError("a model needs at least one factor")
    same_length(happened, *rows)
    return np.column_stack(rows), happened


def _fit(z: FloatArray, happened: BoolArray, c: float) -> tuple[float, FloatArray] | None:
    from sklearn.linear_model import LogisticRegression

    if not z.shape[1]:
        rate = float(happened.mean())
        return math.log(rate / (1 - rate)), np.empty(0)
    if math.isinf(c) and np.linalg.matrix_rank(z) < z.shape[1]:
        # Factors that repeat each other share their coefficient in endless ways.
        return None
    model = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(z, happened)
    intercept, beta = float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=np.float64)
    separates = bool((((z @ beta + intercept) > 0) == happened).all())
    if math.isinf(c) and (separates or np.abs(beta).max() > _RUNAWAY):
        return None
    return intercept, beta
