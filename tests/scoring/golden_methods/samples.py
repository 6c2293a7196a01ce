"""Cards a and b: the draw, and estimates from it."""

import math
import re
from statistics import stdev

from scipy.stats import beta

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
from app.scoring.rules.rollup import effective_n
from app.studies.rules.allocation import inclusion_probabilities, neyman, proportional
from tests.golden import Golden
from tests.scoring.golden_methods.registry import Results, Z, adapter, of


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
        "var_unit": of(lambda se: score.n * (se / 100) ** 2, score.se),
        "wald": [of(lambda value, se, sign: value + sign * Z * se, score.value, score.se, sign) for sign in (-1, 1)],
        "adj_wald": [score.lo, score.hi],
        "se_n_minus_1": of(lambda se: se * math.sqrt(score.n / (score.n - 1)), score.se),
        "rocks_nps": [row.value for row in rocks],
        "rocks_se": [row.se for row in rocks],
        "rocks_var_unit": [of(lambda n, se: n * (se / 100) ** 2, row.n, row.se) for row in rocks],
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
