"""The smallest change of an account's factors after which accounts that look like it renew as often as wished."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.rules.inputs import BoolArray, FloatArray, Numbers, numbers, same_length

Pair = Sequence[float | None]
Bounds = Sequence[Pair | None] | Mapping[int, Pair]

_SLACK = 1e-10  # Log-odds; so that rounding never leaves the target just missed.
_UNREACHABLE = 1e9
_GENERATIONS, _SWARM = 300, 15


@dataclass(frozen=True)
class Plan:
    """A change of the factors in their own units, the probability after it, and its L2 length in sd units."""

    delta: list[float]
    probability: float
    distance: float


@dataclass(frozen=True)
class _Task:
    """Find d within low…high with slope·d ≥ need and least length; all in sd units, `whole` ones on whole x + Δ."""

    slope: FloatArray
    need: float
    low: FloatArray
    high: FloatArray
    whole: BoolArray
    x: FloatArray
    sd: FloatArray


def minimal_change(
    coefficients: Numbers,
    intercept: float,
    x: Numbers,
    sd: Numbers,
    *,
    target: float,
    immutable: Collection[int] = (),
    bounds: Bounds | None = None,
    integers: Collection[int] = (),
    seed: int = 0,
) -> Plan | None:
    """The plan Δ of least length ‖Δ/sd‖ with p(x + Δ) ≥ target in a logit with these raw-scale coefficients, or None.

    `immutable` and `integers` are positions; `bounds` holds (low, high) of x + Δ per factor or by position, None is
    open. A target that is met needs no change. What is free moves along the exact projection on the hyperplane; whole
    numbers are found by a seeded evolutionary search around it. It says what accounts that renew look like, not what
    makes them renew. Raises ValueError for unequal lengths, non-finite numbers, a spread that is not positive, a
    target outside 0–1, crossed bounds and unknown positions (Wachter et al. 2017; Mothilal et al. 2020).
    """
    beta, start, spread = numbers(coefficients, "coefficients"), numbers(x, "x"), numbers(sd, "sd")
    same_length(beta, start, spread)
    base, k = float(numbers([intercept], "intercept")[0]), len(beta)
    fixed, whole = _marked(immutable, k), _marked(integers, k)
    if not 0 < target < 1:
        raise ValueError("the target lies between 0 and 1")
    if (spread[~fixed] <= 0).any():
        raise ValueError("the spread of a factor that can change is positive")
    low, high = _open_bounds(bounds, k)
    need = math.log(target / (1 - target)) - base - float(beta @ start)
    if need <= 0:
        return _plan(np.zeros(k), beta, base, start, spread)
    free = np.flatnonzero(~fixed)
    scale = spread[free]
    least, most = (low[free] - start[free]) / scale, (high[free] - start[free]) / scale
    task = _Task(beta[free] * scale, need + _SLACK, least, most, whole[free], start[free], scale)
    steps = _solve(task, seed)
    if steps is None:
        return None
    delta = np.zeros(k)
    delta[free] = np.where(task.whole, np.round(task.x + steps * scale) - task.x, steps * scale)
    return _plan(delta, beta, base, start, spread)


def distinct_plans(
    coefficients: Numbers,
    intercept: float,
    x: Numbers,
    sd: Numbers,
    *,
    target: float,
    immutable: Collection[int] = (),
    bounds: Bounds | None = None,
    integers: Collection[int] = (),
    seed: int = 0,
    wanted: int = 3,
) -> list[Plan]:
    """Up to three different plans, the shortest first: each does without the factor that moved most in the one before.

    Empty where the target is not reachable; a single plan without change where it is met. Arguments and errors as in
    `minimal_change` (Mothilal et al. 2020).
    """
    plans: list[Plan] = []
    held = set(immutable)
    spread = numbers(sd, "sd")
    while len(plans) < wanted:
        plan = minimal_change(
            coefficients,
            intercept,
            x,
            sd,
            target=target,
            immutable=held,
            bounds=bounds,
            integers=integers,
            seed=seed,
        )
        if plan is None:
            break
        plans.append(plan)
        if plan.distance == 0:
            break
        length = [0.0 if i in held else abs(step) / spread[i] for i, step in enumerate(plan.delta)]
        held.add(length.index(max(length)))
    return plans


def _solve(task: _Task, seed: int) -> FloatArray | None:
    if not task.whole.any():
        return _project(task.slope, task.need, task.low, task.high)
    ends = _whole_range(task)
    if ends is None:
        return None
    first, last = ends
    if np.array_equal(first, last):
        return _with_whole(task, first)
    return _with_whole(task, _evolve(task, first, last, seed))


def _project(slope: FloatArray, need: float, low: FloatArray, high: FloatArray) -> FloatArray | None:
    """The shortest step within the bounds that gains `need`: every factor moves by λ·slope until a bound holds it."""

    def at(multiplier: float) -> FloatArray:
        return np.clip(multiplier * slope, low, high)

    moving = slope != 0
    if float(slope @ at(0.0)) >= need:
        return at(0.0)
    ends = np.concatenate([side[moving] / slope[moving] for side in (low, high)])
    turns = np.unique(np.concatenate(([0.0], ends[np.isfinite(ends) & (ends > 0)])))
    gains = np.array([float(slope @ at(turn)) for turn in turns])
    last = int(np.flatnonzero(gains < need)[-1])
    middle = (turns[last] + turns[last + 1]) / 2 if last + 1 < len(turns) else 2 * turns[last] + 1
    inside = at(middle)
    active = moving & (inside > low) & (inside < high)
    pull = float(np.square(slope[active]).sum())
    if pull == 0:
        return None
    return at(turns[last] + (need - gains[last]) / pull)


def _whole_range(task: _Task) -> tuple[FloatArray, FloatArray] | None:
    """The whole numbers that a best plan can hold: from those beside x to where one factor gains all alone; or none."""
    x, sd, slope = (row[task.whole] for row in (task.x, task.sd, task.slope))
    floor = np.ceil(x + task.low[task.whole] * sd - 1e-9)
    ceiling = np.floor(x + task.high[task.whole] * sd + 1e-9)
    forced = np.clip(0.0, task.low, task.high) * task.slope
    most = task.need + float(np.abs(slope / sd).sum()) + float(np.maximum(-forced, 0.0).sum())
    per_unit = slope / sd
    reach = np.divide(most, per_unit, out=np.zeros_like(x), where=per_unit != 0)
    if (floor > ceiling).any():
        return None
    first = np.clip(np.floor(x + np.minimum(reach, 0.0)), floor, ceiling)
    last = np.clip(np.ceil(x + np.maximum(reach, 0.0)), floor, ceiling)
    return first, last


def _evolve(task: _Task, first: FloatArray, last: FloatArray, seed: int) -> FloatArray:
    from scipy.optimize import differential_evolution

    several = first < last
    chosen, per_unit = first.copy(), (task.slope / task.sd)[task.whole]

    def length(values: FloatArray) -> float:
        chosen[several] = np.round(values)
        steps = _with_whole(task, chosen)
        if steps is None:
            return _UNREACHABLE - float(per_unit @ chosen)
        return float(np.linalg.norm(steps))

    start = _nearby(task, first, last)[several]
    found = differential_evolution(
        length,
        list(zip(first[several], last[several], strict=True)),
        integrality=np.ones(int(several.sum()), dtype=bool),
        x0=start,
        maxiter=_GENERATIONS,
        popsize=_SWARM,
        tol=1e-8,
        polish=False,
        rng=np.random.default_rng(seed),
    )
    best = first.copy()
    best[several] = np.round(found.x)
    return best


def _nearby(task: _Task, first: FloatArray, last: FloatArray) -> FloatArray:
    """The exact plan without whole numbers, rounded to where it gains: where the search begins."""
    steps = _project(task.slope, task.need, task.low, task.high)
    exact = task.x if steps is None else task.x + steps * task.sd
    slope, value = task.slope[task.whole], exact[task.whole]
    return np.clip(np.where(slope > 0, np.ceil(value - 1e-9), np.floor(value + 1e-9)), first, last)


def _with_whole(task: _Task, chosen: FloatArray) -> FloatArray | None:
    """The steps with the whole numbers as chosen and the rest moved as little as they leave to do; None: too little."""
    steps = np.zeros(len(task.slope))
    steps[task.whole] = (chosen - task.x[task.whole]) / task.sd[task.whole]
    left = task.need - float(task.slope @ steps)
    others = ~task.whole
    rest = _project(task.slope[others], left, task.low[others], task.high[others])
    if rest is None:
        return None
    steps[others] = rest
    return steps


def _plan(delta: FloatArray, beta: FloatArray, intercept: float, x: FloatArray, sd: FloatArray) -> Plan:
    eta = intercept + float(beta @ (x + delta))
    moved = delta != 0
    return Plan((delta + 0.0).tolist(), 1 / (1 + math.exp(-eta)), float(np.linalg.norm(delta[moved] / sd[moved])))


def _marked(positions: Collection[int], k: int) -> BoolArray:
    if any(not 0 <= position < k for position in positions):
        raise ValueError("there is no factor at that position")
    marks = np.zeros(k, dtype=np.bool_)
    marks[list(positions)] = True
    return marks


def _open_bounds(bounds: Bounds | None, k: int) -> tuple[FloatArray, FloatArray]:
    if isinstance(bounds, Mapping):
        _marked(bounds, k)
        bounds = [bounds.get(position) for position in range(k)]
    rows = [None] * k if bounds is None else bounds
    if len(rows) != k:
        raise ValueError("there is one pair of bounds per factor")
    pairs = [(None, None) if row is None else tuple(row) for row in rows]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("bounds are a low and a high number")
    low = np.array([-math.inf if pair[0] is None else pair[0] for pair in pairs], dtype=np.float64)
    high = np.array([math.inf if pair[1] is None else pair[1] for pair in pairs], dtype=np.float64)
    if np.isnan(low).any() or np.isnan(high).any() or (low > high).any():
        raise ValueError("a low bound lies below its high bound")
    return low, high
