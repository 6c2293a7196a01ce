"""Sample allocation: how many accounts each stratum gives, and inclusion probabilities for PPS."""

import bisect
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SPREAD_MISSING = "spread_missing"

_DIGITS = 9  # Shares that differ by less are equal: rounding noise must decide no tie.
_LEAST_SHARE = 1e-100


@dataclass(frozen=True)
class Allocation:
    """Accounts per stratum, in the order of the strata handed over: `raw` as computed, `rounded` to integers."""

    raw: list[float]
    rounded: list[int]
    warnings: list[str] = field(default_factory=list)


def proportional(sizes: Sequence[int], n: int) -> list[int]:
    """Proportional allocation n·N_h/N, rounded by largest remainder; Σ is exactly n.

    `sizes` are the accounts per stratum. Ties go to the larger stratum, then to the earlier one. Computed in integers,
    so no rounding noise can decide. Raises ValueError where n is negative or above ΣN_h (Cochran 1977, ch. 5).
    """
    counts = _counts(sizes, "sizes")
    total = sum(counts)
    wanted = _count(n, "n")
    if wanted > total:
        raise ValueError(f"n={wanted} is more than the {total} accounts in the strata")
    if total == 0:
        return [0] * len(counts)
    shares = [divmod(wanted * size, total) for size in counts]
    order = sorted(range(len(counts)), key=lambda h: (-shares[h][1], -counts[h], h))
    extra = set(order[: wanted - sum(whole for whole, _ in shares)])
    return [whole + (h in extra) for h, (whole, _) in enumerate(shares)]


def neyman(
    sizes: Sequence[int],
    spreads: Sequence[float | None],
    n: int,
    *,
    minimum: int | Sequence[int] = 2,
    maximum: int | Sequence[int] | None = None,
) -> Allocation:
    """Optimum allocation inside bounds: x_h = clip(t·N_h·S_h, m_h, M_h) with t chosen so that Σx_h = n.

    `sizes` N_h in accounts, `spreads` S_h (divisor N_h − 1) in any one unit. m_h = min(minimum, N_h), so a stratum no
    larger than its minimum is taken whole; M_h = min(maximum, N_h). Where a spread is missing (None) or all are 0 the
    allocation is proportional inside the same bounds, the former with the warning `spread_missing`. Integers by largest
    remainder inside the bounds; ties go to the larger N_h, then to the earlier stratum. Raises ValueError for negative
    sizes or spreads, bounds that cross, and n outside the bounds' sums
    (Neyman 1934; Cochran 1977, ch. 5; Wesołowski et al. 2021).
    """
    counts = _counts(sizes, "sizes")
    wanted = _count(n, "n")
    lower = [min(m, size) for m, size in zip(_bounds(minimum, len(counts), "minimum"), counts, strict=True)]
    upper = counts
    if maximum is not None:
        upper = [min(m, size) for m, size in zip(_bounds(maximum, len(counts), "maximum"), counts, strict=True)]
    _check_bounds(lower, upper, wanted)
    shares, warnings = _shares(counts, spreads)
    raw = _bounded(shares, counts, lower, upper, wanted)
    return Allocation(raw, _whole(raw, counts, lower, upper, wanted), warnings)


def inclusion_probabilities(measures: Sequence[float], n: int) -> list[float]:
    """Inclusion probabilities π_i = n·x_i/Σx with iterated certainty units, whose π is exactly 1.0; Σπ = n.

    `measures` are sizes ≥ 0 in any one unit; a measure of 0 gives π = 0 (such accounts belong into a stratum of their
    own). Raises ValueError for a negative measure and for an n above the number of positive measures
    (Tillé 2006; Rosén 1997).
    """
    sizes = [_amount(x, "measures") for x in measures]
    wanted = _count(n, "n")
    if wanted > sum(x > 0 for x in sizes):
        raise ValueError(f"n={wanted} is more than the accounts with a positive measure")
    certain: set[int] = set()
    while True:
        rest = math.fsum(x for i, x in enumerate(sizes) if i not in certain)
        places = wanted - len(certain)
        new = {i for i, x in enumerate(sizes) if i not in certain and x > 0 and places * x >= rest * (1 - 1e-12)}
        if not new or not places:
            break
        certain |= new
    return [1.0 if i in certain else (places * x / rest if rest else 0.0) for i, x in enumerate(sizes)]


def _shares(counts: list[int], spreads: Sequence[float | None]) -> tuple[list[float], list[str]]:
    if len(spreads) != len(counts):
        raise ValueError("sizes and spreads differ in length")
    known = [None if s is None else _amount(s, "spreads") for s in spreads]
    sizes = [float(size) for size in counts]
    if any(s is None for s, size in zip(known, counts, strict=True) if size):
        return sizes, [SPREAD_MISSING]
    products = [size * (s or 0.0) for size, s in zip(sizes, known, strict=True)]
    largest = max(products, default=0.0)
    if largest <= 0:
        return sizes, []
    # A share too small for any account counts as none; dividing a bound by it would overflow.
    return [p / largest if p / largest > _LEAST_SHARE else 0.0 for p in products], []


def _bounded(shares: list[float], counts: list[int], lower: list[int], upper: list[int], n: int) -> list[float]:
    flexible = [share > 0 for share in shares]
    reach = sum(u if flex else m for flex, m, u in zip(flexible, lower, upper, strict=True))
    if reach >= n:
        return _clip_to_sum(shares, lower, upper, n)
    # Every stratum with spread is full; what is left goes to the strata without spread, by size.
    filled = [u if flex else m for flex, m, u in zip(flexible, lower, upper, strict=True)]
    rest = [0.0 if flex else float(size) for flex, size in zip(flexible, counts, strict=True)]
    return _clip_to_sum(rest, filled, upper, n)


def _clip_to_sum(shares: list[float], lower: list[int], upper: list[int], n: int) -> list[float]:
    """The x = clip(t·share) that add up to n, found by halving the list of points where the sum bends."""

    def at(t: float) -> list[float]:
        return [float(min(max(t * s, m), u)) for s, m, u in zip(shares, lower, upper, strict=True)]

    bends = sorted(
        {0.0} | {bound / s for bounds in (lower, upper) for s, bound in zip(shares, bounds, strict=True) if s}
    )
    reached = bisect.bisect_left(bends, float(n), key=lambda t: math.fsum(at(t)))
    if reached == 0:
        return at(0.0)
    before, after = at(bends[reached - 1]), at(bends[min(reached, len(bends) - 1)])
    # Between two bends every x is a straight line, so the sum is met exactly.
    gained = math.fsum(after) - math.fsum(before)
    part = (n - math.fsum(before)) / gained if gained else 0.0
    return [x + part * (y - x) for x, y in zip(before, after, strict=True)]


def _whole(raw: list[float], counts: list[int], lower: list[int], upper: list[int], n: int) -> list[int]:
    steady = [round(x, _DIGITS) for x in raw]
    whole = [min(max(math.floor(x), m), u) for x, m, u in zip(steady, lower, upper, strict=True)]
    remainders = [round(x - w, _DIGITS) for x, w in zip(steady, whole, strict=True)]
    order = sorted(range(len(raw)), key=lambda h: (-remainders[h], -counts[h], h))
    while (missing := n - sum(whole)) > 0:
        for h in [h for h in order if whole[h] < upper[h]][:missing]:
            whole[h] += 1
    return whole


def _check_bounds(lower: list[int], upper: list[int], n: int) -> None:
    if any(m > u for m, u in zip(lower, upper, strict=True)):
        raise ValueError("a stratum's minimum is above its maximum")
    if not sum(lower) <= n <= sum(upper):
        raise ValueError(f"n={n} lies outside the bounds' sums {sum(lower)} and {sum(upper)}")


def _bounds(bound: int | Sequence[int], strata: int, name: str) -> list[int]:
    if not isinstance(bound, Iterable):
        return [_count(bound, name)] * strata
    bounds = [_count(value, name) for value in bound]
    if len(bounds) != strata:
        raise ValueError(f"{name} and sizes differ in length")
    return bounds


def _counts(values: Sequence[int], name: str) -> list[int]:
    return [_count(value, name) for value in values]


def _count(value: object, name: str) -> int:
    number = _amount(value, name)
    if number != math.floor(number):
        raise ValueError(f"{name}: {value} is no whole number")
    return int(number)


def _amount(value: object, name: str) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # Whatever is no number is refused just below.
    except TypeError as error:
        raise ValueError(f"{name}: {value!r} is no number") from error
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name}: {value} is negative or not finite")
    return number
