"""Portfolios with and without true gaps: how many are found, how many flags are false (card g)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from app.scoring.rules.gaps import account_gaps, equate, flag_tiers
from app.scoring.rules.rollup import shrink, within_variance

ACCOUNTS, SIGMA, TRUE_SD, DELTA = 60, 20.0, 12.0, 15.0
AT_MOST_FALSE = 0.10
FLAGGED = {"confirmed": {"confirmed"}, "watch": {"confirmed", "probable", "watch"}}


@dataclass(frozen=True)
class Portfolio:
    """Accounts with the health of telemetry, their voice and its variance, and which of them have a true gap."""

    health: Any
    voice: Any
    variances: Any
    real: Any


Method = Callable[[Portfolio], list[str]]


@dataclass(frozen=True)
class Flags:
    """Over all portfolios: share of true gaps found, share of flags that are false, portfolios with a false flag."""

    found: float
    false: float
    runs_with_false: float


def a_portfolio(
    seed: int, *, gap: float, share: float, respondents: tuple[int, int] = (1, 5), scaled: bool = False
) -> Portfolio:
    """Accounts with so many respondents each, σ = 20; `scaled` health runs from 20 on at seven tenths of voice."""
    random = np.random.default_rng(seed)
    truth = random.normal(65, TRUE_SD, ACCOUNTS)
    real = random.random(ACCOUNTS) < share
    sizes = random.integers(respondents[0], respondents[1] + 1, ACCOUNTS)
    people = [random.normal(t + gap * r, SIGMA, n) for t, r, n in zip(truth, real, sizes, strict=True)]
    sigma2 = within_variance(people).variance
    return Portfolio(
        20 + 0.7 * truth if scaled else truth, np.array([scores.mean() for scores in people]), sigma2 / sizes, real
    )


def by_shrunken_gap(portfolio: Portfolio) -> list[str]:
    """The product's tiers, health as it is."""
    return [gap.tier for gap in account_gaps(portfolio.voice, portfolio.variances, portfolio.health)]


def by_trimmed_equating(portfolio: Portfolio) -> list[str]:
    """The product's tiers, health brought to voice's scale first."""
    health = equate(portfolio.health, portfolio.voice, portfolio.variances)
    return [gap.tier for gap in account_gaps(portfolio.voice, portfolio.variances, health)]


def by_plain_equating(portfolio: Portfolio) -> list[str]:
    """The same with mean and SD of all accounts matched: what the trimming is better than."""
    h, y, v = portfolio.health, portfolio.voice, portfolio.variances
    true = max(float(np.var(y, ddof=1)) - float(np.mean(v)), 0.0) ** 0.5
    return [gap.tier for gap in account_gaps(y, v, y.mean() + true / h.std(ddof=1) * (h - h.mean()))]


def by_raw_gap(portfolio: Portfolio) -> list[str]:
    """The tiers from gaps that are not shrunken."""
    return _tiers(portfolio.voice - portfolio.health, np.sqrt(portfolio.variances))


def by_shrunken_voice(portfolio: Portfolio) -> list[str]:
    """The tiers from a shrunken voice minus health, which the card forbids."""
    voice = shrink(portfolio.voice, portfolio.variances)
    return _tiers(np.array(voice.values) - portfolio.health, np.array(voice.ses))


def _tiers(gaps: Any, ses: Any) -> list[str]:
    odds = np.maximum(norm.cdf((-DELTA - gaps) / ses), norm.cdf((gaps - DELTA) / ses))
    return flag_tiers(odds.tolist())


def count(
    method: Method,
    runs: int,
    *,
    gap: float = 0.0,
    share: float = 0.15,
    tier: str = "confirmed",
    respondents: tuple[int, int] = (1, 5),
    scaled: bool = False,
) -> Flags:
    """Flags of one tier and the better ones over so many portfolios; without a gap every flag is false."""
    found = false = there = spoiled = 0
    for seed in range(runs):
        portfolio = a_portfolio(seed, gap=gap, share=share if gap else 0.0, respondents=respondents, scaled=scaled)
        flagged = np.array([name in FLAGGED[tier] for name in method(portfolio)])
        right, wrong = int((flagged & portfolio.real).sum()), int((flagged & ~portfolio.real).sum())
        found, false, there, spoiled = (
            found + right,
            false + wrong,
            there + int(portfolio.real.sum()),
            spoiled + bool(wrong),
        )
    return Flags(found / there if there else 0.0, false / max(found + false, 1), spoiled / runs)
