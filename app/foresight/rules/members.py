"""The members of the win probability: the base rate, and logistic models on health, on voice and on both."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.foresight.rules.win import WinProbability, pool_weights, win_probability
from app.scoring.rules.estimates import EMPTY, NO_EVENTS, THIN
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray, Numbers, numbers, same_length
from app.scoring.rules.validity import MINIMUM_PER_CLASS, Logit, brier, fit_logit, predict

FACTORS: dict[str, tuple[str, ...]] = {
    "base_rate": (),
    "health": ("health",),
    "voice": ("voice",),
    "combined": ("health", "voice"),
}
"""What each member looks at."""

_FOLDS = 5


@dataclass(frozen=True)
class Members:
    """The fitted members with their out-of-fold Brier scores and pool weights; empty where nothing can be fitted."""

    base_rate: float | None
    models: dict[str, Logit] = field(default_factory=dict)
    briers: dict[str, float] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    n: int = 0
    warnings: list[str] = field(default_factory=list)


def fit_members(health: Numbers, voice: Numbers, outcomes: Numbers, *, seed: int) -> Members:
    """Fit every member to accounts with both scores and a known outcome, and weigh it by its record out of fold.

    Outcome 1 is a renewal. No account gives `EMPTY`, one outcome class `NO_EVENTS`, both without members; under ten
    losses or renewals `THIN`. The seed deals the folds. Raises ValueError for unequal lengths, non-finite scores and
    outcomes other than 0 and 1 (Genest & Zidek 1986).
    """
    columns = {"health": numbers(health, "health"), "voice": numbers(voice, "voice")}
    happened = numbers(outcomes, "outcomes", minimum=0, maximum=1)
    same_length(happened, *columns.values())
    if ((happened != 0) & (happened != 1)).any():
        raise ValueError("an outcome is 0 or 1")
    renewed, n = happened == 1, len(happened)
    smaller = int(min(renewed.sum(), (~renewed).sum()))
    if not smaller:
        return Members(None, n=n, warnings=[NO_EVENTS if n else EMPTY])
    folds = list(_folds(renewed, seed))
    briers = {
        name: _brier_out_of_fold([columns[f] for f in factors], renewed, folds) for name, factors in FACTORS.items()
    }
    return Members(
        base_rate=float(renewed.mean()),
        models={
            name: fit_logit([columns[f] for f in factors], renewed) for name, factors in FACTORS.items() if factors
        },
        briers=briers,
        weights=dict(zip(briers, pool_weights(list(briers.values()), n), strict=True)),
        n=n,
        warnings=[THIN] if smaller < MINIMUM_PER_CLASS else [],
    )


def win_of(members: Members, *, health: float | None, voice: float | None) -> WinProbability | None:
    """The pooled probability that an account renews, from the members whose scores it has; None without any member.

    An account without health and voice has the base rate. Raises ValueError for non-finite scores.
    """
    if members.base_rate is None:
        return None
    scores = {"health": health, "voice": voice}
    told = {"base_rate": members.base_rate}
    for name, model in members.models.items():
        own = [scores[factor] for factor in FACTORS[name]]
        p = None if None in own else predict(model, [[score] for score in own if score is not None])
        told |= {} if p is None else {name: p[0]}
    return win_probability(told, [members.weights[name] for name in told])


def _folds(renewed: BoolArray, seed: int) -> Iterator[IntArray]:
    """The positions of each fold: both classes are dealt out in turn, in an order that the seed settles."""
    random = np.random.default_rng(seed)
    fold = np.empty(len(renewed), dtype=np.int64)
    start = 0
    for kind in (True, False):
        mine = random.permutation(np.flatnonzero(renewed == kind))
        fold[mine] = (start + np.arange(len(mine))) % _FOLDS
        start += len(mine)
    return (np.flatnonzero(fold == i) for i in range(_FOLDS) if (fold == i).any())


def _brier_out_of_fold(columns: list[FloatArray], renewed: BoolArray, folds: list[IntArray]) -> float:
    told = np.empty(len(renewed))
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(renewed)), fold)
        # Where all others renewed, or none, they tell no more than their own rate: of one half if there are none.
        told[fold] = float(renewed[rest].mean()) if len(rest) else 0.5
        if columns:
            p = predict(fit_logit([c[rest] for c in columns], renewed[rest]), [c[fold] for c in columns])
            told[fold] = told[fold] if p is None else p
    return brier(told, renewed)
