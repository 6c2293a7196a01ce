"""Cards f to h: gaps, agreement, and survey against interview."""

import math
from typing import Any

import numpy as np

from app.scoring.rules.agreement import (
    benjamini_hochberg,
    bland_altman,
    icc,
    kappa,
    kendall,
    lin_ccc,
    paired_gap,
    pearson,
    spearman,
    tost_paired,
)
from app.scoring.rules.gaps import isotonic
from tests.golden import Golden
from tests.scoring.golden_methods.registry import Results, adapter, of


@adapter("paired_gap_test")
def _(case: Golden) -> Results:
    gap = paired_gap(case.data["x"], case.data["y"])
    return {"mean_diff": gap.mean, "t": gap.t, "df": gap.df, "p": gap.p, "ci95": [gap.lo, gap.hi], "dz": gap.d_z}


@adapter("benjamini_hochberg")
def _(case: Golden) -> Results:
    p, q = case.data["p"], case.data["q"]
    adjusted = benjamini_hochberg(p)
    return {
        "adjusted": adjusted,
        "n_reject_bh": sum(x <= q for x in adjusted),
        "n_reject_bonferroni": sum(x <= q / len(p) for x in p),
    }


@adapter("bland_altman")
def _(case: Golden) -> Results:
    limits = bland_altman(case.data["x"], case.data["y"])
    return {
        "mean_diff": limits.bias,
        "sd": limits.sd,
        "loa_1.96": [limits.lower, limits.upper],
        "loa_2sd": [of(lambda bias, sd, sign: bias + sign * 2 * sd, limits.bias, limits.sd, sign) for sign in (-1, 1)],
        "se_mean": of(lambda sd: sd / math.sqrt(limits.n), limits.sd),
        "ci95_mean": [limits.bias_lo, limits.bias_hi],
        "se_loa_1999": limits.limit_se,
        "se_loa_1986": of(lambda sd: sd * math.sqrt(3 / limits.n), limits.sd),
    }


@adapter("pearson_spearman_kendall_ci")
def _(case: Golden) -> Results:
    x, y = case.data["x"], case.data["y"]
    tau, r, rho = kendall(x, y), pearson(x, y), spearman(x, y)
    return {
        "kendall_tau": tau.value,
        "kendall_p": tau.p,
        "kendall_ci95_fieller": [tau.lo, tau.hi],
        "pearson_r": r.value,
        "pearson_p": r.p,
        "pearson_ci95": [r.lo, r.hi],
        "spearman_rho": rho.value,
        "spearman_ci95_bonett_wright": [rho.lo, rho.hi],
        "spearman_p_exact": exact_spearman_p(x, y),
    }


def exact_spearman_p(x: list[float], y: list[float]) -> float:
    """Two-sided p of ρ over all orders of y, counted subset by subset: the reference for small samples."""
    a, b = (np.searchsorted(np.sort(row), row, "left") + np.searchsorted(np.sort(row), row, "right") for row in (x, y))
    n, top = len(a), int((np.sort(a) * np.sort(b)).sum())
    ways = {0: np.eye(1, top + 1)[0]}
    for rank in a:
        following: dict[int, Any] = {}
        for used, counts in ways.items():
            for j in (j for j in range(n) if not used >> j & 1):
                shift = int(rank * b[j])
                place = following.setdefault(used | 1 << j, np.zeros(top + 1))
                place[shift:] += counts[: top + 1 - shift]
        ways = following
    (counts,) = ways.values()
    centre = a.sum() * b.sum() / n
    far = np.abs(np.arange(top + 1) - centre) >= abs((a * b).sum() - centre) - 1e-9
    return float(counts[far].sum() / counts.sum())


@adapter("isotonic_calibration")
def _(case: Golden) -> Results:
    y = case.data["y"]
    return {"fitted": isotonic(case.data.get("x", range(len(y))), y)}


@adapter("lin_ccc")
def _(case: Golden) -> Results:
    x, y = case.data["x"], case.data["y"]
    ccc, r = lin_ccc(x, y), pearson(x, y)
    other = 2 * np.cov(x, y)[0, 1] / (np.var(x, ddof=1) + np.var(y, ddof=1) + (np.mean(x) - np.mean(y)) ** 2)
    return {
        "ccc": ccc.value,
        "ci95_z": [ccc.lo, ccc.hi],
        "pearson": r.value,
        "C_b": of(lambda one, other: one / other, ccc.value, r.value),
        "ccc_if_divisor_n_minus_1": float(other),
    }


@adapter("weighted_kappa")
def _(case: Golden) -> Results:
    counts, weights = case.data["counts"], case.data["disagreement_weights"]
    return {"kappa": kappa(counts).value, "weighted_kappa": kappa(counts, weights=weights).value}


@adapter("icc")
def _(case: Golden) -> Results:
    result = icc(case.data["ratings"])
    kinds = [(form, unit) for unit in "1k" for form in "123"]
    return {
        "icc": [getattr(result, f"icc_{form}_{unit}") for form, unit in kinds],
        "order": [f"ICC({form},{unit})" for form, unit in kinds],
        "lower": result.lower,
        "upper": result.upper,
        "F": result.f,
    }


@adapter("tost_paired")
def _(case: Golden) -> Results:
    x, y = _pairs_with(case.data)
    sd = float(np.std(x - y, ddof=1))
    bound = case.data["bounds_dz"][1] * sd
    test = tost_paired(x, y, bound)
    return {
        "diff": test.difference,
        "sd_diff": sd,
        "bound": bound,
        "t1": test.t_lower,
        "p1": test.p_lower,
        "t2": test.t_upper,
        "p2": test.p_upper,
        "df": test.df,
        "ci90": [test.lo90, test.hi90],
    }


def _pairs_with(data: dict[str, Any]) -> tuple[Any, Any]:
    """Pairs that have exactly the published means, SDs and correlation."""
    first, second = np.random.default_rng(0).normal(size=(2, data["n"]))
    first = first - first.mean()
    second = second - second.mean()
    second -= first * (first @ second) / (first @ first)
    one, other = (row / np.std(row, ddof=1) for row in (first, second))
    r = data["r12"]
    return data["m1"] + data["sd1"] * one, data["m2"] + data["sd2"] * (r * one + math.sqrt(1 - r**2) * other)
