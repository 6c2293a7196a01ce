"""Voice against health in the parts of the portfolio: segments, tiers and strata."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.accounts import Compared, Drawn
from app.scoring.rules.agreement import MINIMUM_PAIRS, benjamini_hochberg
from app.scoring.rules.analyses.agreement import table_figures
from app.scoring.rules.domains import Apart, Spoken, domain_mean, domain_total, spoken, welch
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
    columns = _columns(drawn, voice, compared)
    seen: list[tuple[int, ...]] = []
    found: dict[str, Figures] = {}
    for name, labels in groupings.items():
        parts = _partition(labels)
        if parts not in seen and len(set(parts)) > 1:
            seen.append(parts)
            found[name] = _grouping(columns, labels)
    return found


@dataclass(frozen=True)
class _Columns:
    """The drawn accounts, and what every group asks of them, prepared once."""

    drawn: Drawn
    compared: Compared
    heard: BoolArray
    both: BoolArray
    gap: FloatArray
    exposed: FloatArray
    voice: Spoken
    paired_voice: Spoken
    paired_health: Spoken
    bias: Spoken
    risk: Spoken


def _columns(drawn: Drawn, voice: FloatArray, compared: Compared) -> _Columns:
    both = np.array([band is not None for band in compared.voice_bands], dtype=np.bool_) & ~np.isnan(drawn.health)
    paired, exposed = np.where(both, voice, np.nan), drawn.arr * compared.p_low
    gap = paired - drawn.health
    return _Columns(
        drawn=drawn,
        compared=compared,
        heard=~np.isnan(voice),
        both=both,
        gap=gap,
        exposed=exposed,
        voice=spoken(drawn, voice),
        paired_voice=spoken(drawn, paired),
        paired_health=spoken(drawn, np.where(both, drawn.health, np.nan)),
        bias=spoken(drawn, gap),
        risk=spoken(drawn, exposed),
    )


def _partition(labels: Labels) -> tuple[int, ...]:
    place: dict[str | None, int] = {}
    return tuple(place.setdefault(label, len(place)) for label in labels)


def _grouping(columns: _Columns, labels: Labels) -> Figures:
    column = np.array([label or "" for label in labels], dtype=object)
    names = sorted(set(column) - {""})
    groups = {name: _group(columns, column == name) for name in names}
    tested = {name: apart.p for name, each in groups.items() if (apart := each.get("apart")) and apart.p is not None}
    adjusted = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True)) if tested else {}
    return {
        "groups": {name: {**each, "p_adjusted": adjusted.get(name)} for name, each in groups.items()},
        "not_given": int((column == "").sum()),
    }


def _group(columns: _Columns, inside: BoolArray) -> Figures:
    compared, members = columns.compared, np.flatnonzero(inside).tolist()
    sizes = {
        "drawn": len(members),
        "heard": int((inside & columns.heard).sum()),
        "compared": int((inside & columns.both).sum()),
    }
    if sizes["drawn"] < MINIMUM_ACCOUNTS:
        return {**sizes, "is_small": True}
    health, voice = ([bands[i] for i in members] for bands in (columns.drawn.health_bands, compared.voice_bands))
    return {
        **sizes,
        "is_small": False,
        "voice": domain_mean(columns.voice, inside),
        "paired_voice": domain_mean(columns.paired_voice, inside),
        "paired_health": domain_mean(columns.paired_health, inside),
        "bias": domain_mean(columns.bias, inside),
        "agreement": table_figures(health, voice),
        "quadrants": dict(Counter(compared.quadrants[i] for i in members)),
        "apart": _apart(columns.gap, inside),
        "arr": _arr(columns, inside, members),
    }


def _apart(gap: FloatArray, inside: BoolArray) -> Apart | None:
    known = ~np.isnan(gap)
    ours, others = gap[known & inside], gap[known & ~inside]
    return welch(ours, others) if min(len(ours), len(others)) >= MINIMUM_PAIRS else None


def _arr(columns: _Columns, inside: BoolArray, members: Sequence[int]) -> dict[str, Any]:
    """The three readings of revenue at risk in a group, low direction only (methods g5)."""
    compared, arr = columns.compared, columns.drawn.arr
    low = np.nan_to_num(compared.p_low) > np.nan_to_num(compared.p_high)
    confirmed = [i for i in members if low[i] and compared.tiers[i] == "confirmed"]
    is_known = bool((inside & ~np.isnan(columns.exposed)).any())
    return {
        "confirmed": money(arr[confirmed]) if is_known else None,
        "confirmed_accounts": len(confirmed),
        "expected": money(columns.exposed[inside]) if is_known else None,
        "portfolio": domain_total(columns.risk, inside),
    }
