"""Single accounts scored between two scorings of the portfolio, by the parameters that the last one found."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.accounts import DELTA, MINIMUM_IN_STRATUM, Compared, Drawn
from app.scoring.rules.accounts import voice_band as band_of
from app.scoring.rules.gaps import tier
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.rollup import Within, shrink
from app.scoring.rules.rollup_arrays import AccountVoices

NEVER = 2.0
"""The probability from which an account is confirmed where none can be."""


@dataclass(frozen=True)
class Centre:
    """What values are shrunken to: μ, its standard error, and τ² between accounts."""

    mu: float
    se_mu: float
    tau2: float

    def shrunken(self, value: float, variance: float) -> tuple[float, float]:
        """Return the value and its standard error as `shrink` gives them, the centre being known."""
        pull = variance / (variance + self.tau2)
        near = value + pull * (self.mu - value)
        kept = min(max(near, min(value, self.mu)), max(value, self.mu))
        return kept, math.sqrt(variance * (1 - pull) + pull**2 * self.se_mu**2)


@dataclass(frozen=True)
class Frozen:
    """The parameters of a scoring: σ² within accounts, how health is put on voice's scale, and both centres.

    `slope` and `intercept` turn health into equated health. `gap` is None where no account has both scores. `strata`
    are the centres of voice of those strata that have one of their own; `voice` is everybody's.
    """

    variance: float
    slope: float
    intercept: float
    gap: Centre | None
    confirmed_from: float
    voice: Centre | None
    strata: Mapping[str, Centre]


def frozen_of(drawn: Drawn, voices: AccountVoices, within: Within, compared: Compared) -> Frozen:
    """Return the parameters by which these accounts were compared."""
    both = ~np.isnan(compared.gap)
    variance = np.square(compared.voice_se)
    slope, intercept = _line(drawn.health[both], compared.equated_health[both])
    odds = np.maximum(compared.p_low, compared.p_high)[[each == "confirmed" for each in compared.tiers]]
    heard = voices.answered
    labels = np.array(drawn.strata, dtype=np.str_)
    names, counts = np.unique(labels[heard], return_counts=True)
    own = names[counts >= MINIMUM_IN_STRATUM].tolist()
    return Frozen(
        variance=within.variance,
        slope=slope,
        intercept=intercept,
        gap=_centre(compared.gap[both], variance[both]),
        confirmed_from=float(odds.min()) if len(odds) else NEVER,
        voice=_centre(voices.voice[heard], variance[heard]),
        strata={
            name: centre
            for name in own
            if (centre := _centre(voices.voice[heard & (labels == name)], variance[heard & (labels == name)]))
        },
    )


def read_frozen(document: Mapping[str, Any]) -> Frozen:
    """Return the parameters from what was stored of them."""
    centres = {name: Centre(**each) for name, each in document["strata"].items()}
    single = {name: Centre(**document[name]) if document[name] else None for name in ("gap", "voice")}
    plain = {name: float(document[name]) for name in ("variance", "slope", "intercept", "confirmed_from")}
    return Frozen(**plain, **single, strata=centres)  # type: ignore[arg-type]  # the names are those of the fields


def account_figures(
    frozen: Frozen, voices: AccountVoices, place: int, health: float | None, stratum: str
) -> dict[str, Any]:
    """Return what `compare` says of one account, by the frozen parameters; None where it cannot be said.

    `voices` holds the account at `place`. How its flag stands against all others (`cross_check_p`) is left to the next
    scoring of the portfolio.
    """
    voice, coverage = float(voices.voice[place]), float(voices.coverage[place])
    found: dict[str, Any] = dict.fromkeys(
        ("voice_se", "voice_shrunken", "gap", "gap_shrunken", "gap_se", "p_low", "p_high", "cross_check_p")
    ) | {"voice_band": band_of(voice, coverage), "tier": "none"}
    equated = None if health is None or found["voice_band"] is None else frozen.slope * health + frozen.intercept
    found["equated_health"] = equated
    if math.isnan(voice):
        return found
    variance = frozen.variance / float(voices.n_eff[place])
    centre = frozen.strata.get(stratum, frozen.voice)
    found["voice_se"] = math.sqrt(variance)
    found["voice_shrunken"] = voice if centre is None else centre.shrunken(voice, variance)[0]
    return found if equated is None else found | _gap(frozen, voice - equated, variance)


def _gap(frozen: Frozen, gap: float, variance: float) -> dict[str, Any]:
    if frozen.gap is None:
        return {"gap": gap}
    shrunken, se = frozen.gap.shrunken(gap, variance)
    p_low, p_high = _below((-DELTA - shrunken) / se), _below((shrunken - DELTA) / se)
    return {
        "gap": gap,
        "gap_shrunken": shrunken,
        "gap_se": se,
        "p_low": p_low,
        "p_high": p_high,
        "tier": tier(max(p_low, p_high), frozen.confirmed_from),
    }


def _below(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _line(health: FloatArray, equated: FloatArray) -> tuple[float, float]:
    """The line on which equated health lies over health; the same where there is nothing to tell it from."""
    if not len(health):
        return 1.0, 0.0
    least, most = int(health.argmin()), int(health.argmax())
    run = float(health[most] - health[least])
    slope = float(equated[most] - equated[least]) / run if run else 0.0
    return slope, float(equated[least]) - slope * float(health[least])


def _centre(values: FloatArray, variances: FloatArray) -> Centre | None:
    found = shrink(values, variances)
    if found.mu is None or found.se_mu is None or found.tau2 is None:
        return None
    return Centre(found.mu, found.se_mu, found.tau2)
