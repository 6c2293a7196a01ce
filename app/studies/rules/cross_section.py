"""The cross-section of a study: frame, strata, certainty, draw and modes, all recomputable from one record."""

import hashlib
import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.documents import canonical_sha256
from app.studies.rules.allocation import Allocation, neyman
from app.studies.rules.drawing import Draw, Unit, draw
from app.studies.rules.plan import Design, Method, Mode, design_document, design_of

CODE_VERSION = "cross-section-1"
"""Names the steps below; it changes whenever the same population would give another cross-section or record."""

ALL = "all"
CERTAINTY = "certainty"
MISSING = "(none)"
LONGEST_LABEL = 400
GONE = frozenset({"inactive", "churned"})

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
    """The drawn accounts by account id, accounts per stratum, and the record from which all of it can be recomputed."""

    drawn: list[Drawn]
    allocation: dict[str, int]
    frame_size: int
    audit: dict[str, Any]

    @property
    def audit_sha256(self) -> str:
        """SHA-256 (hex) of the record in canonical JSON."""
        return canonical_sha256(self.audit)


def cross_section(population: Sequence[Member], design: Design) -> CrossSection:
    """Draw a cross-section of accounts: the same population, design and seed give the same one, in whatever row order.

    The frame are the members that the filter lets through and whose status is not inactive or churned. Certainty
    accounts (listed, and the `top_arr` largest by ARR) are drawn with weight 1 in a stratum of their own; a census
    draws everyone with weight 1 and needs none. The rest is allocated in proportion to the strata with the minimum per
    stratum, and the weights N_h/n_h add up to the frame. Raises ValueError with a sentence for an empty frame, an
    account twice, a certainty account outside the frame, and a size that the frame or the minimums do not allow
    (Cochran 1977, ch. 5).
    """
    members = sorted(population, key=lambda member: member.account_id)
    frame = [member for member in members if not _is_gone(member) and _is_let_through(member, design)]
    if not frame:
        raise ValueError("No account is in the frame: the filter lets none through, or all are inactive or churned.")
    certain = certainty_accounts(frame, design)
    units = [Unit(m.account_id, CERTAINTY if m.account_id in certain else label(m, design), m.arr) for m in frame]
    sizes = Counter(unit.stratum for unit in units)
    allocation = _allocation(sizes, design)
    raw = dict(zip(sorted(sizes), allocation.raw, strict=True))
    counts = dict(zip(sorted(sizes), allocation.rounded, strict=True))
    result = draw(units, counts, seed=design.seed, wave=design.wave, raw_allocation=raw)
    modes = _modes(result, units, design)
    drawn = _drawn(result, units, sizes, modes)
    _check_weights(drawn, sizes)
    return CrossSection(drawn, counts, len(frame), _audit(members, design, certain, result, modes))


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
    return f"\\{name}" if name == CERTAINTY else name


def recomputed(audit: Mapping[str, Any]) -> CrossSection:
    """The cross-section made once more from nothing but its record; ValueError where the record cannot be read."""
    try:
        rows = audit["population"]["rows"]
        members = [Member(row[0], row[1], row[2], tuple(row[3:])) for row in rows]
        return cross_section(members, design_of(audit["plan"]))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError("The record of the draw is not complete.") from error


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


def _allocation(sizes: Mapping[str, int], design: Design) -> Allocation:
    strata = sorted(sizes)
    if design.method is Method.CENSUS or design.size is None:
        return Allocation([float(sizes[h]) for h in strata], [sizes[h] for h in strata])
    counts = [sizes[h] for h in strata]
    total = sum(counts)
    if design.size > total:
        raise ValueError(f"The size {design.size:,} is more than the {total:,} accounts in the frame.")
    least = [sizes[h] if h == CERTAINTY else min(design.minimum_per_stratum, sizes[h]) for h in strata]
    if sum(least) > design.size:
        raise ValueError(
            f"The size {design.size:,} is less than the {sum(least):,} accounts that certainty and "
            f"{design.minimum_per_stratum} per stratum ask for."
        )
    return _around_certainty(strata, counts, design, least)


def _around_certainty(strata: list[str], counts: list[int], design: Design, least: list[int]) -> Allocation:
    rest = [h for h, stratum in enumerate(strata) if stratum != CERTAINTY]
    certain = sum(counts) - sum(counts[h] for h in rest)
    raw, rounded = [float(count) for count in counts], list(counts)
    if rest:
        wanted = (design.size or 0) - certain
        part = neyman([counts[h] for h in rest], [1.0] * len(rest), wanted, minimum=[least[h] for h in rest])
        for position, h in enumerate(rest):
            raw[h], rounded[h] = part.raw[position], part.rounded[position]
    elif design.size != certain:
        raise ValueError(f"The size {design.size:,} is more than the {certain:,} accounts in the frame.")
    return Allocation(raw, rounded)


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


def _check_weights(drawn: Sequence[Drawn], sizes: Mapping[str, int]) -> None:
    """Σw_h must be N_h: each of the n_h weights is N_h/n_h, and no stratum is without an account."""
    weights: dict[str, list[float]] = defaultdict(list)
    for account in drawn:
        weights[account.stratum].append(account.weight)
    for stratum, size in sizes.items():
        found = weights[stratum]
        if not found or found != [size / len(found)] * len(found):
            raise ValueError(f"The design weights of stratum “{stratum}” do not add up to its {size:,} accounts.")


def _audit(
    members: Sequence[Member], design: Design, certain: set[str], result: Draw, modes: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "code_version": CODE_VERSION,
        "plan": design_document(design),
        "population": {
            "columns": ["account_id", "status", "arr", *design.fields],
            "rows": [[m.account_id, m.status, m.arr, *m.values] for m in members],
        },
        "certainty": sorted(certain),
        "draw": result.audit,
        "modes": dict(sorted(modes.items())),
    }
