"""Estimates as dots on pale bars: agreement, topics, and value promised against value received."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import number, signed
from app.core.words import topic
from app.reports.rules.charts.base import (
    HALF,
    NARROW,
    WIDE,
    Chart,
    Spec,
    frame,
    gridlines,
    interval_dots,
    name_labels,
    tick_labels,
)
from app.reports.rules.document import Document
from app.reports.rules.estimates import Estimate, Show, bare_interval, finer, interval_text, on_scale, reason, value_of
from app.reports.rules.findings import dimensions_title, measures_title, ranked_dimensions, value_title
from app.reports.rules.part import all_accounts
from app.reports.rules.words import shortened

_MEASURES = (
    ("spearman", "Rank correlation", "Spearman ρ"),
    ("kappa", "Agreement on R/A/G", "weighted κ"),
    ("ccc", "Agreement on points", "Lin’s ρc"),
)


MANY = 10
"""Rows from which on they stand closer, so that a chart of every topic still shares its sheet."""


@dataclass(frozen=True)
class Range:
    """One estimate: its name, a smaller line below it, and a ring instead of a dot."""

    name: str
    note: str
    estimate: Estimate
    is_ring: bool = False


def agreement_chart(document: Document) -> Chart:
    """Three measures of agreement between voice and health, each with its interval."""
    agreement = document["agreement"]
    rows = [Range(name, note, agreement.get(key) or {}) for key, name, note in _MEASURES]
    lows = [row.estimate["lo"] for row in rows if row.estimate.get("lo") is not None]
    domain = (-1.0 if any(lo < -0.5 for lo in lows) else -0.5, 1.0)
    return ranges_chart(
        key="agreement",
        title=measures_title(document),
        subtitle=f"Estimate and 95 % interval; 1 is perfect; n = {number(agreement['n'])}",
        rows=rows,
        domain=domain,
        ticks=[(t, number(t, 1).replace(".0", "")) for t in (-1.0, -0.5, 0.0, 0.5, 1.0) if t >= domain[0]],
        show=lambda v: number(v, 2),
        widths=(HALF, None),
        source="κ and Lin’s ρc count how far apart two scores lie; a rank correlation only asks about their order.",
        missing="" if agreement["n"] else "No account has both scores yet.",
    )


def dimensions_chart(document: Document) -> Chart:
    """Every topic that can be estimated, lowest first, with its interval."""
    rows = [
        Range(topic(key), f"n = {number(estimate.get('n'))}", on_scale(estimate))
        for key, estimate in ranked_dimensions(document)
    ]
    return ranges_chart(
        key="dimensions",
        title=dimensions_title(document),
        subtitle=f"Estimate for {all_accounts(document)} and 95 % interval, 0 to 100, high is good; n counts accounts",
        rows=rows,
        domain=(0.0, 100.0),
        ticks=[(float(t), number(t)) for t in (0, 25, 50, 75, 100)],
        show=number,
        widths=(WIDE, NARROW),
        source=_not_estimable(document),
    )


def value_chart(document: Document) -> Chart:
    """What was promised (ring) and what was received (dot), each with its interval."""
    value = document["value"]
    rows = [
        Range("Value promised", "as they understood it", on_scale(value["promised"]), is_ring=True),
        Range("Value received", "so far", on_scale(value["delivered"])),
    ]
    gap = value["gap"]
    stated = (
        ""
        if value_of(gap) is None
        else f"Received minus promised: {signed(gap['value'])} points, {interval_text(gap, signed)}."
    )
    return ranges_chart(
        key="value",
        title=value_title(document),
        subtitle=f"Estimate for {all_accounts(document)} and 95 % interval, 0 to 100; "
        f"n = {number(value['promised'].get('n'))}",
        rows=rows,
        domain=(0.0, 100.0),
        ticks=[(float(t), number(t)) for t in (0, 25, 50, 75, 100)],
        show=number,
        widths=(WIDE, NARROW),
        source=stated,
    )


def _not_estimable(document: Document) -> str:
    missing = [(key, e) for key, e in document["voice"]["dimensions"].items() if value_of(e) is None]
    return " ".join(f"{topic(key)}: {reason(estimate)}." for key, estimate in sorted(missing))


def ranges_chart(
    *,
    key: str,
    title: str,
    subtitle: str,
    rows: Sequence[Range],
    domain: tuple[float, float],
    ticks: Sequence[tuple[float, str]],
    show: Show,
    widths: tuple[int, int | None],
    source: str,
    missing: str = "",
) -> Chart:
    """Estimates one below the other, each with its interval; `widths` are those of the sheet and of phones."""
    known = [row for row in rows if value_of(row.estimate) is not None]
    why = missing or f"Nothing can be drawn yet: {reason(rows[0].estimate if rows else None)}."
    empty = "" if known else why
    wide, narrow = (_spec(known, domain, ticks, show, width) if known and width else None for width in widths)
    return Chart(
        key=key,
        title=title,
        subtitle=subtitle,
        label="; ".join(
            f"{row.name} {finer(show, row.estimate)(row.estimate['value'])}, {interval_text(row.estimate, show)}"
            for row in known
        ),
        wide=wide,
        narrow=narrow,
        source=source,
        empty=empty,
        columns=("Measure", "Estimate", "95 % interval", "n"),
        rows=[
            (
                row.name,
                finer(show, row.estimate)(value_of(row.estimate)),
                bare_interval(row.estimate, show),
                number(row.estimate.get("n")),
            )
            for row in rows
        ],
    )


def _spec(
    rows: Sequence[Range], domain: tuple[float, float], ticks: Sequence[tuple[float, str]], show: Show, width: int
) -> Spec:
    roomy = 46 if width < WIDE else 36
    step, left, right, bottom = (28 if len(rows) > MANY else roomy), (126 if width < WIDE else 170), 44, 22
    height = step * len(rows)
    plot = width - left - right
    values = [_value(row, i, step, show) for i, row in enumerate(rows)]
    layers = [
        *gridlines([t for t, _ in ticks], domain, height=height, width=plot),
        tick_labels(ticks, domain, y=height + 12),
        *name_labels(values, left),
        *interval_dots(values, domain),
    ]
    return frame(width, height + bottom, layers, left=left, right=right, bottom=bottom)


def _value(row: Range, position: int, step: int, show: Show) -> dict[str, Any]:
    estimate = row.estimate
    value = estimate["value"]
    lo, hi = (value if estimate.get(end) is None else estimate[end] for end in ("lo", "hi"))
    middle = step * (position + 0.5)
    return {
        "name": shortened(row.name, 26),
        "note": row.note,
        "value": value,
        "lo": lo,
        "hi": hi,
        "end": max(hi, value),
        "text": finer(show, estimate)(value),
        "is_ring": row.is_ring,
        "y": middle,
    }


def factors_chart(factors: Sequence[Mapping[str, Any]], title: str) -> Chart:
    """The AUC of each factor of a health score with its interval; 0.5 is chance, and a ring is telemetry."""
    rows = [
        Range(factor["name"], f"n = {number(factor['n'])}", factor["auc"], is_ring=factor["kind"] != "voice")
        for factor in factors
    ]
    return ranges_chart(
        key="factors",
        title=title,
        subtitle="AUC and 95\u00a0% interval: 0.5 is chance, 1 tells renewals from losses always, "
        "0 always the wrong way",
        rows=rows,
        domain=(0.0, 1.0),
        ticks=[(t, number(t, 2)) for t in (0.0, 0.25, 0.5, 0.75, 1.0)],
        show=lambda v: number(v, 2),
        widths=(WIDE, NARROW),
        source="Rings are telemetry, dots what customers said.",
    )
