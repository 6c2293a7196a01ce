"""What a design would draw, before anything is stored; margins of error follow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.studies.rules.cross_section import Member, cross_section
from app.studies.rules.plan import Design


@dataclass(frozen=True)
class PreviewStratum:
    """One stratum: accounts in the frame and drawn."""

    name: str
    size: int
    drawn: int


@dataclass(frozen=True)
class Preview:
    """What a design comes to; margins are None where they cannot be said."""

    accounts: int
    frame_size: int
    strata: list[PreviewStratum]
    account_ids: list[str]
    modes: dict[str, int]
    margin_mean: float | None = None
    margin_share: float | None = None
    margin_nps: float | None = None
    assumed_sd: float | None = 20.0
    response_share: float = 0.6
    warnings: list[str] = field(default_factory=list)


def preview(
    population: Sequence[Member],
    design: Design,
    *,
    scores: Mapping[str, float] | None = None,  # noqa: ARG001  (Neyman's scores come with the margins)
    response_share: float = 0.6,
) -> Preview:
    """Draw by the design without storing anything; ValueError as `cross_section` says."""
    section = cross_section(population, design)
    sizes = {drawn.stratum: drawn.stratum_size for drawn in section.drawn}
    return Preview(
        accounts=len(section.drawn),
        frame_size=section.frame_size,
        strata=[PreviewStratum(name, sizes[name], n) for name, n in section.allocation.items()],
        account_ids=[drawn.account_id for drawn in section.drawn],
        modes=dict(Counter(drawn.mode for drawn in section.drawn)),
        response_share=response_share,
    )
