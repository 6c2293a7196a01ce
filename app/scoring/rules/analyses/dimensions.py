"""Telemetry against voice by dimension: the measures that speak about it held against what people say about it."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.scoring.rules.accounts import DELTA, Compared, Drawn, compare
from app.scoring.rules.agreement import MINIMUM_PAIRS, benjamini_hochberg, paired_t, spearman
from app.scoring.rules.analyses.agreement import table_figures
from app.scoring.rules.estimates import EMPTY, nothing
from app.scoring.rules.gaps import band
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain
from app.scoring.rules.portfolio import Figures, firm
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import AccountVoices

HIDDEN = frozenset({"hidden_risk", "hidden_strength"})

ALPHA = 0.05
"""Adjusted p under which voice and telemetry are said to part on a dimension."""

Lines = Sequence[Mapping[str, Any]]


def telemetry_scores(
    explained: Sequence[Lines], dimensions: Mapping[str, str | None], names: Sequence[str]
) -> FloatArray:
    """Return accounts × `names` on 0-100: Σ weight·points / Σ weight over the measures of each dimension; NaN: none.

    `explained` holds per account the lines of its health score (key, points 0-100, weight), `dimensions` the dimension
    of each measure.
    """
    place = {name: position for position, name in enumerate(names)}
    columns = {key: place[name] for key, name in dimensions.items() if name in place}
    lines = [
        (account, columns[line["key"]], line["weight"], line["points"])
        for account, each in enumerate(explained)
        for line in each
        if line["key"] in columns
    ]
    shape, size = (len(explained), len(names)), len(explained) * len(names)
    if not lines:
        return np.full(shape, np.nan)
    account, column, weight, points = (np.array(part) for part in zip(*lines, strict=True))
    cell = account * len(names) + column
    total = np.bincount(cell, weight, minlength=size)
    sums = np.bincount(cell, weight * points, minlength=size)
    scores: FloatArray = np.divide(sums, total, out=np.full(size, np.nan), where=total > 0).reshape(shape)
    return scores


def dimension_figures(drawn: Drawn, telemetry: FloatArray, voices: AccountVoices, within: Within) -> Figures:
    """Return how one dimension's telemetry (0-100 per account) and voice stand to each other (methods g).

    `gap` is the paired mean of voice minus telemetry, None under ten accounts as are `spearman` and κ in `table`
    (both cut at 50 and 75). `telemetry` and `voice` are the plain means of the accounts that have both. From 30 such
    accounts on telemetry is put on voice's scale before accounts are compared; `flags` counts them by tier and
    direction. `accounts` holds, by position, those that stand out.
    """
    held = dataclasses.replace(drawn, health=telemetry, health_bands=[band(score) for score in plain(telemetry)])
    compared = compare(held, voices, within)
    both = ~np.isnan(compared.gap)
    x, y = voices.voice[both], telemetry[both]
    n = int(both.sum())
    return {
        "n": n,
        "measured": int((~np.isnan(telemetry)).sum()),
        "heard": int(voices.answered.sum()),
        "telemetry": float(y.mean()) if n else None,
        "voice": float(x.mean()) if n else None,
        "gap": paired_t(x, y) if n >= MINIMUM_PAIRS else None,
        "spearman": firm(spearman(x, y), MINIMUM_PAIRS) if n else nothing("spearman"),
        "table": table_figures(held.health_bands, compared.voice_bands),
        "quadrants": dict(Counter(compared.quadrants)),
        "flags": _flags(compared),
        "was_equated": compared.was_equated,
        "sigma_assumed": within.assumed,
        "accounts": [_account(compared, telemetry, voices.voice, i) for i in _standing_out(compared)],
    }


def adjusted(figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return the figures with `p_adjusted`: the paired test's p over all dimensions (Benjamini & Hochberg 1995)."""
    tested = {name: gap.p for name, each in figures.items() if (gap := each["gap"]) is not None and gap.p is not None}
    found = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True)) if tested else {}
    return {name: {**each, "p_adjusted": found.get(name)} for name, each in figures.items()}


def side_of(figures: Mapping[str, Any]) -> bool | None:
    """Return whose words bear a dimension's gap out: of those who score low (True) or high (False); None: no gap.

    A gap is one of the mean that is more than chance over all dimensions, or else what accounts surely have (methods
    g4): most of them below telemetry, or above it.
    """
    gap, p = figures["gap"], figures.get("p_adjusted")
    if gap is not None and p is not None and p < ALPHA:
        return bool(gap.mean < 0)
    sure = figures.get("flags", {}).get("confirmed", {"low": 0, "high": 0})
    return None if not sure["low"] and not sure["high"] else bool(sure["low"] >= sure["high"])


def unheard(telemetry: FloatArray) -> Figures:
    """Return what is said of a dimension that telemetry measures and the questionnaire does not ask about."""
    return {"n": 0, "measured": int((~np.isnan(telemetry)).sum()), "heard": 0, "warnings": [EMPTY]}


def _flags(compared: Compared) -> dict[str, dict[str, int]]:
    low = np.nan_to_num(compared.p_low) >= np.nan_to_num(compared.p_high)
    tiers = Counter((tier, "low" if is_low else "high") for tier, is_low in zip(compared.tiers, low, strict=True))
    return {tier: {side: tiers[tier, side] for side in ("low", "high")} for tier in ("confirmed", "probable", "watch")}


def _standing_out(compared: Compared) -> list[int]:
    """The accounts with a flag, in a hidden quadrant, or with a gap of 15 points or more; widest first."""
    wide = np.nan_to_num(np.abs(compared.gap)) >= DELTA
    rows = zip(wide.tolist(), compared.tiers, compared.quadrants, strict=True)
    found = [i for i, (is_wide, tier, quadrant) in enumerate(rows) if is_wide or tier != "none" or quadrant in HIDDEN]
    return sorted(found, key=lambda i: (-abs(compared.gap_shrunken[i]), i))


def _account(compared: Compared, telemetry: FloatArray, voice: FloatArray, i: int) -> dict[str, Any]:
    return {
        "position": i,
        "telemetry": float(telemetry[i]),
        "voice": float(voice[i]),
        "gap": float(compared.gap_shrunken[i]),
        "se": float(compared.gap_se[i]),
        "tier": compared.tiers[i],
        "quadrant": compared.quadrants[i],
    }
