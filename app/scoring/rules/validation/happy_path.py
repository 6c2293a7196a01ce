"""The happy path: what the best accounts had reached some time before they renewed, held against the others."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.scoring.rules.agreement import benjamini_hochberg
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.validation.factors import FLOOR
from app.scoring.rules.validity import auc

HIGH_VOICE = 75.0
"""Voice from which on a customer counts as happy: the lower end of green."""

_ALPHA = 0.05


def happy_path(
    keys: Sequence[str], values: FloatArray, points: FloatArray, kept: BoolArray, voice: FloatArray
) -> dict[str, Any]:
    """Median and quartiles of each measure among the best accounts and among the others, proposed where they differ.

    The best renewed or expanded and have a voice of 75 or more; the others were lost or have a lower one. Who renewed
    and was never heard is in neither. `values` (raw) and `points` (0–100, high being good) are n × m, NaN where nothing
    was measured. A measure is proposed where the best stand higher: lower limit of the AUC above .50, p < .05 after
    Benjamini and Hochberg, ten accounts on either side. Below that it is refused.
    """
    best = kept & (voice >= HIGH_VOICE)
    others = ~kept | (voice < HIGH_VOICE)
    facts = {
        "best": int(best.sum()),
        "others": int(others.sum()),
        "unheard": int((~best & ~others).sum()),
        "is_refused": min(int(best.sum()), int(others.sum())) < FLOOR,
    }
    if facts["is_refused"]:
        return {**facts, "measures": []}
    lines = [_line(key, values[:, m], points[:, m], best, others) for m, key in enumerate(keys)]
    tested = [line for line in lines if line["auc"] is not None and line["auc"].p is not None]
    for line, p in zip(tested, benjamini_hochberg([line["auc"].p for line in tested]), strict=True):
        line["p_adjusted"] = p
        line["is_proposed"] = p < _ALPHA and line["auc"].lo is not None and line["auc"].lo > 0.5
    return {**facts, "measures": lines}


def _line(key: str, values: FloatArray, points: FloatArray, best: BoolArray, others: BoolArray) -> dict[str, Any]:
    known = ~np.isnan(values)
    theirs, rest = known & best, known & others
    enough = min(int(theirs.sum()), int(rest.sum())) >= FLOOR
    either = theirs | rest
    return {
        "key": key,
        "best": _spread(values[theirs]),
        "others": _spread(values[rest]),
        "auc": auc(points[either], best[either]) if enough else None,
        "p_adjusted": None,
        "is_proposed": False,
    }


def _spread(values: FloatArray) -> dict[str, Any]:
    """How many, their median and quartiles; under ten accounts no figure."""
    if len(values) < FLOOR:
        return {"n": len(values), "median": None, "low": None, "high": None}
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    return {"n": len(values), "median": median, "low": low, "high": high}
