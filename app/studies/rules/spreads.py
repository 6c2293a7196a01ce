"""How much scores differ inside the strata: what Neyman allocation goes by."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ScoreSource(StrEnum):
    """Where scores of accounts came from, the better source first."""

    LAST_VOICE = "last_voice"
    HEALTH = "health"


@dataclass(frozen=True)
class Scores:
    """One score 0–100 per account id, of the accounts that have one."""

    source: ScoreSource
    by_account: Mapping[str, float]


def spreads(strata: Mapping[str, str], scores: Scores | None) -> dict[str, float | None]:
    """S_h (points, divisor n − 1) of each stratum's known scores; `strata` maps account id -> stratum.

    A stratum of one account has no spread (0); one of more with fewer than two scores has an unknown one (None).
    """
    known: dict[str, list[float]] = defaultdict(list)
    for account_id, stratum in strata.items():
        if scores is not None and account_id in scores.by_account:
            known[stratum].append(scores.by_account[account_id])
    return {stratum: _spread(size, known[stratum]) for stratum, size in sorted(Counter(strata.values()).items())}


def _spread(size: int, scores: list[float]) -> float | None:
    if size == 1:
        return 0.0
    return statistics.stdev(scores) if len(scores) > 1 else None
