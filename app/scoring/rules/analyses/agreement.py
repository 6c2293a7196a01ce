"""Agreement in depth: colour shares against agreement, account by account."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.gaps import band
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.kappa import kappa, percent_agreement, stuart_maxwell
from app.scoring.rules.portfolio import BANDS, firm
from app.scoring.rules.scales import midrank_percentiles

Bands = Sequence[str | None]
Figures = dict[str, Any]


def agreement_in_depth(
    voice: FloatArray, health: FloatArray, voice_bands: Bands, health_bands: Bands
) -> dict[str, Any]:
    """Return, over accounts with both scores and a band in voice: both cross-tables with what they say, and the ranks.

    `printed` has health by its scorecard's bands; `same_cuts` has both cut at 50 and 75 (an extra, to be labelled so).
    Each holds `table` (health in rows, red to green), `n`, `agree` and `disagree` (accounts), `share` 0-1, `kappa`
    (linear weights) and `margins` (Stuart-Maxwell). `percentiles` holds by position the mid-rank percentiles of health
    and voice, 0-100, whose difference does not depend on equating (methods g2).
    """
    both = [i for i, v in enumerate(voice_bands) if v is not None and not np.isnan(health[i])]
    said = [voice_bands[i] for i in both]
    return {
        "printed": table_figures([health_bands[i] for i in both], said),
        "same_cuts": table_figures([band(float(health[i])) for i in both], said),
        "percentiles": _percentiles(voice, health, both),
    }


def table_figures(rows: Bands, columns: Bands) -> Figures:
    """Return the cross-table of two colourings with its agreement; None where fewer pairs stand behind it than ten."""
    table = np.zeros((len(BANDS), len(BANDS)))
    for row, column in zip(rows, columns, strict=True):
        if row is not None and column is not None:
            table[BANDS.index(row), BANDS.index(column)] += 1
    n = int(table.sum())
    return {
        "table": table.astype(int).tolist(),
        "n": n,
        "agree": int(np.trace(table)),
        "disagree": n - int(np.trace(table)),
        "share": percent_agreement(table),
        "kappa": firm(kappa(table, weights="linear"), MINIMUM_PAIRS),
        "margins": stuart_maxwell(table),
    }


def _percentiles(voice: FloatArray, health: FloatArray, both: Sequence[int]) -> list[dict[str, Any]]:
    if not both:
        return []
    positions = zip(both, midrank_percentiles(health[both]), midrank_percentiles(voice[both]), strict=True)
    return [{"position": i, "health": h, "voice": v} for i, h, v in positions]
