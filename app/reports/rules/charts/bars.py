"""Shares of those asked as bars, each leading to the report of its part: who was heard, by role and by stratum."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from app.core.display import number, percent
from app.reports.rules.charts.base import (
    HALF,
    Chart,
    Layer,
    Spec,
    at,
    frame,
    layer,
    leads_to,
    scale,
    secondary,
    words,
)
from app.reports.rules.document import Document
from app.reports.rules.findings import roles_title, strata_title
from app.reports.rules.theme import HEALTH, RISK, SUNKEN
from app.reports.rules.words import label, shortened, stratum_label
from app.scoring.rules.choice import ACCOUNT_FIELDS
from app.studies.rules.cross_section import ALL, CERTAINTY, WITHOUT_SIZE

PARTED = ("roles", "strata")
"""The charts whose bars are parts of the study that a filter can show."""

MOST_BARS = 12
_STEP = 27
_LEFT, _RIGHT = 104, 120


def roles_chart(document: Document) -> Chart:
    """Answering accounts in which at least one person of the role was heard, most heard first."""
    answered = document["sample"]["responded"]
    rows = [
        _share(label(r["role"]), r["accounts"], answered) | _part(document, "role", r["role"])
        for r in document["sample"]["by_role"]
        if answered
    ]
    return _chart(
        key="roles",
        title=roles_title(document),
        subtitle="Answering accounts with at least one person in the role",
        rows=rows,
        source="Role coverage under 50 % marks an account as thin; it is never flagged.",
        columns=("Role", "Share", "Accounts", "Of"),
    )


def strata_chart(document: Document) -> Chart:
    """Drawn accounts that answered, by stratum; of many strata the twelve that answered least."""
    strata = [r for r in document["sample"]["by_stratum"] if r["drawn"]]
    fields = document["draw"].get("strata") or []
    field = fields[0] if len(fields) == 1 and fields[0] in ACCOUNT_FIELDS else None
    rows = [
        _share(stratum_label(r["stratum"]), r["responded"], r["drawn"]) | _part(document, field, r["stratum"])
        for r in strata
    ]
    cut = f" The {MOST_BARS} of {len(rows)} strata that answered least." if len(rows) > MOST_BARS else ""
    return _chart(
        key="strata",
        title=strata_title(document),
        subtitle=f"Accounts with one submitted response or more, of those drawn.{cut}",
        rows=rows,
        source="",
        columns=("Stratum", "Share", "Answered", "Drawn"),
    )


def _share(name: str, part: int, whole: int) -> dict[str, Any]:
    return {"name": name, "share": part / whole, "heard": part, "whole": whole}


def _part(document: Document, field: str | None, value: str) -> dict[str, str]:
    """Where a bar leads on a screen: the report of its part, within the part that is shown already."""
    if field is None or value in {ALL, CERTAINTY, WITHOUT_SIZE} or not value.strip():
        return {}
    query = urlencode({**document["filters"], field: value})
    return {"part": f"/studies/{quote(document['study'], safe='')}/gaps?{query}"}


def _chart(
    *, key: str, title: str, subtitle: str, rows: Sequence[Mapping[str, Any]], source: str, columns: Sequence[str]
) -> Chart:
    ranked = sorted(rows, key=lambda r: (-r["share"], r["name"]))
    shown = ranked[-MOST_BARS:]
    return Chart(
        key=key,
        title=title,
        subtitle=subtitle,
        label="; ".join(f"{r['name']} {percent(r['share'])}" for r in shown),
        wide=_spec(shown) if shown else None,
        source=source,
        empty="" if ranked else "Nobody has answered yet.",
        columns=columns,
        rows=[(r["name"], percent(r["share"]), number(r["heard"]), number(r["whole"])) for r in ranked],
        links={str(i): (r["part"], f"{r['name']}: show this part") for i, r in enumerate(shown) if "part" in r},
    )


def _spec(rows: Sequence[Mapping[str, Any]]) -> Spec:
    least = min(r["share"] for r in rows)
    is_apart = least < max(r["share"] for r in rows)
    plot = HALF - _LEFT - _RIGHT
    values = [
        {
            "name": shortened(r["name"], 18),
            "zero": 0,
            "share": r["share"],
            "percent": percent(r["share"]),
            "of": f"{number(r['heard'])} of {number(r['whole'])}",
            "colour": RISK if is_apart and r["share"] == least else HEALTH,
            "y": _STEP * (i + 0.5),
            "to": leads_to(i) if "part" in r else "",
        }
        for i, r in enumerate(rows)
    ]
    layers = [one for row in values for one in _bar(row, plot)]
    return frame(HALF, _STEP * len(rows) + 4, layers, left=_LEFT, right=_RIGHT)


def _bar(row: Mapping[str, Any], plot: int) -> list[Layer]:
    y, rows = row["y"], [row]
    thick = {"type": "rect"}
    link = {"href": {"field": "to", "type": "nominal"}} if row["to"] else {}
    box = {"y": at(y - 6.5), "y2": at(y + 6.5)}
    return [
        layer({**thick, "color": SUNKEN}, rows, x=at(0), x2=at(plot), **box, **link),
        layer({**thick, "color": row["colour"]}, rows, x=scale("zero", (0, 1)), x2={"field": "share"}, **box, **link),
        layer(words(), rows, x=at(-_LEFT), y=at(y), text={"field": "name"}, **link),
        layer(words(fontWeight=600), rows, x=at(plot + 5), y=at(y), text={"field": "percent"}),
        layer(secondary(), rows, x=at(plot + 43), y=at(y), text={"field": "of"}),
    ]
