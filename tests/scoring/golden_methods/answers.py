"""Cards c to e: roll-up, response rates, weights, scales and reliability."""

import math
from typing import Any

import numpy as np

from app.scoring.rules.rollup import effective_n, shrink, within_variance
from app.scoring.rules.scales import cronbach_alpha, dimension_score, mcdonald_omega, to_100
from app.scoring.rules.weighting import rake, weighting_class_factors
from app.studies.rules.response_rates import chi_square, response_rates
from tests.golden import Golden
from tests.scoring.golden_methods.registry import Results, adapter


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
