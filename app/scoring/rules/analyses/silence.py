"""Who was asked and never answered, how they differ, whether they take part in what we begin, and what corrects it."""

import dataclasses
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules import portfolio
from app.scoring.rules.accounts import Drawn, design_weights
from app.scoring.rules.adjusting import ARR, HEALTH, Adjusted, arr_bands, cells_in_order, class_weights, raked_weights
from app.scoring.rules.estimates import (
    MINIMUM_ACCOUNTS,
    NOT_CONVERGED,
    SINGLETON,
    THIN,
    Estimate,
    cluster_mean,
    nothing,
    scaled,
    stratified_mean,
    wilson,
)
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.strata import collapse_lone_strata
from app.scoring.rules.two_phase import two_phase_mean
from app.studies.rules.response_rates import chi_square
from app.studies.rules.silent_draw import Standing

Figures = dict[str, Any]
SMALL_CELL = 5
"""Accounts that a cell of a table has to expect, else its χ² is rough (Cochran 1954)."""


_PLACES = {each: place for order in (HEALTH, ARR) for place, each in enumerate(order)}


@dataclass(frozen=True)
class Asked:
    """Columns over people (account and role by position, standing) and over drawn accounts.

    `roles` are the roles' names, `health` is each account's band, `none` without one; `arr` its third by revenue,
    `unknown` without any.
    """

    account: IntArray
    role: IntArray
    roles: Sequence[str]
    standing: IntArray
    health: NDArray[np.str_]
    arr: NDArray[np.str_]
    cuts: list[float]

    @cached_property
    def is_asked(self) -> BoolArray:
        """The people who were asked."""
        found: BoolArray = self.standing != Standing.NOT_ASKED
        return found

    def accounts_with(self, *standings: Standing) -> BoolArray:
        """The accounts at which somebody stands so."""
        n = len(self.health)
        inside = np.isin(self.standing, standings)
        found: BoolArray = np.bincount(self.account[inside], minlength=n) > 0
        return found

    @cached_property
    def eligible(self) -> BoolArray:
        """The accounts where somebody was asked."""
        return self.accounts_with(Standing.HEARD, Standing.SILENT, Standing.REFUSED)

    @cached_property
    def heard(self) -> BoolArray:
        """The accounts where somebody answered."""
        return self.accounts_with(Standing.HEARD)


def asked_columns(drawn: Drawn, account: IntArray, role: IntArray, roles: Sequence[str], standing: IntArray) -> Asked:
    """Return the people with their standing beside the classes of their accounts."""
    thirds, cuts = arr_bands(drawn.arr)
    bands = np.array([band or HEALTH[-1] for band in drawn.health_bands], dtype=np.str_)
    return Asked(account, role, roles, standing, bands, np.array(thirds, dtype=np.str_), cuts)


def class_figures(asked: Asked) -> Figures:
    """Return the silent as a class: by role, by third of revenue, by health band, and by all three."""
    classes = [_Classes(asked.roles, asked.role), *(_classes(asked, each) for each in (asked.arr, asked.health))]
    standings = np.bincount(asked.standing, minlength=len(Standing)).tolist()
    return {
        "people": {each.name.lower(): standings[each] for each in Standing},
        "cuts": asked.cuts,
        **{f"by_{name}": _shares(asked, each) for name, each in zip(("role", "arr", "health"), classes, strict=True)},
        "cells": _cells(asked, classes),
    }


@dataclass(frozen=True)
class _Classes:
    """Names of classes, and which of them each person belongs to."""

    names: Sequence[str]
    place: IntArray


def _classes(asked: Asked, of_account: NDArray[np.str_]) -> _Classes:
    names, place = np.unique(of_account, return_inverse=True)
    return _Classes(names.tolist(), place[asked.account])


def _shares(asked: Asked, classes: _Classes) -> list[Figures]:
    """The share of the asked who are silent, by class, with Wilson's interval at n/deff over accounts."""
    found = []
    for place, label in sorted(enumerate(classes.names), key=lambda each: (_PLACES.get(each[1], 0), each[1])):
        inside = classes.place == place
        if not inside.any():
            continue
        inside &= asked.is_asked
        silent = (asked.standing[inside] == Standing.SILENT).astype(np.float64)
        share = silent_share(silent, asked.account[inside])
        found.append({"label": label, "asked": int(inside.sum()), "silent": int(silent.sum()), "share": share})
    return found


def silent_share(silent: FloatArray, account: IntArray) -> Estimate:
    """Return the share 0–1 of people who are silent; people of an account are no independent cases (methods b)."""
    mean = cluster_mean(silent, account, np.ones(len(silent)))
    if mean.value is None or mean.se is None:
        return mean
    n = len(silent) / mean.deff if mean.deff else len(silent)
    limits = wilson(mean.value * n, n)
    return portfolio.honest(dataclasses.replace(mean, lo=limits.lo, hi=limits.hi, method="wilson, clustered"))


def _cells(asked: Asked, classes: Sequence[_Classes]) -> list[Figures]:
    """How many of the asked are silent by role, third of revenue and health band, in the order of their names."""
    inside = asked.is_asked
    cell = np.zeros(int(inside.sum()), dtype=np.int64)
    for each in classes:
        cell = cell * max(len(each.names), 1) + each.place[inside]
    is_silent = (asked.standing[inside] == Standing.SILENT).astype(np.float64)
    total, silent = np.bincount(cell), np.bincount(cell, is_silent)
    labels = list(itertools.product(*(each.names for each in classes)))
    rows = sorted((*labels[i], int(total[i]), int(silent[i])) for i in np.flatnonzero(total).tolist())
    return [dict(zip(("role", "arr", "health", "asked", "silent"), row, strict=True)) for row in rows]


def tests_by_class(asked: Asked, strata: Sequence[str]) -> list[Figures]:
    """Return χ² of heard against silent accounts by health band, third of revenue and stratum (methods d)."""
    columns = {"health": asked.health, "arr": asked.arr, "stratum": np.array(strata, dtype=np.str_)}
    return [{"by": name, **_test(labels, asked)} for name, labels in columns.items()]


def _test(labels: NDArray[np.str_], asked: Asked) -> Figures:
    eligible, heard = asked.eligible, asked.heard
    _, position = np.unique(labels, return_inverse=True)
    sides = (eligible & heard, eligible & ~heard)
    counts = np.stack([np.bincount(position[side], minlength=position.max(initial=0) + 1) for side in sides], axis=1)
    test = chi_square(counts.tolist())
    total = counts.sum()
    filled = counts[counts.sum(axis=1) > 0]
    expected = np.outer(filled.sum(axis=1), filled.sum(axis=0)) / total if total else np.zeros((1, 1))
    is_small = bool(test.p is not None and (expected < SMALL_CELL).any())
    return {**dataclasses.asdict(test), "n": int(total), "is_small": is_small}


def health_difference(health: FloatArray, asked: Asked) -> Estimate:
    """Return mean health of the accounts heard minus that of all asked, in points, with a t interval.

    The difference is the share of those not heard times (mean heard − mean not heard); its se is that share times the
    se of a difference of two independent means, each with its own variance (Welch 1947).
    """
    known = asked.eligible & ~np.isnan(health)
    heard, rest = health[known & asked.heard], health[known & ~asked.heard]
    method = "respondents minus sample"
    if not len(heard):
        return nothing(method)
    share = len(rest) / (len(heard) + len(rest))
    return _scaled_welch(heard, rest, share, method)


def _scaled_welch(first: FloatArray, second: FloatArray, factor: float, method: str) -> Estimate:
    """The factor times (mean of the first − mean of the second); 0 without a second group: then nobody is missing."""
    n = len(first) + len(second)
    if not len(second):
        return Estimate(0.0, 0.0, 0.0, 0.0, 0.95, n, float(n), method)
    value = factor * float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2:
        return Estimate(value, None, None, None, 0.95, n, float(n), method, [SINGLETON, THIN])
    parts = [float(each.var(ddof=1)) / len(each) for each in (first, second)]
    se = factor * math.sqrt(sum(parts))
    bottom = sum(v * v / (len(each) - 1) for v, each in zip(parts, (first, second), strict=True))
    df = sum(parts) ** 2 / bottom if bottom > 0 else 1.0
    thin = [THIN] if min(len(first), len(second)) < MINIMUM_ACCOUNTS else []
    reach = _t(df) * se
    estimate = Estimate(value, se, value - reach, value + reach, 0.95, n, float(n), method, thin, df=int(df))
    return portfolio.honest(estimate)


def _t(df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def participation_figures(invited: FloatArray, took_part: FloatArray, asked: Asked) -> Figures:
    """Return the share of conversations that we started in which the customer took part, for heard and silent accounts.

    Each account counts once, with its own share; the difference is heard minus silent, with Welch's interval.
    """
    shares = np.divide(took_part, invited, out=np.full(len(invited), np.nan), where=invited > 0)
    known, silent = ~np.isnan(shares), asked.eligible & ~asked.heard
    heard, quiet = shares[known & asked.heard], shares[known & silent]
    return {
        "conversations": int(invited.sum()),
        "took_part": int(took_part.sum()),
        "accounts": int(known.sum()),
        "heard": _mean(heard),
        "silent": _mean(quiet),
        "difference": _scaled_welch(heard, quiet, 1.0, "heard minus silent")
        if len(heard) and len(quiet)
        else nothing("heard minus silent"),
    }


def _mean(values: FloatArray) -> Estimate:
    if not len(values):
        return nothing("mean share over accounts")
    mean = cluster_mean(values, np.arange(len(values)), np.ones(len(values)))
    return portfolio.honest(dataclasses.replace(mean, method="mean share over accounts"))


def base_weights(drawn: Drawn) -> FloatArray:
    """Return the design weights of the drawn accounts: 1/π with PPS, else N_h/n_h."""
    return drawn.weights if drawn.weights is not None else design_weights(drawn.strata, drawn.stratum_sizes)


def adjusted_figures(drawn: Drawn, asked: Asked, values: FloatArray, *, factor: float = 1.0) -> Figures:
    """Return a figure as it is published, weighted by classes, and raked, with how the weights came about.

    `values` are one per drawn account, NaN where there is none; `factor` is 100 for codes of the NPS.
    """
    heard = ~np.isnan(values)
    eligible = asked.eligible | heard
    base = base_weights(drawn)[eligible]
    health, arr = asked.health[eligible].tolist(), asked.arr[eligible].tolist()
    strata = _among(drawn.strata, eligible)
    classes = class_weights(base, heard[eligible], health, arr)
    margins = {
        "health": (health, HEALTH),
        "arr": (arr, ARR),
        "stratum": (strata, _by_arr(drawn, strata)),
    }
    raked = raked_weights(base, heard[eligible], margins)
    scale: Callable[[Estimate], Estimate] = lambda estimate: scaled(estimate, factor)  # noqa: E731
    return {
        "unadjusted": scale(portfolio.mean_of(drawn, values)),
        "classes": scale(_weighted(drawn, values, classes, "by classes")),
        "raked": None if raked is None else scale(_weighted(drawn, values, raked, "raked")),
        "by_class": [dataclasses.asdict(each) for each in classes.classes],
        "trimmed": classes.trimmed if raked is None else raked.trimmed,
        "rounds": None if raked is None else raked.rounds,
        "cells": cells_in_order(health, arr),
    }


def _among(labels: Sequence[str], inside: BoolArray) -> list[str]:
    return [label for label, is_in in zip(labels, inside.tolist(), strict=True) if is_in]


def _by_arr(drawn: Drawn, strata: Sequence[str]) -> list[str]:
    return sorted(set(strata), key=lambda stratum: (drawn.mean_arr.get(stratum) or 0.0, stratum))


def _weighted(drawn: Drawn, values: FloatArray, adjusted: Adjusted, method: str) -> Estimate:
    """The stratified mean with adjusted weights, taken as given; weights that did not settle block it."""
    name = f"stratified mean, {method}"
    if adjusted.weights is None:
        empty = nothing(name)
        codes = [code for code in adjusted.warnings if code == NOT_CONVERGED] or empty.warnings
        return dataclasses.replace(empty, n=int((~np.isnan(values)).sum()), warnings=codes)
    strata = portfolio.strata_of(drawn, values)
    mean = stratified_mean(values[~np.isnan(values)], strata.labels, strata.sizes, weights=adjusted.weights)
    return portfolio.honest(dataclasses.replace(mean, method=name))


def follow_up_figures(
    drawn: Drawn, values: FloatArray, *, in_frame: BoolArray, is_drawn: BoolArray, factor: float = 1.0
) -> Figures:
    """Return the two-phase estimate over accounts heard at first and those silent at the draw (methods d).

    An account that was silent at the draw and answered without being drawn belongs to the silent, and its answer is
    left out here (`late`): whoever was drawn speaks for it.
    """
    known = ~np.isnan(values)
    taken = np.where(in_frame & ~is_drawn, np.nan, values)
    covered = in_frame | (known & ~in_frame)
    strata = collapse_lone_strata(_among(drawn.strata, covered), drawn.stratum_sizes, drawn.mean_arr)
    found = two_phase_mean(
        taken[covered], in_frame[covered], strata.labels, strata.sizes, weights=base_weights(drawn)[covered]
    )
    figures = dataclasses.asdict(found)
    for name in ("mean_responding", "mean_silent"):
        figures[name] = None if figures[name] is None else factor * figures[name]
    return figures | {
        "estimate": dataclasses.asdict(scaled(found.estimate, factor)),
        "late": int((in_frame & ~is_drawn & known).sum()),
    }
