"""The account roll-up over columns: one row per respondent, no loop over people (card c at portfolio size)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray, Numbers, numbers, same_length
from app.scoring.rules.rollup import COVERAGE_DIGITS, Within, pooled
from app.scoring.rules.scales import mean_of_present


@dataclass(frozen=True)
class AccountVoices:
    """Columns with one entry per account; NaN inside marks an account without a score (`respondents` 0).

    `voice` 0–100, `coverage` Σω of the roles present, `n_eff` Kish's over respondent weights, `role_range` in points,
    `role_means` accounts × roles.
    """

    voice: FloatArray
    coverage: FloatArray
    n_eff: FloatArray
    role_range: FloatArray
    respondents: IntArray
    role_means: FloatArray

    @property
    def answered(self) -> BoolArray:
        """Which accounts have a voice."""
        return ~np.isnan(self.voice)


def respondent_voices(dimensions: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Each respondent's voice: the unweighted mean of the dimension scores present.

    `dimensions` is respondents × dimensions on 0–100, NaN = none. Returns the voices (NaN where no dimension
    is present) and which of them rest on some dimensions only (`partial_dimensions`).
    """
    present: BoolArray = ~np.isnan(dimensions)
    partial: BoolArray = np.any(present, axis=1) & ~np.all(present, axis=1)
    return mean_of_present(dimensions), partial


def account_voices(
    account: NDArray[np.integer], role: NDArray[np.integer], score: Numbers, role_weights: Numbers, n_accounts: int
) -> AccountVoices:
    """Role-weighted voice of every account from one row per respondent.

    `account` 0…n_accounts − 1 and `role` 0…len(role_weights) − 1 are positions, `score` is the respondent's voice or
    dimension score. A respondent's weight in n_eff is the one carried in ȳ: ω_r over the respondents of that role.
    Equal to `role_weighted_mean` and `effective_n` account by account. Raises ValueError for positions out of range and
    non-finite scores (Kish 1965; Rao & Molina 2015).
    """
    y, omega = numbers(score, "scores"), numbers(role_weights, "role weights", minimum=0)
    same_length(account, role, y)
    _positions(account, n_accounts, "account")
    _positions(role, len(omega), "role")
    cell, shape = account * len(omega) + role, (n_accounts, len(omega))
    people = np.bincount(cell, minlength=n_accounts * len(omega)).reshape(shape)
    sums = np.bincount(cell, y, minlength=n_accounts * len(omega)).reshape(shape)
    present = people > 0
    means = np.divide(sums, people, out=np.full(shape, np.nan), where=present)
    coverage = present @ omega
    total = np.where(present, means, 0.0) @ omega
    squares = np.divide(np.square(omega), people, out=np.zeros(shape), where=present).sum(axis=1)
    return AccountVoices(
        voice=np.divide(total, coverage, out=np.full(n_accounts, np.nan), where=coverage > 0),
        coverage=np.round(coverage, COVERAGE_DIGITS),
        n_eff=np.divide(np.square(coverage), squares, out=np.zeros(n_accounts), where=squares > 0),
        role_range=_range(means, present),
        respondents=people.sum(axis=1),
        role_means=means,
    )


def within_variance_of(
    account: NDArray[np.integer], score: Numbers, n_accounts: int, *, minimum_accounts: int = 8
) -> Within:
    """`within_variance` from one row per respondent: `account` positions 0…n_accounts − 1 and their scores."""
    y = numbers(score, "scores")
    same_length(account, y)
    _positions(account, n_accounts, "account")
    people = np.bincount(account, minlength=n_accounts)
    means = np.divide(np.bincount(account, y, minlength=n_accounts), people, out=np.zeros(n_accounts), where=people > 0)
    several = people > 1
    deviations = (y - means[account])[several[account]]
    return pooled(
        float(np.square(deviations).sum()), int((people[several] - 1).sum()), int(several.sum()), minimum_accounts
    )


def _range(means: FloatArray, present: BoolArray) -> FloatArray:
    widest = np.where(present, means, -np.inf).max(axis=1, initial=-np.inf)
    least = np.where(present, means, np.inf).min(axis=1, initial=np.inf)
    apart: FloatArray = np.subtract(widest, least, out=np.full(len(means), np.nan), where=present.any(axis=1))
    return apart


def _positions(index: NDArray[np.integer], size: int, name: str) -> None:
    if not np.issubdtype(np.asarray(index).dtype, np.integer):
        raise ValueError(f"{name} positions must be integers")
    if len(index) and (index.min() < 0 or index.max() >= size):
        raise ValueError(f"{name} positions must lie between 0 and {size - 1}")
