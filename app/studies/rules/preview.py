"""What a design would draw and how sure its figures would be, before anything is drawn or stored."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.studies.rules.cross_section import CrossSection, Member, cross_section
from app.studies.rules.plan import Design
from app.studies.rules.spreads import Scores, spreads

ASSUMED_SD = 20.0
"""Points by which accounts' scores are taken to differ where no scores are known."""

RESPONSE_SHARE = 0.6
"""Share of the drawn accounts that is taken to answer."""

_LEAST_ANSWERS = 2
_SHARE_SD = 50.0  # Points of per cent: a share of one half differs most.
_NPS_SD = 100 * math.sqrt(2 / 3)  # As many promoters as passives as detractors.
_LEVEL = 0.95

_TOO_FEW = (
    "Fewer than two accounts can be expected to answer, so no margin of error can be given: draw more accounts, or "
    "count on a larger share of answers."
)


@dataclass(frozen=True)
class PreviewStratum:
    """One stratum: accounts in the frame and drawn; `sd` (points) of the scores known of it, None where unknown."""

    name: str
    size: int
    drawn: int
    sd: float | None = None


@dataclass(frozen=True)
class Preview:
    """What a design comes to; margins are half 95 % intervals, None where they cannot be said, with a warning.

    `account_ids` are exactly the accounts that a draw of the same population would give. `modes` counts them by mode,
    and `doors` names the mode of each.
    `margin_mean` is in points of 0–100, `margin_share` in points of per cent, `margin_nps` in NPS points. `assumed_sd`
    (points) is what the strata without known scores were taken to have, None where all of them are known.
    """

    accounts: int
    frame_size: int
    strata: list[PreviewStratum]
    account_ids: list[str]
    modes: dict[str, int]
    margin_mean: float | None
    margin_share: float | None
    margin_nps: float | None
    assumed_sd: float | None
    response_share: float
    warnings: list[str] = field(default_factory=list)
    doors: dict[str, str] = field(default_factory=dict)


def preview(
    population: Sequence[Member],
    design: Design,
    *,
    scores: Scores | None = None,
    response_share: float = RESPONSE_SHARE,
) -> Preview:
    """Draw by the design without storing anything, and say the margins of error that its figures would have.

    With π_i the chance of each of the N accounts of the frame (n_h/N_h of its stratum, with PPS by size; 1 for certain
    ones) and r the share of drawn accounts that answers, V = Σ_i S_i²·(1/(r·π_i) − 1)/N², which for a stratified draw
    is Σ_h W_h²·(1 − m_h/N_h)·S_h²/m_h with m_h = r·n_h answers. The margin is t·√V.

    - of a mean: S_h is the standard deviation of the stratum's known `scores` (two at least), else 20 points;
    - of a share: S = 50 points of per cent, that of p = .5, the most there is;
    - of the NPS: S = 100·√⅔ = 81.6, that of as many promoters as passives as detractors.

    t has m − H degrees of freedom, with m = Σm_h answers and H strata, at most as many as have two answers each (lone
    ones are joined when figures are made); everyone answering in a stratum taken whole adds no variance and none of
    these. Raises ValueError as `cross_section` does, and for a response share that is not above 0 and at most 1
    (Cochran 1977, ch. 5).
    """
    if not 0 < response_share <= 1:
        raise ValueError("The share of accounts that answer must be above 0 and at most 100 %.")
    section = cross_section(population, design, scores=scores)
    strata = {account_id: stratum for account_id, stratum, _, _ in section.audit["draw"]["frame"]}
    sizes = Counter(strata.values())
    # A stratum of one account shows no spread, which does not mean that it has none.
    known = {h: spread if sizes[h] > 1 else None for h, spread in spreads(strata, scores).items()}
    reach = _reach(section, sizes, response_share)
    return Preview(
        accounts=len(section.drawn),
        frame_size=section.frame_size,
        strata=[PreviewStratum(h, sizes[h], n, known[h]) for h, n in section.allocation.items()],
        account_ids=[drawn.account_id for drawn in section.drawn],
        modes=dict(sorted(Counter(drawn.mode for drawn in section.drawn).items())),
        margin_mean=_margin(section, sizes, reach, {h: ASSUMED_SD if s is None else s for h, s in known.items()}),
        margin_share=_margin(section, sizes, reach, dict.fromkeys(sizes, _SHARE_SD)),
        margin_nps=_margin(section, sizes, reach, dict.fromkeys(sizes, _NPS_SD)),
        assumed_sd=ASSUMED_SD if None in known.values() else None,
        response_share=response_share,
        warnings=section.warnings + ([_TOO_FEW] if reach is None else []),
        doors={drawn.account_id: drawn.mode for drawn in section.drawn},
    )


@dataclass(frozen=True)
class _Reach:
    """Per stratum Σ_i(1/(r·π_i) − 1), and the t that goes with the expected answers."""

    factors: dict[str, float]
    t: float


def _reach(section: CrossSection, sizes: Mapping[str, int], share: float) -> _Reach | None:
    if share * len(section.drawn) < _LEAST_ANSWERS:
        return None
    probabilities: Mapping[str, float] = section.audit["draw"].get("probabilities") or {}
    by_size: dict[str, float] = {}
    for account_id, stratum, _, _ in section.audit["draw"]["frame"]:
        if account_id in probabilities:
            by_size[stratum] = by_size.get(stratum, 0.0) + 1 / (share * probabilities[account_id]) - 1
    factors = {
        h: by_size.get(h, sizes[h] * (sizes[h] / (share * n) - 1) if n else 0.0) for h, n in section.allocation.items()
    }
    free = [n for h, n in section.allocation.items() if not (share == 1 and n == sizes[h])]
    answers = math.floor(share * sum(free) + 1e-9)
    return _Reach(factors, _t(max(1, answers - min(len(free), answers // 2))))


def _margin(
    section: CrossSection, sizes: Mapping[str, int], reach: _Reach | None, sds: Mapping[str, float]
) -> float | None:
    if reach is None:
        return None
    variance = math.fsum(sds[h] ** 2 * reach.factors[h] for h in section.allocation if sizes[h])
    return reach.t * math.sqrt(max(variance, 0.0)) / section.frame_size


def _t(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + _LEVEL) / 2))
