"""Weights that outcomes suggest: a logistic model of few factors, checked on accounts that it was not fitted to."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.validation.factors import Factor, Kind, is_decidable
from app.scoring.rules.validity import (
    auc,
    brier,
    brier_skill,
    fit_logit,
    predict,
    reliability_curve,
    suggest_weights,
)

EVENTS_PER_FACTOR = 10
"""Losses, and likewise renewals, that each factor of the model needs (Steyerberg 2019)."""

MOST_MISSING = 0.2
"""Share of accounts without a value above which a factor keeps its weight and stays out of the model."""

FOLDS = 5
REPEATS = 3
GRID = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
"""Values of C that are tried, the strongest penalty first."""

_NEARLY = 1e-12


@dataclass(frozen=True)
class Model:
    """A logistic model without factors of the wrong sign: C, and one coefficient ≥ 0 per factor, 0 where left out."""

    c: float
    coefficients: list[float]
    kept: list[int]
    columns: FloatArray
    outcomes: BoolArray

    def probabilities(self, columns: FloatArray) -> FloatArray:
        """The chance of renewal of accounts with these factors; the base rate where no factor is left."""
        if not self.kept:
            return np.full(len(columns), float(self.outcomes.mean()))
        fit = fit_logit(list(self.columns[:, self.kept].T), self.outcomes, C=self.c)
        told = predict(fit, list(columns[:, self.kept].T))
        return np.full(len(columns), float(self.outcomes.mean())) if told is None else np.array(told)


def suggestion(factors: Sequence[Factor], kept: BoolArray, *, seed: int) -> dict[str, Any]:
    """What weights the outcomes suggest, with how the model does on accounts that it did not see.

    Of the measures with a weight and at most a fifth missing, as many enter as there are ten losses and ten renewals
    for, the heaviest first: chosen by what was declared, not by the outcomes. Accounts lacking one of them are left
    out. Measures outside of the model keep their weights. `refused` says why there is nothing: `few`, `no_factor`,
    `one_factor` alone, `no_sign` where none points the declared way.
    """
    chosen, rows = _chosen(factors, kept)
    if not chosen:
        return {"refused": "few" if not is_decidable(kept) else "no_factor", "n": 0}
    columns, outcomes = np.column_stack([factors[i].scores[rows] for i in chosen]), kept[rows]
    losses = int((~outcomes).sum())
    model = fitted(columns, outcomes, seed=seed)
    checked = _checked(columns, outcomes, seed=seed)
    facts = {
        "n": len(outcomes),
        "renewals": int(outcomes.sum()),
        "losses": losses,
        "c": model.c,
        "trust": losses / (losses + 50),
        "factors": [factors[i].key for i in chosen],
        "coefficients": dict(zip((factors[i].key for i in chosen), model.coefficients, strict=True)),
        "left_out": [f.key for i, f in enumerate(factors) if f.kind is Kind.MEASURE and i not in chosen],
        "checked": checked,
    }
    if not any(model.coefficients):
        return {**facts, "refused": "no_sign"}
    if len(chosen) == 1:
        # Its weight has nothing to move against.
        return {**facts, "refused": "one_factor"}
    old = [factors[i].weight for i in chosen]
    new = suggest_weights(old, model.coefficients, losses)
    weights = {f.key: f.weight for f in factors if f.kind is Kind.MEASURE}
    weights |= {factors[i].key: weight for i, weight in zip(chosen, new, strict=True)}
    return {**facts, "refused": None, "weights": weights}


def fitted(columns: FloatArray, outcomes: BoolArray, *, seed: int, repeats: int = REPEATS) -> Model:
    """Fit with the C that repeated five-fold cross-validation likes best; factors of the wrong sign go, then refit."""
    c = _best_c(columns, outcomes, seed, repeats)
    left = list(range(columns.shape[1]))
    while left:
        found = fit_logit(list(columns[:, left].T), outcomes, C=c).coefficients
        # A factor that never varies has no coefficient, and so no weight either.
        wrong = [i for i, beta in zip(left, found, strict=True) if beta is None or beta <= 0]
        if not wrong:
            size = dict(zip(left, found, strict=True))
            return Model(c, [size.get(i) or 0.0 for i in range(columns.shape[1])], left, columns, outcomes)
        left = [i for i in left if i not in wrong]
    return Model(c, [0.0] * columns.shape[1], [], columns, outcomes)


def _chosen(factors: Sequence[Factor], kept: BoolArray) -> tuple[list[int], BoolArray]:
    """The positions of the factors of the model, in their order, and the accounts that have all of them."""
    present = {i: ~np.isnan(f.scores) for i, f in enumerate(factors) if f.kind is Kind.MEASURE and f.weight > 0}
    wanted = [i for i, known in present.items() if len(known) and 1 - known.mean() <= MOST_MISSING]
    wanted.sort(key=lambda i: (-factors[i].weight, i))
    while wanted:
        rows = np.logical_and.reduce([present[i] for i in wanted])
        events = min(int(kept[rows].sum()), int((~kept[rows]).sum()))
        if len(wanted) <= events // EVENTS_PER_FACTOR:
            return sorted(wanted), rows
        wanted.pop()
    return [], np.zeros(len(kept), dtype=np.bool_)


def _best_c(columns: FloatArray, outcomes: BoolArray, seed: int, repeats: int) -> float:
    """The C with the least mean log-loss over the folds; of equals the strongest penalty."""
    losses = np.zeros(len(GRID))
    for train, test in _folds(outcomes, seed, repeats=repeats):
        known, unknown = list(columns[train].T), list(columns[test].T)
        for place, c in enumerate(GRID):
            told = predict(fit_logit(known, outcomes[train], C=c), unknown)
            losses[place] += math.inf if told is None else _log_loss(np.array(told), outcomes[test])
    best: float = GRID[int(np.argmin(losses))]
    return best


def _checked(columns: FloatArray, outcomes: BoolArray, *, seed: int) -> dict[str, Any]:
    """How well the whole procedure, choosing C included, tells accounts apart that it was not fitted to.

    Within each fold C is chosen by five folds once: there it costs five times as much.
    """
    told = np.empty(len(outcomes))
    for train, test in _folds(outcomes, seed, repeats=1):
        told[test] = fitted(columns[train], outcomes[train], seed=seed, repeats=1).probabilities(columns[test])
    skill, warnings = brier_skill(told, outcomes)
    return {
        "auc": auc(told, outcomes),
        "brier": brier(told, outcomes),
        "skill": skill,
        "base_rate": float(outcomes.mean()),
        "reliability": reliability_curve(told, outcomes),
        "folds": FOLDS,
        "warnings": warnings,
    }


def _folds(outcomes: BoolArray, seed: int, *, repeats: int) -> Iterator[tuple[IntArray, IntArray]]:
    from sklearn.model_selection import RepeatedStratifiedKFold

    drawn = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=seed)
    yield from drawn.split(np.zeros((len(outcomes), 1)), outcomes)


def _log_loss(told: FloatArray, outcomes: BoolArray) -> float:
    clipped = np.clip(told, _NEARLY, 1 - _NEARLY)
    return float(-np.mean(np.log(np.where(outcomes, clipped, 1 - clipped))))
