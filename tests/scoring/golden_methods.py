"""One adapter per method of the golden cases: their data into our functions, our results under their names."""

import math
import re
from collections.abc import Callable
from statistics import stdev
from typing import Any

import numpy as np
from scipy.stats import beta

from app.foresight.rules.win import linear_pool, minimal_change
from app.health.rules.distress import composite, goalpost
from app.scoring.rules import validity
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
from app.scoring.rules.estimates import (
    cluster_mean,
    cluster_total,
    nps,
    nps_from_scores,
    stratified_mean,
    stratified_proportion,
    stratified_total,
    wilson,
)
from app.scoring.rules.gaps import isotonic
from app.scoring.rules.rollup import effective_n, shrink, within_variance
from app.scoring.rules.scales import cronbach_alpha, dimension_score, mcdonald_omega, to_100
from app.scoring.rules.verbatims import net_sentiment, sentiment, theme_lift
from app.scoring.rules.weighting import rake, weighting_class_factors
from app.studies.rules.allocation import inclusion_probabilities, neyman, proportional
from app.studies.rules.response_rates import chi_square, response_rates
from tests.golden import Golden

Results = dict[str, Any]
Adapter = Callable[[Golden], Results]

ADAPTERS: dict[str, Adapter] = {}
Z = 1.959963984540054
SEEDS = range(10)


def adapter(method: str) -> Callable[[Adapter], Adapter]:
    """Register the adapter of a method as the cases spell it."""

    def register(function: Adapter) -> Adapter:
        ADAPTERS[method] = function
        return function

    return register


@adapter("neyman_allocation")
def _(case: Golden) -> Results:
    strata = [values for name, values in case.data.items() if name.startswith("stratum")]
    everyone = [value for values in strata for value in values]
    sizes, spreads, n = [len(values) for values in strata], [stdev(values) for values in strata], case.data["n"]
    optimum, even = neyman(sizes, spreads, n), proportional(sizes, n)
    return {
        "N": sizes,
        "S2": [spread**2 for spread in spreads],
        "S2_overall": stdev(everyone) ** 2,
        "neyman_raw": optimum.raw,
        "neyman_n": optimum.rounded,
        "proportional_n": even,
        "se_total_srs": _se_of_total([len(everyone)], [stdev(everyone)], [n]),
        "se_total_proportional": _se_of_total(sizes, spreads, even),
        "se_total_neyman": _se_of_total(sizes, spreads, optimum.rounded),
    }


def _se_of_total(sizes: list[int], spreads: list[float], drawn: list[int]) -> float:
    rows = zip(sizes, spreads, drawn, strict=True)
    return math.sqrt(sum(size**2 * (1 - n / size) * spread**2 / n for size, spread, n in rows))


@adapter("proportional_allocation")
def _(case: Golden) -> Results:
    sizes = list(case.data["N_h"].values())
    drawn = proportional(sizes, case.data["n"])
    return {"n_h": drawn, "weights": [size / n for size, n in zip(sizes, drawn, strict=True)]}


@adapter("pps_inclusion_probabilities_with_certainty")
def _(case: Golden) -> Results:
    pi = inclusion_probabilities(case.data["size"], case.data["n"])
    return {"pi": pi, "n_certainty": pi.count(1.0), "sum_pi": sum(pi)}


@adapter("pps_expansion_estimator")
def _(case: Golden) -> Results:
    psi = inclusion_probabilities(case.data["size"], 1)
    drawn = [cluster_total([total], ["unit"], [1 / p]).value for total, p in zip(case.data["total"], psi, strict=True)]
    expectation = sum(p * value for p, value in zip(psi, drawn, strict=True))
    variance = sum(p * (value - expectation) ** 2 for p, value in zip(psi, drawn, strict=True))
    return {"psi": psi, "estimate_if_drawn": drawn, "expectation": expectation, "variance": variance}


@adapter("cluster_mean_total (stakeholders inside accounts)")
def _(case: Golden) -> Results:
    clusters, weights = case.data["cluster"], case.data["weight"]
    population = case.data["fpc_clusters"][0]
    mean = cluster_mean(case.data["api00"], clusters, weights, clusters_in_population=population)
    total = cluster_total(case.data["enroll"], clusters, weights, clusters_in_population=population)
    return {
        "mean": mean.value,
        "se_mean": mean.se,
        "total": total.value,
        "se_total": total.se,
        "df": mean.df,
        "n_clusters": mean.n,
    }


@adapter("nps_with_se_and_ci")
def _(case: Golden) -> Results:
    score = nps(**case.data["counts"])
    rocks = [nps_from_scores(row["scores"]) for row in case.data.get("rocks_cases", [])]
    return {
        "nps": score.value,
        "se": score.se,
        "var_unit": score.n * (score.se / 100) ** 2,
        "wald": [score.value - Z * score.se, score.value + Z * score.se],
        "adj_wald": [score.lo, score.hi],
        "se_n_minus_1": score.se * math.sqrt(score.n / (score.n - 1)),
        "rocks_nps": [row.value for row in rocks],
        "rocks_se": [row.se for row in rocks],
        "rocks_var_unit": [row.n * (row.se / 100) ** 2 for row in rocks],
    }


@adapter("srs_mean_proportion_fpc")
def _(case: Golden) -> Results:
    (values,) = (column for column in case.data.values() if isinstance(column, list))
    one, size = ["all"] * len(values), {"all": case.data["N"]}
    mean, total = stratified_mean(values, one, size), stratified_total(values, one, size)
    results = {"mean": mean.value, "se_mean": mean.se, "total": total.value, "se_total": total.se}
    for name in case.expected:
        if below := re.fullmatch(r"prop_lt_(\d+)", name):
            share = stratified_proportion([value < int(below[1]) for value in values], one, size)
            results |= {name: share.value, "se_prop": share.se}
    return results


@adapter("stratified_mean_total_proportion")
def _(case: Golden) -> Results:
    columns = dict(case.data)
    strata, weights, population = (columns.pop(name) for name in ("stype", "weight", "fpc_N_h"))
    sizes = dict(zip(strata, population, strict=True))
    results: Results = {"kish_n_eff": effective_n(weights)}
    for name, values in columns.items():
        if isinstance(values[0], str):
            share = stratified_proportion([value == "Yes" for value in values], strata, sizes, weights=weights)
            results |= {f"prop_{name}": share.value, f"se_prop_{name}": share.se}
            continue
        mean = stratified_mean(values, strata, sizes, weights=weights)
        total = stratified_total(values, strata, sizes, weights=weights)
        infinite = stratified_mean(values, strata, None, weights=weights)
        results |= {
            f"mean_{name}": mean.value,
            f"se_mean_{name}": mean.se,
            f"se_mean_{name}_nofpc": infinite.se,
            f"total_{name}": total.value,
            f"se_total_{name}": total.se,
            f"ci95_t_{name}": [mean.lo, mean.hi],
            f"deff_{name}": mean.deff,
            "df": mean.df,
        }
    return results


@adapter("wilson_interval")
def _(case: Golden) -> Results:
    results: Results = {}
    for i, (hits, n) in enumerate(case.data["cases"], 1):
        share = wilson(hits, n)
        lower = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, n - hits + 1))
        exact = [lower, 1.0 if hits == n else float(beta.ppf(0.975, hits + 1, n - hits))]
        results |= {f"case{i}": [share.lo, share.hi], f"clopper_case{i}": exact}
    return results


@adapter("empirical_bayes_rollup")
def _(case: Golden) -> Results:
    accounts: dict[Any, list[float]] = {}
    for account, score in zip(case.data["group"], case.data["y"], strict=True):
        accounts.setdefault(account, []).append(score)
    means = [float(np.mean(scores)) for scores in accounts.values()]
    sigma2 = within_variance(accounts, minimum_accounts=2).variance
    variances = [sigma2 / effective_n([1] * len(scores)) for scores in accounts.values()]
    shrinkage = shrink(means, variances)
    pulls = [v / (v + shrinkage.tau2) for v in variances]
    return {
        "grand_mean": shrinkage.mu,
        "tau2": shrinkage.tau2,
        "sigma2": sigma2,
        "group_mean": means,
        "shrunken": shrinkage.values,
        "shrink_factor_B": _one_if_alike(pulls),
        "post_se_known_mu": _one_if_alike([math.sqrt(v * (1 - b)) for v, b in zip(variances, pulls, strict=True)]),
    }


def _one_if_alike(values: list[float]) -> float | list[float]:
    return values[0] if len(set(values)) == 1 else values


@adapter("james_stein_shrinkage")
def _(case: Golden) -> Results:
    y, k = case.data["y"], len(case.data["y"])
    mean = float(np.mean(y))
    variance = mean * (1 - mean) / case.data["n"]
    c = 1 - (k - 3) / shrink(y, [variance] * k).q
    return {"grand_mean": mean, "sampling_var": variance, "c": c, "estimates": [mean + c * (x - mean) for x in y]}


@adapter("aapor_response_rates")
def _(case: Golden) -> Results:
    names = {
        "complete": "I",
        "partial": "P",
        "refusal": "R",
        "non_contact": "NC",
        "other": "O",
        "unknown_household": "UH",
        "unknown_other": "UO",
        "ineligible": "NE",
    }
    rates = response_rates(**{name: case.data.get(code, 0) for name, code in names.items()})
    return {name.upper() if name != "e" else name: value for name, value in vars(rates).items()}


@adapter("respondent_vs_frame_chisq")
def _(case: Golden) -> Results:
    test = chi_square(case.data["table"])
    return {"chisq": test.chi2, "df": test.df, "p": test.p, "cramers_v": test.cramers_v}


@adapter("raking")
def _(case: Golden) -> Results:
    table = np.array(case.data["table"], dtype=float)
    rows, columns = (side.ravel() for side in np.indices(table.shape))
    margins = {side: dict(enumerate(case.data[f"{side}_targets"])) for side in ("row", "col")}
    raked = rake(table.ravel(), {"row": rows, "col": columns}, margins)
    assert raked.converged
    result = np.reshape(raked.weights, table.shape)
    return {"raked": result.tolist(), "first_row": result[0].tolist(), "total": float(result.sum())}


@adapter("nonresponse_weighting_class")
def _(case: Golden) -> Results:
    factors = weighting_class_factors(dict(enumerate(case.data["sampled"])), dict(enumerate(case.data["responded"])))
    return {"factor": list(factors.values())}


@adapter("cronbach_alpha_omega")
def _(case: Golden) -> Results:
    items = np.array(list(case.data["items"].values()), dtype=float).T
    k = items.shape[1]
    alpha, z = cronbach_alpha(items), (items - items.mean(axis=0)) / items.std(axis=0)
    return {
        "alpha": alpha.alpha,
        "std_alpha": cronbach_alpha(z).alpha,
        "average_r": float(np.corrcoef(items, rowvar=False)[np.triu_indices(k, 1)].mean()),
        "alpha_if_dropped": [cronbach_alpha(np.delete(items, j, axis=1)).alpha for j in range(k)],
        "feldt_ci95": [alpha.lo, alpha.hi],
        "omega_total_1factor_std": mcdonald_omega(items),
    }


@adapter("0_100_mapping_table")
def _(case: Golden) -> Results:
    rows = case.data["cases"]
    return {
        "scores": [[to_100(x, row["min"], row["max"], reverse=row["reversed"]) for x in row["answers"]] for row in rows]
    }


@adapter("reverse_items_and_0_100_mapping")
def _(case: Golden) -> Results:
    reverse = case.data["reverse_items_1_based"]
    items = [to_100(x, 1, 5, reverse=i in reverse) for i, x in enumerate(case.data["responses_1_to_5"], 1)]
    return {"item_0_100": items, "score": dimension_score(items)}


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
        "loa_2sd": [limits.bias - 2 * limits.sd, limits.bias + 2 * limits.sd],
        "se_mean": limits.sd / math.sqrt(limits.n),
        "ci95_mean": [limits.bias_lo, limits.bias_hi],
        "se_loa_1999": limits.limit_se,
        "se_loa_1986": limits.sd * math.sqrt(3 / limits.n),
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
        "C_b": ccc.value / r.value,
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


@adapter("auc")
def _(case: Golden) -> Results:
    scores = [*case.data["normal"], *case.data["abnormal"]]
    ratings = np.repeat(case.data["rating"] * 2, scores)
    n, m = sum(case.data["normal"]), sum(case.data["abnormal"])
    area = validity.auc(ratings, [0] * n + [1] * m)
    a = area.value
    q1, q2 = a / (2 - a), 2 * a**2 / (1 + a)
    hanley = math.sqrt((a * (1 - a) + (m - 1) * (q1 - a**2) + (n - 1) * (q2 - a**2)) / (m * n))
    return {"auc": a, "se_delong": area.se, "se_hanley_mcneil": hanley, "ci95_delong": [area.lo, area.hi]}


@adapter("brier_score")
def _(case: Golden) -> Results:
    p, outcomes = case.data["p"], case.data["outcome"]
    score, skill = validity.brier(p, outcomes), validity.brier_skill(p, outcomes)
    rate = sum(outcomes) / len(outcomes)
    return {
        "brier_binary": score,
        "brier_two_class": 2 * score,
        "reference_climatology": validity.brier([rate] * len(outcomes), outcomes),
        "brier_skill": skill[0],
    }


@adapter("logistic_validity")
def _(case: Golden) -> Results:
    factors = [name for name in case.expected["order"] if name != "const"]
    (outcome,) = (name for name in case.data if name not in factors)
    columns, outcomes = [case.data[name] for name in factors], case.data[outcome]
    model = validity.fit_logit(columns, outcomes, C=math.inf)
    slopes = [beta / sd for beta, sd in zip(model.coefficients, model.sds, strict=True)]
    const = model.intercept - sum(slope * mean for slope, mean in zip(slopes, model.means, strict=True))
    p = validity.predict(model, columns)
    return {
        "order": ["const", *factors],
        "coef": [const, *slopes],
        "loglik": sum(math.log(x if happened else 1 - x) for x, happened in zip(p, outcomes, strict=True)),
        "brier": validity.brier(p, outcomes),
        "auc_model": validity.auc(p, outcomes).value,
        "auc_by_factor": [validity.auc(column, outcomes).value for column in columns],
        "pointbiserial": [validity.point_biserial(column, outcomes).value for column in columns],
    }


@adapter("mutual_information")
def _(case: Golden) -> Results:
    table = np.array(case.data["joint_counts"])
    rows, columns = (np.repeat(side.ravel(), table.ravel()) for side in np.indices(table.shape))
    bits = validity.mutual_information(rows, columns)
    return {"mi_bits": bits, "mi_nats": bits * math.log(2)}


@adapter("counterfactual_minimal_change")
def _(case: Golden) -> Results:
    coefficients = dict(zip(case.data["order"], case.data["coef"], strict=True))
    base, slopes = coefficients.pop("const"), list(coefficients.values())
    x, target = case.data["x0"], case.data["target"]
    plans = [minimal_change(slopes, base, x, case.data["sd"], target=target, seed=seed) for seed in SEEDS]
    for plan in plans:
        assert plan.probability >= target
        assert plan.distance <= 1.05 * case.expected["min_distance_sd"]
    eta = base + sum(slope * value for slope, value in zip(slopes, x, strict=True))
    return {"p0": 1 / (1 + math.exp(-eta)), "min_distance_sd": plans[0].distance, "delta": plans[0].delta}


@adapter("win_probability_pool")
def _(case: Golden) -> Results:
    p, weights = case.data["p"], case.data["weights"]
    odds = sum(w * math.log(x / (1 - x)) for x, w in zip(p, weights, strict=True)) / sum(weights)
    return {"linear": linear_pool(p, weights), "log_pool": 1 / (1 + math.exp(-odds))}


@adapter("theme_lift")
def _(case: Golden) -> Results:
    n, a, b, both = (case.data[name] for name in ("n", "a", "b", "both"))
    return {"support": both / n, "confidence": both / a, "lift": theme_lift(both, a, b - both, n - a).lift}


@adapter("verbatim_sentiment")
def _(case: Golden) -> Results:
    heard = [sentiment(text) for text in case.data["texts"]]
    compounds = [one.compound for one in heard if one is not None]
    return {
        "compound": [None if one is None else one.compound for one in heard],
        "label": [None if one is None else one.label for one in heard],
        "mean_compound": sum(compounds) / len(compounds),
        "net_sentiment": net_sentiment(compounds),
    }


@adapter("composite_index (goalposts + geometric mean)")
def _(case: Golden) -> Results:
    health, mean_years, expected_years, income = (
        goalpost(value, *posts[-2:], log_scale=len(posts) > 2)
        for value, posts in zip(case.data["values"], case.data["goalposts"], strict=True)
    )
    dimensions = [health, composite([mean_years, expected_years]), income]
    logs = composite([math.log(score) if score else -math.inf for score in dimensions] if all(dimensions) else [])
    return {
        "health": health,
        "education": dimensions[1],
        "income": income,
        "index": 0.0 if logs is None else math.exp(logs),
        "arithmetic": composite(dimensions),
    }
