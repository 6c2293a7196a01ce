"""The draw: a stratified sample that anyone can recompute from its audit record."""

import hashlib
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CODE_VERSION = "draw-1"
"""Names the algorithm below; it changes whenever the same input would give another draw or another record."""

PARETO_VERSION = "draw-2"
"""The same with probabilities: their accounts are drawn by Pareto sampling."""

_SPAN = 2**64


@dataclass(frozen=True, slots=True)
class Unit:
    """One account of the sampling frame; `arr` in the workspace's currency per year, None where unknown."""

    account_id: str
    stratum: str
    arr: float | None = None


@dataclass(frozen=True)
class Draw:
    """The selected accounts, each stratum's reserves, the design weights and the record of how they came about."""

    selected: list[str]
    reserves: dict[str, list[str]]
    weights: dict[str, float]
    audit: dict[str, Any]


def draw(
    frame: Iterable[Unit],
    allocation: Mapping[str, int],
    *,
    seed: int | str,
    wave: str,
    raw_allocation: Mapping[str, float] | None = None,
    probabilities: Mapping[str, float] | None = None,
) -> Draw:
    """Draws per stratum the n_h accounts with the smallest u; independent of row order and of any random generator.

    u is the first 8 bytes (big-endian) of SHA-256("seed|wave|account_id") over 2⁶⁴, so the same account keeps its u
    between draws of a wave. Weights are N_h/n_h. Selected accounts stand by stratum, then by rising u; the reserves of
    a stratum are its other accounts by rising u. `raw_allocation` is only recorded.

    In strata whose accounts stand in `probabilities` (π between 0 and 1, Σπ = n_h) the n_h accounts with the smallest
    [u/(1−u)]/[π/(1−π)] are drawn instead (Pareto sampling), with weights 1/π. Raises ValueError for duplicate accounts,
    for a stratum that is unknown or without an n_h, for n_h > N_h, and for a π out of range or only given for part of a
    stratum (Ohlsson 1995; Rosén 1997).
    """
    units = sorted(frame, key=lambda unit: unit.account_id)
    _check_frame(units)
    tickets = {unit.account_id: _ticket(unit.account_id, seed, wave) for unit in units}
    sized = _checked_probabilities(units, probabilities or {})
    ranked = _ranked(units, tickets, probabilities or {})
    counts = _checked_allocation(allocation, ranked)
    selected = [account_id for stratum, n in counts.items() for account_id in ranked[stratum][:n]]
    reserves = {stratum: ranked[stratum][n:] for stratum, n in counts.items()}
    weights = {
        a: 1 / probabilities[a] if probabilities and h in sized else len(ranked[h]) / n
        for h, n in counts.items()
        for a in ranked[h][:n]
    }
    audit: dict[str, Any] = {
        "code_version": CODE_VERSION if probabilities is None else PARETO_VERSION,
        "seed": seed,
        "wave": wave,
        "frame_sha256": frame_sha256(units),
        "allocation": [
            _stratum_record(h, len(ranked[h]), n, raw_allocation) | ({"pi": None} if h in sized else {})
            for h, n in counts.items()
        ],
        "columns": ["account_id", "stratum", "arr", "u"],
        "frame": [[u.account_id, u.stratum, _plain(u.arr), tickets[u.account_id] / _SPAN] for u in units],
        "selected": [
            {"account_id": a, "pi": (probabilities or {}).get(a, 1 / w), "weight": w} for a, w in weights.items()
        ],
    }
    if probabilities is not None:
        audit["probabilities"] = dict(sorted(probabilities.items()))
    return Draw(selected, reserves, weights, audit)


def random_number(account_id: str, seed: int | str, wave: str) -> float:
    """The account's u in [0, 1]: first 8 bytes, big-endian, of SHA-256("seed|wave|account_id") over 2⁶⁴."""
    return _ticket(account_id, seed, wave) / _SPAN


def frame_sha256(frame: Iterable[Unit]) -> str:
    """SHA-256 (hex) of the canonical frame: JSON rows [account_id, stratum, arr], sorted by account_id."""
    rows = [[u.account_id, u.stratum, _plain(u.arr)] for u in sorted(frame, key=lambda unit: unit.account_id)]
    return hashlib.sha256(_canonical(rows)).hexdigest()


def audit_sha256(audit: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of an audit record in canonical JSON; the same before and after a journey through a database."""
    return hashlib.sha256(_canonical(audit)).hexdigest()


def recompute(audit: Mapping[str, Any]) -> Draw:
    """The draw made once more from nothing but its audit record."""
    frame = [Unit(account_id, stratum, arr) for account_id, stratum, arr, _ in audit["frame"]]
    strata = audit["allocation"]
    raw = {row["stratum"]: row["raw"] for row in strata if row["raw"] is not None}
    allocation = {row["stratum"]: row["n"] for row in strata}
    return draw(
        frame,
        allocation,
        seed=audit["seed"],
        wave=audit["wave"],
        raw_allocation=raw,
        probabilities=audit.get("probabilities"),
    )


def is_genuine(audit: Mapping[str, Any]) -> bool:
    """Whether the record is what its own frame, seed, wave and allocation give: no account moved in, out or about."""
    try:
        return audit_sha256(recompute(audit).audit) == audit_sha256(audit)
    except (KeyError, TypeError, ValueError):
        return False


def _ranked(
    units: Sequence[Unit], tickets: Mapping[str, int], probabilities: Mapping[str, float]
) -> dict[str, list[str]]:
    strata: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for unit in units:
        ticket = tickets[unit.account_id]
        rank = _pareto_rank(ticket, probabilities[unit.account_id]) if unit.account_id in probabilities else 0.0
        strata[unit.stratum].append((rank, ticket, unit.account_id))
    return {stratum: [account_id for *_, account_id in sorted(strata[stratum])] for stratum in sorted(strata, key=str)}


def _pareto_rank(ticket: int, pi: float) -> float:
    # u/(1−u) by the integers: a u that rounds to 1 would divide by 0.
    return ticket / (_SPAN - ticket) * ((1 - pi) / pi)


def _ticket(account_id: str, seed: int | str, wave: str) -> int:
    # Ranking by the integer keeps apart what two floats might not.
    return int.from_bytes(hashlib.sha256(f"{seed}|{wave}|{account_id}".encode()).digest()[:8], "big")


def _check_frame(units: Sequence[Unit]) -> None:
    for unit, following in itertools.pairwise(units):
        if unit.account_id == following.account_id:
            raise ValueError(f"account {unit.account_id} stands in the frame twice")
    for unit in units:
        if unit.arr is not None and not math.isfinite(unit.arr):
            raise ValueError(f"account {unit.account_id}: ARR is not finite")


def _checked_probabilities(units: Sequence[Unit], probabilities: Mapping[str, float]) -> set[str]:
    """The strata that are drawn by Pareto sampling."""
    wrong = [account_id for account_id, pi in probabilities.items() if not 0 < pi < 1]
    if wrong:
        raise ValueError(f"account {wrong[0]}: a probability lies between 0 and 1")
    sized = {unit.stratum for unit in units if unit.account_id in probabilities}
    bare = [u.account_id for u in units if u.stratum in sized and u.account_id not in probabilities]
    if bare:
        raise ValueError(f"account {bare[0]} has no probability, unlike others of its stratum")
    return sized


def _checked_allocation(allocation: Mapping[str, int], ranked: Mapping[str, list[str]]) -> dict[str, int]:
    unknown = [stratum for stratum, n in allocation.items() if stratum not in ranked and n != 0]
    if unknown:
        raise ValueError(f"the frame has no stratum {unknown[0]}")
    counts = {}
    for stratum, accounts in ranked.items():
        if stratum not in allocation:
            raise ValueError(f"the allocation says nothing about stratum {stratum}")
        n = allocation[stratum]
        if n != int(n) or not 0 <= n <= len(accounts):
            raise ValueError(f"stratum {stratum}: cannot draw {n} of {len(accounts)} accounts")
        counts[stratum] = int(n)
    return counts


def _stratum_record(stratum: str, size: int, n: int, raw: Mapping[str, float] | None) -> dict[str, Any]:
    share = raw.get(stratum) if raw else None
    return {"stratum": stratum, "size": size, "n": n, "raw": None if share is None else float(share), "pi": n / size}


def _plain(arr: float | None) -> float | None:
    return None if arr is None else float(arr)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
