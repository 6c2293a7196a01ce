"""Everything that a test of the health score came to, in one set of figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.estimates import Estimate
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.validation.factors import FLOOR, Factor, Kind, is_decidable, judged
from app.scoring.rules.validation.happy_path import happy_path
from app.scoring.rules.validation.reweighting import suggestion
from app.scoring.rules.validity import bootstrap_auc

Report = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """What is tested, of n accounts with an outcome: who stayed, the health score in time, each factor, and voices.

    `measures` are the keys of the columns of `values` (raw) and `points` (0–100). `voice` is the account's newest, NaN
    where it has none.
    """

    kept: BoolArray
    health: FloatArray
    factors: Sequence[Factor]
    measures: Sequence[str]
    values: FloatArray
    points: FloatArray
    voice: FloatArray


def validation_figures(trial: Trial, *, seed: int, report: Report = lambda _: None) -> dict[str, Any]:
    """Figures: counts, `health` (the AUC of the score itself), `factors`, `suggestion` and `happy_path`.

    Under ten losses or ten renewals `is_refused` is true and nothing else is told. `report` hears each step.
    """
    kept = trial.kept
    counts = {"accounts": len(kept), "renewals": int(kept.sum()), "losses": int((~kept).sum()), "floor": FLOOR}
    if not is_decidable(kept):
        return {**counts, "seed": seed, "is_refused": True}
    report(f"Testing {len(trial.factors)} factors against {len(kept):,} outcomes …")
    factors = judged(trial.factors, kept, seed=seed)
    report("Looking for the weights that outcomes suggest …")
    suggested = suggestion(trial.factors, kept, seed=seed)
    report("Looking at the best accounts …")
    return {
        **counts,
        "seed": seed,
        "is_refused": False,
        "health": _health(trial, seed),
        "factors": factors,
        "late": _late(trial),
        "suggestion": suggested,
        "happy_path": happy_path(trial.measures, trial.values, trial.points, kept, trial.voice),
    }


def _health(trial: Trial, seed: int) -> Estimate:
    known = ~np.isnan(trial.health)
    return bootstrap_auc(trial.health[known], trial.kept[known], seed=seed)


def _late(trial: Trial) -> dict[str, int]:
    """Accounts of which what we have came too late: for every measure, and for what customers said."""
    return {
        "measures": _all_late([f for f in trial.factors if f.kind is Kind.MEASURE], len(trial.kept)),
        "voice": _all_late([f for f in trial.factors if f.kind is Kind.VOICE], len(trial.kept)),
    }


def _all_late(factors: Sequence[Factor], n: int) -> int:
    if not factors:
        return 0
    known = np.logical_or.reduce([~np.isnan(f.scores) for f in factors])
    late = np.logical_or.reduce([f.late for f in factors])
    return int((~known & late).sum()) if n else 0
