"""What matters and how it is rated: importance stated and derived, its place against performance, gaps by topic."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.scoring.rules.agreement import benjamini_hochberg, paired_t, pearson, spearman
from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.estimates import THIN, ZERO_VAR, Estimate
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.portfolio import firm
from app.scoring.rules.scales import MINIMUM_RESPONDENTS, Reliability, cronbach_alpha

OUTCOMES = ("renewal_intent", "recommendation", "overall_sentiment")
"""What customers mean to do and feel in the end; the first that can be estimated orders the grid."""

SERVICES = ("support", "implementation_readiness", "education")
"""Dimensions that a service of ours answers for."""

DELTA = 15.0
"""Points from which on a gap is large."""

ONE_ITEM = "ONE_ITEM"
"""A dimension that rests on one question: its reliability cannot be measured."""

_LEVEL = 0.05

Columns = Mapping[str, FloatArray]
Figures = dict[str, Any]


def importance(dimensions: Columns, reliabilities: Mapping[str, Reliability | None]) -> Figures:
    """Return by outcome how each other dimension goes along with it over accounts, the strongest first.

    Each entry holds `dimension`, `estimate` (Spearman's rho, Bonett-Wright interval; none under ten accounts),
    `p_adjusted` (Benjamini & Hochberg over the dimensions) and `corrected`: Pearson's r over the root of the
    dimension's reliability, where that rests on thirty respondents (Spearman 1904; methods e). Columns are account
    scores 0-100, NaN where there is none.
    """
    return {outcome: _importance(outcome, dimensions, reliabilities) for outcome in OUTCOMES if outcome in dimensions}


def _importance(outcome: str, dimensions: Columns, reliabilities: Mapping[str, Reliability | None]) -> list[Figures]:
    others = {name: column for name, column in dimensions.items() if name not in OUTCOMES}
    found = {name: _correlated(column, dimensions[outcome]) for name, column in others.items()}
    adjusted = _adjusted({name: each.p for name, each in found.items()})
    rows = [
        {
            "dimension": name,
            "estimate": each,
            "p_adjusted": adjusted.get(name),
            "corrected": corrected(others[name], dimensions[outcome], reliabilities.get(name)),
        }
        for name, each in found.items()
    ]
    return sorted(rows, key=lambda row: (-(_value(row["estimate"])), row["dimension"]))


def _value(estimate: Estimate) -> float:
    return -2.0 if estimate.value is None else estimate.value


def _correlated(x: FloatArray, y: FloatArray) -> Estimate:
    both = ~np.isnan(x) & ~np.isnan(y)
    return firm(spearman(x[both], y[both]), MINIMUM_PAIRS)


def corrected(x: FloatArray, y: FloatArray, reliability: Reliability | None) -> Estimate:
    """Return Pearson's r corrected for the unreliability of x: r/√α, its interval divided alike, within ±1.

    α counts as known. None with `ONE_ITEM` where x rests on one question, with `THIN` under thirty respondents, with
    `ZERO_VAR` where α is not above 0 (Spearman 1904).
    """
    both = ~np.isnan(x) & ~np.isnan(y)
    raw = firm(pearson(x[both], y[both]), MINIMUM_PAIRS)
    reason = _uncorrectable(reliability)
    if reason or raw.value is None or reliability is None or reliability.alpha is None:
        codes = [reason] if reason else raw.warnings
        return Estimate(None, None, None, None, raw.level, raw.n, raw.n_eff, "corrected pearson", codes)
    factor = 1 / math.sqrt(reliability.alpha)
    value, lo, hi = (None if end is None else _unit(end * factor) for end in (raw.value, raw.lo, raw.hi))
    return Estimate(value, None, lo, hi, raw.level, raw.n, raw.n_eff, "corrected pearson", raw.warnings)


def _uncorrectable(reliability: Reliability | None) -> str | None:
    if reliability is None:
        return ONE_ITEM
    if reliability.n < MINIMUM_RESPONDENTS:
        return THIN
    return ZERO_VAR if reliability.alpha is None or reliability.alpha <= 0 else None


def _unit(value: float) -> float:
    return min(max(value, -1.0), 1.0)


def reliability_of(items: FloatArray) -> Reliability | None:
    """Return the reliability of a dimension from its items (accounts × items, NaN: none); None for a single item."""
    kept = items[:, ~np.isnan(items).all(axis=0)] if items.size else items
    if kept.shape[1] < 2:
        return None
    complete = kept[~np.isnan(kept).any(axis=1)]
    return cronbach_alpha(complete.tolist()) if len(complete) > 1 else Reliability(None, None, None, len(complete))


def dimension_gaps(dimensions: Columns, expected: FloatArray) -> list[Figures]:
    """Return per dimension its score minus what the same accounts' health leads to expect, in points, lowest first.

    `expected` is health put on the scale of voice (methods g2), so that no difference of scales is left in the gap.
    Each entry holds `dimension`, the fields of `PairedGap`, `p_adjusted` (Benjamini & Hochberg) and `large`, the
    accounts at 15 points or more below. Under ten accounts there is neither test nor interval.
    """
    found = {name: _gap(column, expected) for name, column in dimensions.items()}
    adjusted = _adjusted({name: each["p"] for name, each in found.items()})
    rows = [{"dimension": name, **each, "p_adjusted": adjusted.get(name)} for name, each in found.items()]
    return sorted(rows, key=lambda row: (math.inf if row["mean"] is None else row["mean"], row["dimension"]))


def _gap(column: FloatArray, expected: FloatArray) -> Figures:
    both = ~np.isnan(column) & ~np.isnan(expected)
    gap = vars(paired_t(column[both], expected[both]))
    large = int((column[both] - expected[both] <= -DELTA).sum())
    if gap["n"] < MINIMUM_PAIRS:
        nothing = dict.fromkeys(("t", "p", "lo", "hi", "d_z", "wilcoxon_p"))
        codes = gap["warnings"] if THIN in gap["warnings"] or not gap["n"] else [*gap["warnings"], THIN]
        gap = {**gap, **nothing, "warnings": codes}
    return {**gap, "large": large}


def service_accounts(dimensions: Columns, expected: FloatArray) -> list[Figures]:
    """Return the accounts that rate a service 15 points or more off what their health leads to expect, worst first.

    Each holds `position`, `dimension`, `said`, `expected` and `gap`, in points.
    """
    rows = []
    for name in (name for name in SERVICES if name in dimensions):
        gap = dimensions[name] - expected
        rows += [
            {
                "position": int(i),
                "dimension": name,
                "said": float(dimensions[name][i]),
                "expected": float(expected[i]),
                "gap": float(gap[i]),
            }
            for i in np.flatnonzero(np.abs(gap) >= DELTA)
        ]
    return sorted(rows, key=lambda row: (row["gap"], row["position"]))


def is_shown_below(gap: Figures) -> bool:
    """Whether a dimension's gap lies below 0, interval and all, also after the others were tested beside it."""
    return gap["hi"] is not None and gap["hi"] < 0 and gap["p_adjusted"] is not None and gap["p_adjusted"] < _LEVEL


def quadrants(performance: Mapping[str, Estimate], weight: Mapping[str, Estimate]) -> Figures:
    """Return the place of each dimension by how it is rated and how much it weighs (Martilla & James 1977).

    The cuts are the plain means of the dimensions that have both; `is_firm` where neither interval crosses its cut, the
    cuts taken as fixed. Nothing is placed with fewer than three dimensions.
    """
    names = [n for n in performance if performance[n].value is not None and _value(weight.get(n, _NOTHING)) > -2]
    if len(names) < 3:
        return {"cuts": None, "places": []}
    cuts = {
        "performance": float(np.mean([performance[n].value for n in names])),
        "importance": float(np.mean([weight[n].value for n in names])),
    }
    places = [
        {
            "dimension": name,
            "performance": performance[name],
            "importance": weight[name],
            "quadrant": _quadrant(performance[name], weight[name], cuts),
            "is_firm": _is_apart(performance[name], cuts["performance"])
            and _is_apart(weight[name], cuts["importance"]),
        }
        for name in names
    ]
    return {"cuts": cuts, "places": places}


_NOTHING = Estimate(None, None, None, None, 0.95, 0, None, "none")


def _quadrant(performance: Estimate, weight: Estimate, cuts: Mapping[str, float]) -> str:
    is_high = (performance.value or 0.0) >= cuts["performance"]
    if (weight.value or 0.0) >= cuts["importance"]:
        return "keep_up" if is_high else "concentrate_here"
    return "possible_overkill" if is_high else "low_priority"


def _is_apart(estimate: Estimate, cut: float) -> bool:
    if estimate.lo is None or estimate.hi is None or THIN in estimate.warnings:
        return False
    return estimate.lo > cut or estimate.hi < cut


def _adjusted(p_values: Mapping[str, float | None]) -> dict[str, float]:
    known = {key: p for key, p in p_values.items() if p is not None}
    return dict(zip(known, benjamini_hochberg(list(known.values())), strict=True))


def names_of(columns: Columns, left_out: Sequence[str] = ()) -> list[str]:
    """Return the names of the columns that hold any score, without those left out."""
    return [name for name, column in columns.items() if name not in left_out and not np.isnan(column).all()]
