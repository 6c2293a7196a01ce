"""Voice against health in the parts of the portfolio: segments, tiers and strata."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.scoring.rules.accounts import Compared, Drawn
from app.scoring.rules.agreement import MINIMUM_PAIRS, benjamini_hochberg
from app.scoring.rules.analyses.agreement import table_figures
from app.scoring.rules.domains import Apart, domain_mean, domain_total, welch
from app.scoring.rules.estimates import MINIMUM_ACCOUNTS
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.portfolio import Figures, money

Labels = Sequence[str | None]


def segment_figures(
    drawn: Drawn, voice: FloatArray, compared: Compared, groupings: Mapping[str, Labels]
) -> dict[str, Figures]:
    """Return per grouping (a label per drawn account, None: not given) its groups; one that repeats another is not.

    Means are for all accounts of a group, linearised over the draw. `apart` compares the gaps (voice minus health) of a
    group with those of all others by Welch's test, from ten accounts on either side; `p_adjusted` is its p over the
    groups of the grouping. A group of which fewer than five accounts were drawn gives its size alone.
    """
    seen: list[tuple[int, ...]] = []
    found: dict[str, Figures] = {}
    for name, labels in groupings.items():
        parts = _partition(labels)
        if parts not in seen and len(set(parts)) > 1:
            seen.append(parts)
            found[name] = _grouping(drawn, voice, compared, labels)
    return found


def _partition(labels: Labels) -> tuple[int, ...]:
    place: dict[str | None, int] = {}
    return tuple(place.setdefault(label, len(place)) for label in labels)


def _grouping(drawn: Drawn, voice: FloatArray, compared: Compared, labels: Labels) -> Figures:
    column = np.array([label or "" for label in labels], dtype=object)
    names = sorted(set(column) - {""})
    groups = {name: _group(drawn, voice, compared, column == name) for name in names}
    tested = {name: apart.p for name, each in groups.items() if (apart := each.get("apart")) and apart.p is not None}
    adjusted = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True)) if tested else {}
    return {
        "groups": {name: {**each, "p_adjusted": adjusted.get(name)} for name, each in groups.items()},
        "not_given": int((column == "").sum()),
    }


def _group(drawn: Drawn, voice: FloatArray, compared: Compared, inside: BoolArray) -> Figures:
    both = np.array([band is not None for band in compared.voice_bands], dtype=np.bool_) & ~np.isnan(drawn.health)
    heard = ~np.isnan(voice)
    sizes = {
        "drawn": int(inside.sum()),
        "heard": int((inside & heard).sum()),
        "compared": int((inside & both).sum()),
    }
    if sizes["drawn"] < MINIMUM_ACCOUNTS:
        return {**sizes, "is_small": True}
    paired = np.where(both, voice, np.nan)
    quadrants = Counter(each for each, is_in in zip(compared.quadrants, inside, strict=True) if is_in)
    return {
        **sizes,
        "is_small": False,
        "voice": domain_mean(drawn, voice, inside),
        "paired_voice": domain_mean(drawn, paired, inside),
        "paired_health": domain_mean(drawn, np.where(both, drawn.health, np.nan), inside),
        "bias": domain_mean(drawn, paired - drawn.health, inside),
        "agreement": table_figures(_within(drawn.health_bands, inside), _within(compared.voice_bands, inside)),
        "quadrants": dict(quadrants),
        "apart": _apart(paired - drawn.health, inside),
        "arr": _arr(drawn, compared, inside),
    }


def _within(bands: Sequence[str | None], inside: BoolArray) -> list[str | None]:
    return [band for band, is_in in zip(bands, inside, strict=True) if is_in]


def _apart(gap: FloatArray, inside: BoolArray) -> Apart | None:
    known = ~np.isnan(gap)
    ours, others = gap[known & inside], gap[known & ~inside]
    return welch(ours, others) if min(len(ours), len(others)) >= MINIMUM_PAIRS else None


def _arr(drawn: Drawn, compared: Compared, inside: BoolArray) -> dict[str, Any]:
    """The three readings of revenue at risk in a group, low direction only (methods g5)."""
    low = np.nan_to_num(compared.p_low) > np.nan_to_num(compared.p_high)
    confirmed = inside & low & np.array([tier == "confirmed" for tier in compared.tiers], dtype=np.bool_)
    exposed = drawn.arr * compared.p_low
    is_known = bool((inside & ~np.isnan(exposed)).any())
    return {
        "confirmed": money(drawn.arr[confirmed]) if is_known else None,
        "confirmed_accounts": int(confirmed.sum()),
        "expected": money(exposed[inside]) if is_known else None,
        "portfolio": domain_total(drawn, exposed, inside),
    }
