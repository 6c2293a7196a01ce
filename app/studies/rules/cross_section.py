"""The cross-section of a study: frame, strata, certainty, draw and modes, all recomputable from one record."""

import hashlib
import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.documents import canonical_sha256
from app.customers.rules import GONE
from app.studies.rules.allocation import Allocation, neyman
from app.studies.rules.drawing import Draw, Unit, draw
from app.studies.rules.plan import Design, Method, Mode, design_document, design_of
from app.studies.rules.pps import sized_shares
from app.studies.rules.spreads import Scores, ScoreSource, spreads

CODE_VERSIONS = {
    Method.CENSUS: "cross-section-1",
    Method.PROPORTIONAL: "cross-section-1",
    Method.NEYMAN: "cross-section-2",
    Method.PPS: "cross-section-2",
}
"""Name the steps below; one changes whenever the same population would give another cross-section or record."""

ALL = "all"
CERTAINTY = "certainty"
WITHOUT_SIZE = "without ARR"
"""The stratum of a PPS draw's accounts whose ARR is 0 or unknown: they are drawn without PPS."""

MISSING = "(none)"
LONGEST_LABEL = 400

Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the population, in or out of the frame; `arr` is None where unknown or in another currency.

    `values` are those of the design's `fields`, in that order: text, texts (tags), or None where missing.
    """

    account_id: str
    status: str
    arr: float | None
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Drawn:
    """One drawn account; `stratum_size` counts the stratum's accounts in the frame."""

    account_id: str
    stratum: str
    stratum_size: int
    weight: float
    is_certainty: bool
    mode: str


@dataclass(frozen=True)
class CrossSection:
    """The drawn accounts by account id, accounts per stratum, and the record from which all of it can be recomputed.

    `warnings` are sentences about how it was drawn.
    """

    drawn: list[Drawn]
    allocation: dict[str, int]
    frame_size: int
    audit: dict[str, Any]
    warnings: list[str] = field(default_factory=list)

    @property
    def audit_sha256(self) -> str:
        """SHA-256 (hex) of the record in canonical JSON."""
        return canonical_sha256(self.audit)


@dataclass(frozen=True)
class _Shares:
    """Each account's stratum, places per stratum, and with PPS each π of the accounts that are drawn by size."""

    strata: dict[str, str]
    raw: dict[str, float]
    counts: dict[str, int]
    probabilities: dict[str, float] | None = None
    warnings: list[str] = field(default_factory=list)


def cross_section(population: Sequence[Member], design: Design, *, scores: Scores | None = None) -> CrossSection:
    """Draw a cross-section of accounts: the same population, design and seed give the same one, in whatever row order.

    The frame are the members that the filter lets through and whose status is not inactive or churned. Certainty
    accounts (listed, and the `top_arr` largest by ARR) are drawn with weight 1 in a stratum of their own; a census
    draws everyone with weight 1 and needs none. The rest is allocated with the minimum per stratum: in proportion to
    the strata, or by Neyman to N_h·S_h of the `scores` (see `has_spreads`; without them in proportion, with a warning);
    the weights N_h/n_h add up to the frame. PPS draws by ARR inside the strata with weights 1/π, which add up to the
    frame on average only: see `sized_shares`. Accounts whose ARR is 0 or unknown are then a stratum of their own,
    drawn at random, with their share of the places by heads and the minimum at least.

    Raises ValueError with a sentence for an empty frame, an account twice, a certainty account outside the frame, a
    size that the frame or the minimums do not allow, and a negative ARR with PPS (Cochran 1977, ch. 5; Rosén 1997).
    """
    members = sorted(population, key=lambda member: member.account_id)
    frame = _frame(members, design)
    certain = certainty_accounts(frame, design)
    used = scores if design.method is Method.NEYMAN and has_spreads(members, design, scores) else None
    shares = _shares(frame, certain, design, used)
    certain = {account_id for account_id, stratum in shares.strata.items() if stratum == CERTAINTY}
    units = [Unit(m.account_id, shares.strata[m.account_id], m.arr) for m in frame]
    sizes = Counter(unit.stratum for unit in units)
    result = draw(
        units,
        shares.counts,
        seed=design.seed,
        wave=design.wave,
        raw_allocation=shares.raw,
        probabilities=shares.probabilities,
    )
    modes = _modes(result, units, design)
    drawn = _drawn(result, units, sizes, modes)
    _check_weights(drawn, sizes, shares.probabilities or {})
    audit = _audit(members, design, certain, result, modes)
    if design.method is Method.NEYMAN:
        audit["population"]["scores"] = _scores_record(frame, used)
    return CrossSection(drawn, shares.counts, len(frame), audit, shares.warnings)


def has_spreads(population: Sequence[Member], design: Design, scores: Scores | None) -> bool:
    """Whether scores are known of two accounts at least in each stratum of two accounts or more, the certain left out.

    Raises ValueError as `cross_section` does for the frame and the certainty accounts.
    """
    members = sorted(population, key=lambda member: member.account_id)
    frame = _frame(members, design)
    return None not in spreads(_uncertain(frame, certainty_accounts(frame, design), design), scores).values()


def chosen_scores(population: Sequence[Member], design: Design, candidates: Sequence[Scores]) -> Scores | None:
    """The first of the candidates, the better source first, that Neyman allocation can go by; None where none is."""
    return next((scores for scores in candidates if has_spreads(population, design, scores)), None)


def certainty_accounts(frame: Sequence[Member], design: Design) -> set[str]:
    """The accounts that are drawn for certain; ties of ARR go to the smaller account id, unknown ARR is never on top.

    Raises ValueError where a listed account is not in the frame or where they are more than the study's size.
    """
    outside = set(design.certain_accounts) - {member.account_id for member in frame}
    if outside:
        raise ValueError(f"The certainty account “{min(outside)}” is not in the frame.")
    if design.method is Method.CENSUS:
        return set()
    known = [(-member.arr, member.account_id) for member in frame if member.arr is not None]
    certain = {account_id for _, account_id in heapq.nsmallest(design.top_arr, known)} | set(design.certain_accounts)
    if design.size is not None and len(certain) > design.size:
        raise ValueError(f"The {len(certain):,} certainty accounts are more than the size {design.size:,}.")
    return certain


def label(member: Member, design: Design) -> str:
    """The name of a member's stratum: its strata values joined, where no two combinations share a name.

    Raises ValueError where the name is longer than 400 characters.
    """
    if not design.strata:
        return ALL
    values = dict(zip(design.fields, member.values, strict=True))
    name = " | ".join(_label_part(values[field]) for field in design.strata)
    if len(name) > LONGEST_LABEL:
        raise ValueError(
            f"The strata values of account “{member.account_id}” are longer than {LONGEST_LABEL} characters."
        )
    reserved = (CERTAINTY, WITHOUT_SIZE) if design.method is Method.PPS else (CERTAINTY,)
    return f"\\{name}" if name in reserved else name


def is_in_frame(member: Member, design: Design) -> bool:
    """Whether the filter lets a member through whose status is not inactive or churned."""
    return not _is_gone(member) and _is_let_through(member, design)


def recomputed(audit: Mapping[str, Any]) -> CrossSection:
    """The cross-section made once more from nothing but its record; ValueError where the record cannot be read."""
    try:
        rows = audit["population"]["rows"]
        members = [Member(row[0], row[1], row[2], tuple(row[3:])) for row in rows]
        return cross_section(members, design_of(audit["plan"]), scores=_recorded_scores(audit["population"]))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError("The record of the draw is not complete.") from error


def _frame(members: Sequence[Member], design: Design) -> list[Member]:
    frame = [member for member in members if is_in_frame(member, design)]
    if not frame:
        raise ValueError("No account is in the frame: the filter lets none through, or all are inactive or churned.")
    for member, following in itertools.pairwise(frame):
        if member.account_id == following.account_id:
            raise ValueError(f"The account “{member.account_id}” stands in the frame twice.")
    return frame


def _uncertain(frame: Sequence[Member], certain: set[str], design: Design) -> dict[str, str]:
    return {member.account_id: label(member, design) for member in frame if member.account_id not in certain}


def _is_gone(member: Member) -> bool:
    return member.status.strip().casefold() in GONE


def _is_let_through(member: Member, design: Design) -> bool:
    values = dict(zip(design.fields, member.values, strict=True))
    return all(_matches(values[field], allowed) for field, allowed in design.filter.items())


def _matches(value: Value, allowed: Sequence[str | None]) -> bool:
    if isinstance(value, list):
        return any(each in allowed for each in value) or (not value and None in allowed)
    return value in allowed


def _label_part(value: Value) -> str:
    text = "; ".join(value) if isinstance(value, list) else value
    # Escaped, so that the bar that joins two values is never mistaken for a bar inside one of them.
    return text.replace("\\", "\\\\").replace("|", "\\|") if text else MISSING


def _shares(frame: Sequence[Member], certain: set[str], design: Design, scores: Scores | None) -> _Shares:
    if design.method is Method.PPS:
        return _shares_by_size(frame, certain, design)
    labels = _uncertain(frame, certain, design)
    strata = {m.account_id: labels.get(m.account_id, CERTAINTY) for m in frame}
    sizes = Counter(strata.values())
    spread: Mapping[str, float | None] = spreads(labels, scores) if scores else dict.fromkeys(sizes, 1.0)
    allocation = _allocation(sizes, design, spread)
    raw = dict(zip(sorted(sizes), allocation.raw, strict=True))
    counts = dict(zip(sorted(sizes), allocation.rounded, strict=True))
    is_plain = design.method is Method.NEYMAN and scores is None
    return _Shares(strata, raw, counts, warnings=[_NO_SPREADS] if is_plain else [])


_NO_SPREADS = (
    "Neyman allocation needs the scores of two accounts in each stratum, and neither the last voices nor health have "
    "them: the places were shared out in proportion instead."
)


def _allocation(sizes: Mapping[str, int], design: Design, spread: Mapping[str, float | None]) -> Allocation:
    strata = sorted(sizes)
    if design.method is Method.CENSUS or design.size is None:
        return Allocation([float(sizes[h]) for h in strata], [sizes[h] for h in strata])
    counts = [sizes[h] for h in strata]
    least = [sizes[h] if h == CERTAINTY else min(design.minimum_per_stratum, sizes[h]) for h in strata]
    _check_size(design, design.size, sum(counts), sum(least))
    return _around_certainty(strata, counts, design, least, spread)


def _check_size(design: Design, size: int, total: int, least: int) -> None:
    if size > total:
        raise ValueError(f"The size {size:,} is more than the {total:,} accounts in the frame.")
    if least > size:
        raise ValueError(
            f"The size {size:,} is less than the {least:,} accounts that certainty and "
            f"{design.minimum_per_stratum} per stratum ask for."
        )


def _around_certainty(
    strata: list[str], counts: list[int], design: Design, least: list[int], spread: Mapping[str, float | None]
) -> Allocation:
    rest = [h for h, stratum in enumerate(strata) if stratum != CERTAINTY]
    certain = sum(counts) - sum(counts[h] for h in rest)
    raw, rounded = [float(count) for count in counts], list(counts)
    if rest:
        wanted = (design.size or 0) - certain
        spread_of = [spread[strata[h]] for h in rest]
        part = neyman([counts[h] for h in rest], spread_of, wanted, minimum=[least[h] for h in rest])
        for position, h in enumerate(rest):
            raw[h], rounded[h] = part.raw[position], part.rounded[position]
    elif design.size != certain:
        raise ValueError(f"The size {design.size:,} is more than the {certain:,} accounts in the frame.")
    return Allocation(raw, rounded)


def _shares_by_size(frame: Sequence[Member], certain: set[str], design: Design) -> _Shares:
    for member in frame:
        if member.arr is not None and member.arr < 0:
            raise ValueError(f"The account “{member.account_id}” has a negative ARR, by which PPS cannot draw.")
    labels = _uncertain(frame, certain, design)
    measures = {m.account_id: m.arr for m in frame if m.arr and m.account_id in labels}
    bare = [account_id for account_id in labels if account_id not in measures]
    size, minimum = design.size or 0, design.minimum_per_stratum
    least = [
        min(minimum, len(bare)),
        sum(min(minimum, n) for n in Counter(labels[account_id] for account_id in measures).values()),
    ]
    _check_size(design, size, len(frame), len(certain) + sum(least))
    by_heads = neyman([len(bare), len(measures)], [1.0, 1.0], size - len(certain), minimum=least)
    sized = sized_shares(measures, labels, by_heads.rounded[1], minimum=minimum, size=size)
    strata = dict.fromkeys(certain | sized.certain, CERTAINTY) | dict.fromkeys(bare, WITHOUT_SIZE)
    strata |= {account_id: labels[account_id] for account_id in sized.probabilities}
    counts, raw = dict(sized.counts), dict(sized.raw)
    if bare:
        counts[WITHOUT_SIZE], raw[WITHOUT_SIZE] = by_heads.rounded[0], by_heads.raw[0]
    if certain | sized.certain:
        counts[CERTAINTY] = len(certain | sized.certain)
        raw[CERTAINTY] = float(counts[CERTAINTY])
    warnings = [f"Accounts without ARR to go by, drawn at random as a stratum of their own: {len(bare):,}."]
    return _Shares(strata, raw, dict(sorted(counts.items())), sized.probabilities, warnings if bare else [])


def _modes(result: Draw, units: Sequence[Unit], design: Design) -> dict[str, str]:
    if design.mode is not Mode.BOTH:
        return dict.fromkeys(result.selected, str(design.mode))
    strata = {unit.account_id: unit.stratum for unit in units}
    order = sorted(result.selected, key=lambda a: (strata[a], _second_hash(f"{design.seed}|{design.wave}|{a}|mode"), a))
    # Alternation runs on from stratum to stratum: within each, and over all, the two modes differ by one at most.
    doors = [str(Mode.INTERVIEW), str(Mode.SURVEY)]
    if _second_hash(f"{design.seed}|{design.wave}|mode")[0] % 2:
        doors.reverse()
    return dict(zip(order, itertools.cycle(doors), strict=False))


def _second_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


def _drawn(result: Draw, units: Sequence[Unit], sizes: Mapping[str, int], modes: Mapping[str, str]) -> list[Drawn]:
    return [
        Drawn(
            account_id=unit.account_id,
            stratum=unit.stratum,
            stratum_size=sizes[unit.stratum],
            weight=result.weights[unit.account_id],
            is_certainty=unit.stratum == CERTAINTY,
            mode=modes[unit.account_id],
        )
        for unit in units
        if unit.account_id in result.weights
    ]


def _check_weights(drawn: Sequence[Drawn], sizes: Mapping[str, int], probabilities: Mapping[str, float]) -> None:
    """Σw_h must be N_h: each of the n_h weights is N_h/n_h, and no stratum is without an account; 1/π adds up less."""
    weights: dict[str, list[float]] = defaultdict(list)
    sized = {account.stratum for account in drawn if account.account_id in probabilities}
    for account in drawn:
        weights[account.stratum].append(account.weight)
    for stratum, size in ((h, size) for h, size in sizes.items() if h not in sized):
        found = weights[stratum]
        if not found or found != [size / len(found)] * len(found):
            raise ValueError(f"The design weights of stratum “{stratum}” do not add up to its {size:,} accounts.")


def _audit(
    members: Sequence[Member], design: Design, certain: set[str], result: Draw, modes: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "code_version": CODE_VERSIONS[design.method],
        "plan": design_document(design),
        "population": {
            "columns": ["account_id", "status", "arr", *design.fields],
            "rows": [[m.account_id, m.status, m.arr, *m.values] for m in members],
        },
        "certainty": sorted(certain),
        "draw": result.audit,
        "modes": dict(sorted(modes.items())),
    }


def _scores_record(frame: Sequence[Member], scores: Scores | None) -> dict[str, Any] | None:
    if scores is None:
        return None
    known = {m.account_id: scores.by_account[m.account_id] for m in frame if m.account_id in scores.by_account}
    return {"source": str(scores.source), "by_account": known}


def _recorded_scores(population: Mapping[str, Any]) -> Scores | None:
    record = population.get("scores")
    return record and Scores(ScoreSource(record["source"]), record["by_account"])
