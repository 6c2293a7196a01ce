"""A part of a study's accounts as columns, and estimates for it: the part is a domain of the whole draw."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from app.scoring.rules import portfolio
from app.scoring.rules.accounts import DELTA, Compared, Drawn, voice_band
from app.scoring.rules.domains import domain_mean, domain_total, spoken
from app.scoring.rules.estimates import Estimate, scaled, wilson
from app.scoring.rules.frozen import Frozen
from app.scoring.rules.gaps import flag_tiers, quadrant
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.rollup_arrays import AccountVoices

_Columns = TypeVar("_Columns", Compared, AccountVoices)


@dataclass(frozen=True)
class Part:
    """Which of the drawn accounts are looked at, and how many accounts of the frame are like them, by stratum."""

    inside: BoolArray
    sizes: Mapping[str, int]

    def mean(self, drawn: Drawn, values: FloatArray) -> Estimate:
        """Return the mean over the part's accounts that have a value (NaN: none), linearised over the whole draw."""
        return domain_mean(spoken(drawn, values), self.inside)

    def nps(self, drawn: Drawn, codes: FloatArray) -> Estimate:
        """Return the part's NPS -100..100 from account codes -1..1."""
        return dataclasses.replace(scaled(self.mean(drawn, codes), 100), method="domain nps")

    def share(self, drawn: Drawn, shares: FloatArray) -> Estimate:
        """Return the part's mean of shares 0-1 with Wilson's interval at the accounts that its se is worth."""
        mean = self.mean(drawn, shares)
        if mean.value is None or mean.se is None or (mean.se == 0 and not mean.df):
            return mean
        own = shares[self.inside & ~np.isnan(shares)]
        simple = float(own.var(ddof=1)) / len(own)
        size = len(own) * simple / mean.se**2 if simple > 0 and mean.se > 0 else len(own)
        limits = wilson(min(max(mean.value, 0.0), 1.0) * size, size)
        return portfolio.honest(dataclasses.replace(mean, lo=limits.lo, hi=limits.hi, method="domain mean, wilson"))

    def total(self, drawn: Drawn, values: FloatArray) -> Estimate:
        """Return the weighted total over the part's accounts that have a value."""
        return domain_total(spoken(drawn, values), self.inside)

    def drawn(self, drawn: Drawn) -> Drawn:
        """Return the part's accounts as columns of their own, for what is counted and not weighted."""
        places = np.flatnonzero(self.inside).tolist()
        return Drawn(
            account_ids=[drawn.account_ids[i] for i in places],
            strata=[drawn.strata[i] for i in places],
            stratum_sizes={stratum: size for stratum, size in self.sizes.items() if size},
            arr=drawn.arr[self.inside],
            health=drawn.health[self.inside],
            health_bands=[drawn.health_bands[i] for i in places],
            weights=None if drawn.weights is None else drawn.weights[self.inside],
        )

    def columns(self, columns: _Columns) -> _Columns:
        """Return columns with one entry per drawn account, cut to the part's."""
        places = np.flatnonzero(self.inside).tolist()
        cut: dict[str, Any] = {}
        for field in dataclasses.fields(columns):
            column = getattr(columns, field.name)
            if isinstance(column, np.ndarray):
                cut[field.name] = column[self.inside]
            elif isinstance(column, list):
                cut[field.name] = [column[i] for i in places]
        return dataclasses.replace(columns, **cut)


def compare_by(frozen: Frozen, drawn: Drawn, voices: AccountVoices, *, was_equated: bool) -> Compared:
    """Hold other voices of the same accounts against health by the parameters of a scoring of everybody.

    σ² within accounts, the scale of health and what gaps are shrunken to stay; the flags are those of all accounts by
    these voices, so that on average at most one in ten confirmed is there by chance (methods g).
    """
    n = len(drawn.account_ids)
    bands = [voice_band(voice, coverage) for voice, coverage in zip(voices.voice, voices.coverage, strict=True)]
    variance = np.divide(frozen.variance, voices.n_eff, out=np.full(n, np.nan), where=voices.n_eff > 0)
    both = np.array([band is not None for band in bands], dtype=np.bool_) & ~np.isnan(drawn.health)
    equated = np.where(both, frozen.slope * drawn.health + frozen.intercept, np.nan)
    gap = voices.voice - equated
    shrunken, se = _shrunken(frozen, gap, np.where(both, variance, np.nan))
    p_low, p_high = _odds(shrunken, se)
    tiers, known = np.full(n, "none", dtype=object), ~np.isnan(p_low)
    if known.any():
        tiers[known] = flag_tiers(np.maximum(p_low[known], p_high[known]))
    return Compared(
        voice_se=np.sqrt(variance),
        voice_shrunken=np.full(n, np.nan),
        voice_bands=bands,
        equated_health=equated,
        gap=gap,
        gap_shrunken=shrunken,
        gap_se=se,
        p_low=p_low,
        p_high=p_high,
        cross_check_p=np.full(n, np.nan),
        tiers=tiers.tolist(),
        quadrants=[str(quadrant(h, v)) for h, v in zip(drawn.health_bands, bands, strict=True)],
        was_equated=was_equated,
    )


def _shrunken(frozen: Frozen, gap: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Every gap and its standard error as `Centre.shrunken` gives them; NaN where there is no centre."""
    if frozen.gap is None:
        return np.full(len(gap), np.nan), np.full(len(gap), np.nan)
    mu, pull = frozen.gap.mu, variance / (variance + frozen.gap.tau2)
    near = gap + pull * (mu - gap)
    kept = np.clip(near, np.minimum(gap, mu), np.maximum(gap, mu))
    return kept, np.sqrt(variance * (1 - pull) + pull**2 * frozen.gap.se_mu**2)


def _odds(shrunken: FloatArray, se: FloatArray) -> tuple[FloatArray, FloatArray]:
    from scipy.special import ndtr

    return ndtr((-DELTA - shrunken) / se), ndtr((shrunken - DELTA) / se)
