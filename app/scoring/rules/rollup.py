"""The account roll-up: respondents to roles to one voice per account, its effective n, and shrinkage."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, effective_size
from app.scoring.rules.inputs import FloatArray, Numbers, numbers, same_length

ROLE_WEIGHTS = {"decision_maker": 0.35, "champion": 0.25, "admin": 0.15, "power_user": 0.25}
"""How much each role counts in an account's voice unless a study says otherwise."""

MINIMUM_COVERAGE = 0.5
"""Role coverage from which on a voice may have a band."""

COVERAGE_DIGITS = 12
"""Coverage is rounded here, so that a sum of weights that makes one half is one half."""

ASSUMED_VARIANCE = 400.0
"""σ² (σ = 20 points) as long as too few accounts have two respondents to measure it."""


ROUNDING = 1e-12
"""Points² up to which a variance is what rounding leaves of the same score written twice."""


@dataclass(frozen=True)
class RoleMean:
    """An account's voice 0–100, the weight of the roles it rests on, and the range between roles in points."""

    value: float | None
    coverage: float
    role_range: float | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Within:
    """Pooled variance between respondents of one account, in points²; `assumed` where too few accounts show it."""

    variance: float
    assumed: bool


@dataclass(frozen=True)
class Shrinkage:
    """Random-effects mean μ, its se, τ², Cochran's q at τ² = 0, and each value shrunken towards μ with its se."""

    mu: float | None
    se_mu: float | None
    tau2: float | None
    q: float | None
    values: list[float]
    ses: list[float]
    warnings: list[str] = field(default_factory=list)


def role_weighted_mean(
    scores_by_role: Mapping[Any, float | None], role_weights: Mapping[Any, float] = ROLE_WEIGHTS
) -> RoleMean:
    """Account voice Σω_r·ȳ_r / Σω_r over the roles present, from role means (None: nobody of that role answered).

    Coverage is Σω_r of the roles present: below .50 the voice is `THIN`; without any it is None and `EMPTY`. Raises
    ValueError for a role without a weight and for negative or non-finite numbers (Rao & Molina 2015).
    """
    present = {role: score for role, score in scores_by_role.items() if score is not None}
    unknown = [role for role in scores_by_role if role not in role_weights]
    if unknown:
        raise ValueError(f"role {unknown[0]} has no weight")
    weights = numbers([role_weights[role] for role in present], "role weights", minimum=0)
    scores = numbers(list(present.values()), "scores")
    total = math.fsum(weights)
    if total == 0:
        return RoleMean(None, 0.0, None, [EMPTY])
    value = math.fsum(weights * scores) / total
    coverage = round(total, COVERAGE_DIGITS)
    return RoleMean(value, coverage, float(np.ptp(scores)), [THIN] if coverage < MINIMUM_COVERAGE else [])


def effective_n(weights: Numbers) -> float:
    """Kish's effective number of respondents (Σa)²/Σa²; 0.0 without any. Raises ValueError for negative weights."""
    return effective_size(numbers(weights, "weights", minimum=0))


def within_variance(
    scores_by_account: Mapping[Any, Sequence[float]] | Sequence[Sequence[float]], *, minimum_accounts: int = 8
) -> Within:
    """Pooled within-account variance σ² = Σ(n_i − 1)s_i² / Σ(n_i − 1) over accounts with two or more respondents.

    With fewer than `minimum_accounts` such accounts, or if none of them shows any difference but that of rounding (a
    standard error of 0 would follow), 400 points² are assumed. Raises ValueError for non-finite scores (Rao & Molina
    2015).
    """
    groups = scores_by_account.values() if isinstance(scores_by_account, Mapping) else scores_by_account
    several = [scores for scores in (numbers(group, "scores") for group in groups) if len(scores) > 1]
    squares = math.fsum(float(np.square(scores - scores.mean()).sum()) for scores in several)
    return pooled(squares, sum(len(scores) - 1 for scores in several), len(several), minimum_accounts)


def pooled(squares: float, freedom: int, accounts: int, minimum_accounts: int) -> Within:
    """The pooled variance squares/freedom, or the assumed one where too few accounts stand behind it."""
    if accounts < minimum_accounts or not freedom or squares <= ROUNDING * freedom:
        return Within(ASSUMED_VARIANCE, assumed=True)
    return Within(squares / freedom, assumed=False)


def standard_error(variance: float, n_eff: float) -> float | None:
    """SE of an account's voice, √(σ²/n_eff) in points; None without respondents."""
    if variance < 0 or n_eff < 0:
        raise ValueError("neither a variance nor a number of respondents is negative")
    return math.sqrt(variance / n_eff) if n_eff else None


def shrink(values: Numbers, variances: Numbers) -> Shrinkage:
    """Empirical-Bayes shrinkage: θ̂_i = B_i·μ + (1 − B_i)·y_i with B_i = v_i/(v_i + τ²).

    τ² by DerSimonian–Laird, truncated at 0 (equal variances: the ANOVA estimator); V(μ) = 1/Σ1/(v_i + τ²);
    SE_i² = v_i(1 − B_i) + B_i²V(μ). Values in any one unit, variances in its square. Raises ValueError for unequal
    lengths and for variances that are not positive (DerSimonian & Laird 1986; Efron & Morris 1975).
    """
    y, v = numbers(values, "values"), numbers(variances, "variances", minimum=0)
    same_length(y, v)
    if (v <= 0).any():
        raise ValueError("every variance must be positive")
    if not len(y):
        return Shrinkage(None, None, None, None, [], [], [EMPTY])
    q, tau2 = _between_variance(y, v)
    w = 1 / (v + tau2)
    mu, variance_mu = _centre(y, w), float(1 / w.sum())
    pull = v / (v + tau2)
    shrunken = np.clip(y + pull * (mu - y), np.minimum(y, mu), np.maximum(y, mu))
    ses = np.sqrt(v * (1 - pull) + np.square(pull) * variance_mu)
    warnings = [SINGLETON] if len(y) == 1 else []
    return Shrinkage(mu, math.sqrt(variance_mu), tau2, q, shrunken.tolist(), ses.tolist(), warnings)


def _between_variance(y: FloatArray, v: FloatArray) -> tuple[float, float]:
    w = 1 / v
    q = float(w @ np.square(y - _centre(y, w)))
    scale = float(w.sum() - np.square(w).sum() / w.sum())
    # With one value `scale` is 0 but for rounding: there is nothing between accounts to measure.
    return q, max((q - (len(y) - 1)) / scale, 0.0) if len(y) > 1 and scale > 0 else 0.0


def _centre(y: FloatArray, w: FloatArray) -> float:
    # Measured from the smallest value: equal values have exactly their own value as mean.
    least = float(y.min())
    return least + float(w @ (y - least) / w.sum())
