"""Two ways to compute health over the same accounts, held side by side: who changes colour, and by which measure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.health.rules.scorecard import Bands, Scorecard
from app.health.rules.scores import Band, HealthScores

NONE = "none"
"""The name of “too little signal” where bands are counted."""


@dataclass(frozen=True)
class Moved:
    """What came with a change: a measure's name and by how many points of the score it moved; no measure: the bands.

    `cap` is “holds” where an exception caps the colour now by that measure, “ended” where one no longer does.
    """

    name: str | None
    points: float
    cap: str = ""


@dataclass(frozen=True)
class Change:
    """An account (its position) whose band differs between two ways of computing."""

    position: int
    before: str | None
    after: str | None
    score_before: float | None
    score_after: float | None
    moved: Moved


@dataclass(frozen=True)
class Comparison:
    """Bands before and after (counts by band and `none`), who changes, and who has too little signal afterwards."""

    before: dict[str, int]
    after: dict[str, int]
    changes: list[Change]
    insufficient: list[int]


@dataclass(frozen=True)
class Scored:
    """A scorecard with the health that it gives."""

    scorecard: Scorecard
    health: HealthScores


def compared(before: Scored | None, after: Scored) -> Comparison:
    """Hold two computations of the same accounts in the same order against each other.

    Without a `before` nothing changes: there was no colour yet. Raises ValueError where the accounts differ in number.
    """
    bands = after.health.bands
    insufficient = [position for position, band in enumerate(bands) if band is None]
    if before is None:
        return Comparison(counted([]), counted(bands), [], insufficient)
    if len(before.health.bands) != len(bands):
        raise ValueError("two computations of the same accounts have the same length")
    differing = [n for n, (old, new) in enumerate(zip(before.health.bands, bands, strict=True)) if old != new]
    return Comparison(
        counted(before.health.bands),
        counted(bands),
        [_change(before, after, position) for position in differing],
        insufficient,
    )


def counted(bands: Sequence[str | None]) -> dict[str, int]:
    """How many accounts each band holds, red first, then those with too little signal."""
    counts = Counter(band or NONE for band in bands)
    return {name: counts.get(name, 0) for name in (*map(str, Band), NONE)}


def changes_in_words(old: dict[str, Any] | None, new: dict[str, Any]) -> list[str]:
    """What a new document changes against an older one, a sentence each; both in the form of `to_document`."""
    if old is None:
        return [f"The first version, with {_many(len(new['measures']), 'measure')}."]
    was = {entry["key"]: entry for entry in old["measures"]}
    now = {entry["key"]: entry for entry in new["measures"]}
    lines = [f"New measure: {now[key]['name']}, by {now[key]['metric']}." for key in now if key not in was]
    lines += [f"Taken out: {was[key]['name']}." for key in was if key not in now]
    for key, entry in now.items():
        lines += _measure_changes(was[key], entry) if key in was else []
    return lines + _group_changes(old, new) + _frame_changes(old, new)


def _change(before: Scored, after: Scored, position: int) -> Change:
    old, new = _number(before.health.scores[position]), _number(after.health.scores[position])
    return Change(
        position,
        before.health.bands[position],
        after.health.bands[position],
        old,
        new,
        _cap(before, after, position) or _mover(before, after, position, (new or 0.0) - (old or 0.0)),
    )


def _cap(before: Scored, after: Scored, position: int) -> Moved | None:
    """The exception that alone makes the difference, where one does: without it the colours would be the same."""
    if before.health.calculated_bands[position] != after.health.calculated_bands[position]:
        return None
    capped = after.health.capped_by[position]
    scored, cap = (after, "holds") if capped else (before, "ended")
    capped = capped or before.health.capped_by[position]
    if capped is None:
        return None
    names = {measure.key: measure.name for measure in scored.scorecard.measures}
    return Moved(names[capped.measure], 0.0, cap)


def _mover(before: Scored, after: Scored, position: int, difference: float) -> Moved:
    """The measure that moved the score most in the direction in which it went; the bands where the score stayed."""
    if abs(difference) < 1e-9:
        return Moved(None, 0.0)
    gave, gives = _contributions(before, position), _contributions(after, position)
    names = {m.key: m.name for m in (*before.scorecard.measures, *after.scorecard.measures)}
    deltas = {key: gives.get(key, 0.0) - gave.get(key, 0.0) for key in names}
    key = max(deltas, key=lambda each: deltas[each] * np.sign(difference))
    return Moved(names[key], round(deltas[key], 1))


def _contributions(scored: Scored, position: int) -> dict[str, float]:
    points = np.nan_to_num(scored.health.points[position]) * scored.health.shares[position]
    return {measure.key: float(gave) for measure, gave in zip(scored.scorecard.measures, points, strict=True)}


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _measure_changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    name = now["name"]
    lines = []
    if was["name"] != name:
        lines.append(f"“{was['name']}” is called “{name}”.")
    for field, words in (("metric", "metric"), ("weight", "weight"), ("tier", "tier"), ("group", "group")):
        if was.get(field) != now.get(field):
            lines.append(f"{name}: {words} {_shown(was.get(field))} → {_shown(now.get(field))}.")
    if was["points"] != now["points"]:
        lines.append(f"{name}: another curve, {_curve(was['points'])} → {_curve(now['points'])}.")
    for field, words in (
        ("aggregate", "values taken as"),
        ("window_days", "days that count"),
        ("per", "divided by"),
        ("half_life_days", "half-life in days"),
    ):
        if was.get(field) != now.get(field):
            lines.append(f"{name}: {words} {_shown(was.get(field))} → {_shown(now.get(field))}.")
    return lines


def _group_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    was = {group["key"]: group for group in old.get("groups") or []}
    now = {group["key"]: group for group in new.get("groups") or []}
    lines = [
        f"New group: {group['name']}, weight {_shown(group['weight'])}." for key, group in now.items() if key not in was
    ]
    lines += [f"Group taken out: {group['name']}." for key, group in was.items() if key not in now]
    lines += [
        f"Group {group['name']}: weight {_shown(was[key]['weight'])} → {_shown(group['weight'])}."
        for key, group in now.items()
        if key in was and was[key]["weight"] != group["weight"]
    ]
    return lines


def _frame_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    lines = [] if old["name"] == new["name"] else [f"Called “{new['name']}”, before “{old['name']}”."]
    if old["bands"] != new["bands"]:
        lines.append(f"Bands: {_bands(old['bands'])} → {_bands(new['bands'])}.")
    was, now = old.get("lifecycle") or {}, new.get("lifecycle") or {}
    lines += [
        f"Bands of stage “{stage}”: {_bands(was[stage]['bands']) if stage in was else 'those of all'}"
        f" → {_bands(now[stage]['bands']) if stage in now else 'those of all'}."
        for stage in dict.fromkeys((*was, *now))
        if was.get(stage) != now.get(stage)
    ]
    if (old.get("exceptions") or []) != (new.get("exceptions") or []):
        count = len(new.get("exceptions") or [])
        lines.append(f"Exceptions: now {_many(count, 'exception') if count else 'none'}.")
    return lines


def _bands(bands: dict[str, Any]) -> str:
    cuts = Bands(**bands)
    return f"amber from {cuts.amber_from:g}, green from {cuts.green_from:g}"


def _curve(points: list[list[float]]) -> str:
    shown = ", ".join(f"{x:g} is {y:g}" for x, y in points[:4])
    return f"({shown}{', …' if len(points) > 4 else ''})"


def _shown(value: Any) -> str:
    return "none" if value in (None, "") else f"{value:g}" if isinstance(value, int | float) else str(value)


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
