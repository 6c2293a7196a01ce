"""What people say matters to them, beside what goes along with their intent, and how the same topics are rated."""

from collections.abc import Mapping
from typing import Any

from app.core.display import count, number, percent
from app.core.words import listed, topic
from app.reports.rules.charts.base import Chart
from app.reports.rules.charts.importance import QUADRANTS, SHARES, importance_chart
from app.reports.rules.estimates import bare_interval, interval_text, on_scale, value_of, with_interval
from app.reports.rules.topics.page import Cell, Figures, Section, Table
from app.reports.rules.workings import Working

_TITLE = "What people say matters"
_NOT_ASKED = (
    "The questionnaire does not ask what matters. In the editor a ranking can put topics in order, or numbers and "
    "scales can ask about one topic each; mark them under “Importance”."
)
_ASKED = {
    "points": "People gave each topic points; a person’s points are taken as shares of 100.",
    "ratings": "People rated how much each topic matters; a person’s ratings, from the low end of their scale on, are "
    "taken as shares of 100.",
    "ranking": "People put the topics in order. Of 100 points the first place gets most and the last place least.",
}
_HOW = {
    "points": "Each person’s points as shares of 100; account means; mean over accounts by their design weights.",
    "ratings": "Each person’s ratings less the low end of their scale, as shares of 100; account means; mean over "
    "accounts by their design weights.",
    "ranking": "Each person’s places as points, 100/n · Σ 1/i from the place to the last (rank order centroid, Barron "
    "and Barrett 1996); account means; mean over accounts by their design weights.",
}

Row = Mapping[str, Any]


def stated_section(figures: Figures) -> Section:
    """What people say matters, its grid where enough accounts said so, or what would fill it."""
    stated = {name: each for name, each in figures["stated"].items() if value_of(each) is not None}
    if not stated:
        return Section("stated", _TITLE, empty="Nobody has said it yet." if figures["stated"] else _NOT_ASKED)
    way = figures.get("stated_as") or "points"
    ordered = sorted(stated, key=lambda name: (-stated[name]["value"], name))
    grid = figures.get("stated_grid") or {"places": []}
    return Section(
        "stated",
        _TITLE,
        text=[
            _ASKED[way],
            _first(ordered, stated),
            "What people say matters and what goes along with their intent need not be the same.",
            *_placed(grid),
        ],
        chart=_chart(grid),
        tables=[_table(ordered, stated, figures)],
        workings=[
            Working(
                f"Stated importance of {topic(name).lower()}",
                number(stated[name]["value"], 1),
                bare_interval(stated[name], lambda v: number(v, 1)),
                count(stated[name]["n"]),
                _HOW[way],
            )
            for name in ordered
        ],
    )


def _first(ordered: list[str], stated: Mapping[str, Row]) -> str:
    """Which topic got most, and whether any other may have got as much."""
    best = stated[ordered[0]]
    said = f"Of 100 points {topic(ordered[0]).lower()} got {with_interval(best)}"
    if best["lo"] is None or len(ordered) < 2:
        return f"{said}."
    near = [name for name in ordered[1:] if stated[name]["hi"] is None or stated[name]["hi"] >= best["lo"]]
    if near:
        return f"{said}, which may be no more than {listed([topic(name).lower() for name in near])} got."
    return f"{said}, clearly the most."


def _placed(grid: Row) -> list[str]:
    firm = [
        (name, [topic(p["dimension"]).lower() for p in grid["places"] if p["quadrant"] == key and p["is_firm"]])
        for key, name in QUADRANTS.items()
    ]
    return [f"{name}: {listed(topics)}." for name, topics in firm if topics]


def _chart(grid: Row) -> Chart | None:
    if not grid["places"]:
        return None
    n = max(place["importance"]["n"] for place in grid["places"])
    return importance_chart(
        grid,
        key="stated-importance",
        title="Stated importance and performance",
        importance=f"Importance: mean share of 100 points, n = {number(n)} accounts at most",
        ruler=SHARES,
    )


def _table(ordered: list[str], stated: Mapping[str, Row], figures: Figures) -> Table:
    derived = {row["dimension"]: row["estimate"] for row in figures["derived"].get(figures["outcome"], [])}
    rows = [
        [
            Cell(topic(name)),
            Cell(percent(stated[name]["value"] / 100), bare_interval(on_scale(stated[name]))),
            correlation_cell({"estimate": derived[name]} if name in derived else None),
        ]
        for name in ordered
    ]
    return Table(_TITLE, ["Topic", "Share of the points", "Derived, ρ"], rows, numeric=frozenset({1, 2}))


def correlation_cell(row: Row | None) -> Cell:
    """A rank correlation with its interval below it, or why there is none."""
    if row is None or value_of(row["estimate"]) is None:
        return Cell("–", interval_text(row["estimate"]) if row else "")
    return Cell(number(row["estimate"]["value"], 2), bare_interval(row["estimate"], lambda v: number(v, 2)))
