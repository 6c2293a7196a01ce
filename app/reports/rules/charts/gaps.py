"""The gap of the accounts that matter most: ring for health, dot for voice, the line between, and how sure we are."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import number, signed
from app.reports.rules.charts.base import (
    NARROW,
    WIDE,
    Chart,
    Layer,
    Spec,
    at,
    frame,
    gridlines,
    layer,
    scale,
    secondary,
    tick_labels,
    words,
)
from app.reports.rules.document import Document
from app.reports.rules.findings import accounts_title
from app.reports.rules.theme import HEALTH, RISK, STRENGTH, SURFACE, VOICE
from app.reports.rules.words import shortened

MOST_ROWS = 12
LARGE = 15
"""Points from which on a gap is coloured: the δ of the method."""

_Z = 1.959964
_SCORES = (0.0, 100.0)


def gaps_chart(document: Document) -> Chart:
    """Health and voice of up to twelve accounts in the order of the document, with the interval of each voice."""
    everyone = [a for a in document["accounts"] if a["shrunken_gap"] is not None]
    rows = everyone[:MOST_ROWS]
    title = accounts_title(document)
    subtitle = "Health (ring) and voice (dot, with 95 % interval), 0 to 100; right: the gap and its 95 % interval"
    if not rows:
        return Chart(
            "gaps", title, subtitle, "", None, empty="No account has both scores yet, so there is no gap to draw."
        )
    return Chart(
        key="gaps",
        title=title,
        subtitle=subtitle,
        label="; ".join(f"{r['name']}: health {number(r['health'])}, voice {number(r['voice'])}" for r in rows),
        wide=_spec(rows, WIDE),
        narrow=_spec(rows, NARROW),
        source="The gap holds voice against health on one scale and is drawn towards the average where few people "
        "spoke; it is therefore not the distance between ring and dot.",
        columns=("Account", "Health", "Voice", "Gap", "95 % interval"),
        rows=[
            (r["name"], number(r["health"]), number(r["voice"]), signed(r["shrunken_gap"]), gap_interval(r))
            for r in rows
        ],
    )


def gap_interval(account: Mapping[str, Any]) -> str:
    """The 95 % interval of the account's gap, `−60 to −34`; empty where the gap has no standard error."""
    lo, hi = gap_ends(account)
    return "" if lo is None or hi is None else f"{signed(lo)} to {signed(hi)}"


def gap_ends(account: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Both ends of the 95 % interval of the account's gap in points; None where the gap has no standard error."""
    gap, se = account["shrunken_gap"], account["se"]
    return (None, None) if gap is None or se is None else (gap - _Z * se, gap + _Z * se)


def gap_colour(gap: float | None) -> str:
    """The colour of a gap: risk or strength from fifteen points on, else grey."""
    if gap is None or abs(gap) < LARGE:
        return HEALTH
    return RISK if gap < 0 else STRENGTH


def _spec(rows: Sequence[Mapping[str, Any]], width: int) -> Spec:
    is_tight = width < WIDE
    step, left, right, bottom = (44, 6, 108, 22) if is_tight else (29, 170, 128, 22)
    height, plot = step * len(rows), width - left - right
    ticks = [(float(t), number(t)) for t in (0, 25, 50, 75, 100)]
    values = [_value(r, step * i + (30 if is_tight else 14.5)) for i, r in enumerate(rows)]
    layers = [
        *gridlines([t for t, _ in ticks], _SCORES, height=height, width=plot),
        tick_labels(ticks, _SCORES, y=height + 12),
        *(one for row in values for one in [*_bar(row), *_words(row, left, plot, is_tight=is_tight)]),
    ]
    return frame(width, height + bottom, layers, left=left, right=right, bottom=bottom)


def _value(account: Mapping[str, Any], y: float) -> dict[str, Any]:
    voice, se = account["voice"], account["voice_se"]
    reach = 0.0 if se is None else _Z * se
    return {
        "name": shortened(account["name"], 26),
        "health": account["health"],
        "voice": voice,
        "lo": max(0.0, voice - reach),
        "hi": min(100.0, voice + reach),
        "colour": gap_colour(account["shrunken_gap"]),
        "gap": signed(account["shrunken_gap"]),
        "interval": gap_interval(account),
        "y": y,
    }


def _bar(row: Mapping[str, Any]) -> list[Layer]:
    y, rows = at(row["y"]), [row]
    ring = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "fill": SURFACE,
        "stroke": HEALTH,
        "strokeWidth": 2,
        "size": 64,
    }
    dot = {"type": "point", "shape": "circle", "filled": True, "color": VOICE, "size": 85}
    pale = {"type": "rule", "color": VOICE, "strokeWidth": 7, "opacity": 0.18}
    line = {"type": "rule", "color": row["colour"], "strokeWidth": 3}
    return [
        layer(pale, rows, x=scale("lo", _SCORES), x2={"field": "hi"}, y=y),
        layer(line, rows, x=scale("voice", _SCORES), x2={"field": "health"}, y=y),
        layer(ring, rows, x=scale("health", _SCORES), y=y),
        layer(dot, rows, x=scale("voice", _SCORES), y=y),
    ]


def _words(row: Mapping[str, Any], left: int, plot: int, *, is_tight: bool) -> list[Layer]:
    """The account's name beside the bar, on a phone above it; the gap in figures at the end."""
    rows, y = [row], row["y"]
    name_y = y - 17 if is_tight else y
    return [
        layer(words(fontWeight=600), rows, x=at(-left), y=at(name_y), text={"field": "name"}),
        layer(words(fontWeight=700, align="right"), rows, x=at(plot + 38), y=at(y), text={"field": "gap"}),
        layer(secondary(), rows, x=at(plot + 44), y=at(y), text={"field": "interval"}),
    ]
