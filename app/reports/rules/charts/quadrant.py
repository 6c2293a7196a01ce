"""Voice against health, one mark per account, with the two corners where they part shaded and named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.core.display import money, number
from app.reports.rules.charts.base import (
    MOST_ROWS,
    NARROW,
    WIDE,
    Chart,
    Layer,
    Spec,
    at,
    frame,
    gridlines,
    layer,
    leads_to,
    scale,
    secondary,
    tick_labels,
    words,
)
from app.reports.rules.charts.crowds import per_mark, thinned
from app.reports.rules.document import Document, flagged_low
from app.reports.rules.estimates import bare_interval, is_firm, value_of
from app.reports.rules.findings import counted_number
from app.reports.rules.part import is_part
from app.reports.rules.theme import HEALTH, INK, LINE, RISK, RISK_SOFT, STRENGTH, STRENGTH_SOFT, SURFACE
from app.reports.rules.words import label, shortened

MOST_NAMED = 9
CROWD = 400
"""Accounts from which on marks are drawn small and translucent, so that a crowd reads as a density."""

MOST_LINKED = 200
"""Accounts up to which each mark leads to its account; more would be too near to one another to be met."""

_LABEL_STEP = 15.0
_HEIGHT = 284
_NAMES = 170
_SCORES = (0.0, 100.0)
_Row = Mapping[str, Any]


def quadrant_chart(document: Document) -> Chart:
    """The scatter of accounts that have both scores; at most nine of them are named."""
    rows = compared(document)
    n = len(rows)
    subtitle = f"Voice (what they said) against health (telemetry), 0 to 100, {per_mark(n)}, n = {number(n)}"
    if not rows:
        return Chart("quadrant", _title(document), subtitle, "", None, empty="No account has both scores yet.")
    named = named_accounts(rows)
    risk, strength = document["hidden_risk"], document["hidden_strength"]
    return Chart(
        key="quadrant",
        title=_title(document),
        subtitle=subtitle,
        label=f"Voice against health for {counted_number(n, 'account')}: {number(risk['accounts'])} in hidden risk, "
        f"{number(strength['accounts'])} in hidden strength.",
        wide=_wide(document, rows, named),
        narrow=_narrow(document, rows, named),
        source=_source(document),
        columns=("Account", "Health", "Voice", "Quadrant"),
        rows=[(r["name"], number(r["health"]), number(r["voice"]), label(r["quadrant"])) for r in rows[:MOST_ROWS]],
        more_rows=max(0, len(rows) - MOST_ROWS),
        links={quote(r["account_id"], safe=""): _link(r) for r in rows} if len(rows) <= MOST_LINKED else {},
    )


def _link(row: _Row) -> tuple[str, str]:
    name = f"{row['name']}: health {number(row['health'])}, voice {number(row['voice'])}"
    return f"/accounts/{quote(row['account_id'], safe='')}", name


def compared(document: Document) -> list[_Row]:
    """The accounts that have both scores and a place in a quadrant, in the order of the document."""
    return [a for a in document["accounts"] if a["quadrant"] != "insufficient"]


def whose(document: Document) -> str:
    """What the marks stand for where the reader sees only some accounts; empty for everyone else."""
    if is_part(document) or not document["is_restricted"]:
        return ""
    return " Marks: the accounts assigned to you; figures: the whole study."


def named_accounts(rows: Sequence[_Row]) -> list[_Row]:
    """The accounts worth a name: hidden risk first, then others flagged low; where there are none, hidden strength."""
    risk = [a for a in rows if a["quadrant"] == "hidden_risk" or flagged_low(a, "confirmed", "probable")]
    strength = [a for a in rows if a["quadrant"] == "hidden_strength"]
    return (risk or strength)[:MOST_NAMED]


def label_heights(wanted: Sequence[float], top: float, bottom: float, step: float = _LABEL_STEP) -> list[float]:
    """Heights for labels near where they are wanted (sorted, in pixels), at least `step` apart and inside the plot."""
    placed: list[float] = []
    for height in wanted:
        placed.append(max(height, placed[-1] + step if placed else top))
    ceiling = bottom
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - step
    return placed


def _title(document: Document) -> str:
    spearman = document["agreement"]["spearman"]
    if not is_firm(spearman):
        return "Where health and voice place each account"
    if spearman["lo"] <= 0 <= spearman["hi"]:
        return "Health says little about how customers feel: any link may be chance"
    if spearman["hi"] < 0:
        return "Where health is high, voice tends to be low"
    return "Voice tends to rise with health, and the accounts that break the rule are the ones to see"


def _source(document: Document) -> str:
    spearman = document["agreement"]["spearman"]
    own = (
        " Accounts in some lifecycle stages have bands of their own."
        if document["scorecard"]["has_lifecycle_bands"]
        else ""
    )
    two = "Shaded: voice below 50 with health amber or green; voice 75 or more with health below green."
    own += whose(document)
    if value_of(spearman) is None:
        return two + own
    ends = bare_interval(spearman, lambda v: number(v, 2))
    return f"{two}{own} Spearman ρ = {number(spearman['value'], 2)} ({ends})."


@dataclass(frozen=True)
class _Plane:
    """The plot: where health starts, its size in pixels, and whether so many marks need small ones."""

    start: float
    width: int
    height: int
    is_crowd: bool
    is_linked: bool

    @property
    def x(self) -> tuple[float, float]:
        return self.start, 100.0

    @property
    def is_tight(self) -> bool:
        return self.width < 400


def _plane(document: Document, rows: Sequence[_Row], width: int, height: int) -> _Plane:
    lowest = min([r["health"] for r in rows] + [document["scorecard"]["amber_from"] - 1])
    return _Plane(max(0.0, lowest // 25 * 25), width, height, len(rows) > CROWD, len(rows) <= MOST_LINKED)


def _wide(document: Document, rows: Sequence[_Row], named: Sequence[_Row]) -> Spec:
    plane = _plane(document, rows, WIDE - 30 - _NAMES, _HEIGHT - 18 - 34)
    layers = [*_base(document, plane), *_leaders(named, plane), *_marks(rows, plane, 100), *_zones(document, plane)]
    return frame(WIDE, _HEIGHT, layers, left=30, right=_NAMES, top=18, bottom=34)


def _narrow(document: Document, rows: Sequence[_Row], named: Sequence[_Row]) -> Spec:
    plane = _plane(document, rows, NARROW - 30 - 10, 250)
    bottom = 44 + 17 * len(named)
    layers = [*_base(document, plane), *_marks(rows, plane, 170), *_zones(document, plane), *_numbered(named, plane)]
    return frame(NARROW, 18 + plane.height + bottom, layers, left=30, right=10, top=18, bottom=bottom)


def _base(document: Document, plane: _Plane) -> list[Layer]:
    card = document["scorecard"]
    zones = (
        (RISK_SOFT, {"x": card["amber_from"], "x2": 100, "y": 0, "y2": 50}),
        (STRENGTH_SOFT, {"x": plane.start, "x2": card["green_from"], "y": 75, "y2": 100}),
    )
    corner = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    shades = [
        layer({"type": "rect", "color": colour}, [zone], x=scale("x", plane.x), y=scale("y", _SCORES), **corner)
        for colour, zone in zones
    ]
    cuts = [{"at": card[name]} for name in ("amber_from", "green_from")]
    hair = {"type": "rule", "color": LINE, "strokeWidth": 1}
    upright = layer(hair, cuts, x=scale("at", plane.x), y=at(0), y2=at(plane.height))
    return [*shades, *_axes(plane), upright]


def _axes(plane: _Plane) -> list[Layer]:
    """Hairlines and labels of both axes, their titles at the ends."""
    across = [float(tick) for tick in (0, 25, 50, 75, 100) if tick >= plane.start]
    up = [{"at": float(tick), "t": number(tick)} for tick in (0, 25, 50, 75, 100)]
    lines = gridlines([0.0, 25.0, 50.0, 75.0, 100.0], _SCORES, axis="y", height=plane.height, width=plane.width)
    foot = {"type": "rule", "color": INK, "strokeWidth": 1}
    title = words(fontWeight=600)
    return [
        *lines,
        layer(secondary(align="right"), up, x=at(-7), y=scale("at", _SCORES), text={"field": "t"}),
        layer(foot, [{}], x=at(0), x2=at(plane.width), y=at(plane.height), y2=at(plane.height)),
        tick_labels([(tick, number(tick)) for tick in across], plane.x, y=plane.height + 13),
        layer(
            {**title, "align": "right"},
            [{"t": "Health score →"}],
            x=at(plane.width),
            y=at(plane.height + 28),
            text={"field": "t"},
        ),
        layer(title, [{"t": "↑ Voice"}], x=at(-24), y=at(-10), text={"field": "t"}),
    ]


def _zones(document: Document, plane: _Plane) -> list[Layer]:
    """The names of the two shaded corners, with how many accounts stand in them and what they pay.

    Each is drawn twice, first as a halo in the colour of its corner, so that marks behind it do not disturb the words.
    """
    risk, strength, card = document["hidden_risk"], document["hidden_strength"], document["scorecard"]
    many = number(risk["accounts"]) if plane.is_tight else counted_number(risk["accounts"], "account")
    low = f"Hidden risk: {many}, {money(risk['arr'], document['currency'])}"
    high = f"Hidden strength: {number(strength['accounts'])}, {money(strength['arr'], document['currency'])}"
    style: dict[str, Any] = {"fontWeight": 700, "fontSize": 10 if plane.is_tight else 11}
    left, right = {**style, "dx": 6}, {**style, "dx": -6, "align": "right"}
    places = (
        (left, RISK, RISK_SOFT, {"x": card["amber_from"], "t": low}, plane.height - 10),
        (right, STRENGTH, STRENGTH_SOFT, {"x": card["green_from"], "t": high}, 11),
    )
    return [
        layer(mark, [row], x=scale("x", plane.x), y=at(height), text={"field": "t"})
        for place, colour, soft, row, height in places
        for mark in (
            words(**{**place, "color": soft, "stroke": soft, "strokeWidth": 4}),
            words(**{**place, "color": colour}),
        )
    ]


def _marks(rows: Sequence[_Row], plane: _Plane, size: float) -> list[Layer]:
    ring = {"type": "point", "shape": "circle", "filled": False, "color": HEALTH, "fill": SURFACE}
    ring |= {"size": 50, "strokeWidth": 1.5, "opacity": 1}
    solid = {"type": "point", "filled": True, "stroke": SURFACE, "strokeWidth": 1, "size": size, "opacity": 1}
    if plane.is_crowd:
        ring |= {"filled": True, "fill": HEALTH, "size": 12, "strokeWidth": 0, "opacity": 0.4}
        solid |= {"size": 22, "strokeWidth": 0, "opacity": 0.65}
    kinds = (
        ({"agree", "mixed"}, ring),
        ({"hidden_strength"}, {**solid, "shape": "triangle-up", "color": STRENGTH}),
        ({"hidden_risk"}, {**solid, "shape": "square", "color": RISK}),
    )
    return [_points(mark, [r for r in rows if r["quadrant"] in names], plane) for names, mark in kinds]


def _points(mark: Mapping[str, Any], rows: Sequence[_Row], plane: _Plane) -> Layer:
    some = thinned(rows, "health", "voice")
    values = [{"health": round(r["health"], 2), "voice": round(r["voice"], 2)} for r in some]
    place = {"x": scale("health", plane.x), "y": scale("voice", _SCORES)}
    if not plane.is_linked:
        return layer(mark, values, **place)
    linked = [value | {"to": leads_to(quote(r["account_id"], safe=""))} for value, r in zip(values, some, strict=True)]
    return layer(mark, linked, **place, href={"field": "to", "type": "nominal"})


def _leaders(named: Sequence[_Row], plane: _Plane) -> list[Layer]:
    """Names at the right edge in the order of their marks, each joined to its mark by a hairline."""
    ordered = sorted(named, key=lambda r: (-r["voice"], r["health"], r["account_id"]))
    heights = label_heights([plane.height * (1 - r["voice"] / 100) for r in ordered], 6, plane.height - 6)
    rows = [
        {**_place(r), "end": 100 * (1 - y / plane.height), "t": _name(r, 20)}
        for r, y in zip(ordered, heights, strict=True)
    ]
    tone = {"field": "colour", "type": "nominal", "scale": None}
    hair = {"type": "rule", "strokeWidth": 0.8, "opacity": 0.55}
    edge, end = plane.width + 6, scale("end", _SCORES)
    mark = {"x": scale("health", plane.x), "y": scale("voice", _SCORES)}
    return [
        layer(hair, rows, **mark, x2=at(edge), y2={"field": "end"}, color=tone),
        layer(hair, rows, x=at(edge), x2=at(edge + 4), y=end, color=tone),
        layer(words(), rows, x=at(edge + 8), y=end, text={"field": "t"}),
    ]


def _numbered(named: Sequence[_Row], plane: _Plane) -> list[Layer]:
    """Numbers at the marks and a list of names below the plot: on a phone there is no room beside it."""
    rows = [
        {**_place(r), "no": str(i), "t": _name(r, 34), "below": plane.height + 46 + 17 * (i - 1)}
        for i, r in enumerate(named, start=1)
    ]
    mark = {"x": scale("health", plane.x), "y": scale("voice", _SCORES), "text": {"field": "no"}}
    inside = [row for row in rows if row["is_solid"] and not plane.is_crowd]
    digit = words(color=SURFACE, fontWeight=700, fontSize=9, align="center", dy=0.5)
    beside = words(fontWeight=700, fontSize=10, dx=6)
    below = [
        layer(words(**style), [row], x=at(x), y=at(row["below"]), text={"field": name})
        for row in rows
        for name, x, style in (("no", -22, {"fontWeight": 700, "align": "right"}), ("t", -14, {}))
    ]
    return [layer(digit, inside, **mark), layer(beside, [row for row in rows if row not in inside], **mark), *below]


def _place(row: _Row) -> dict[str, Any]:
    colour = {"hidden_risk": RISK, "hidden_strength": STRENGTH}.get(row["quadrant"])
    return {"health": row["health"], "voice": row["voice"], "colour": colour or HEALTH, "is_solid": colour is not None}


def _name(row: _Row, longest: int) -> str:
    return f"{shortened(row['name'], longest)}  {money(row['arr'], row['currency'])}"
