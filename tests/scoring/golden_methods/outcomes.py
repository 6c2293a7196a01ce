"""Cards i to l: validity, win probability, words and the composite index."""

import math

import numpy as np

from app.foresight.rules.win import linear_pool, minimal_change
from app.health.rules.distress import composite, goalpost
from app.scoring.rules import validity
from app.scoring.rules.verbatims import net_sentiment, sentiment, theme_lift
from tests.golden import Golden
from tests.scoring.golden_methods.registry import Results, adapter

SEEDS = range(10)


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
