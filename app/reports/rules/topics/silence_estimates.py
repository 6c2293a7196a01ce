"""Estimates that reckon with the silent: weights against non-response, and interviews with some of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, count, day, number, percent, signed
from app.core.words import capital, counted, listed, plural
from app.reports.rules.charts.base import NARROW, WIDE
from app.reports.rules.charts.ranges import Range, ranges_chart
from app.reports.rules.estimates import (
    Show,
    bare_interval,
    finer,
    has_interval,
    interval_text,
    on_scale,
    value_of,
    with_interval,
)
from app.reports.rules.topics.page import Cell, Figures, Section, Table
from app.reports.rules.workings import Working

THIRDS = {"low": "lowest third", "middle": "middle third", "high": "highest third", "unknown": "not known"}
BANDS = {"none": "no score"}

_AS_IT_IS = "Stratified mean of the accounts heard: each speaks for its stratum. No class of silence is looked at."
_CLASSES = (
    "Weights × Σw asked ÷ Σw heard in classes of health band × third by revenue; classes under five heard or above a "
    "factor of 3 merged; cut at three times the median. Weights taken as given (Little & Rubin)."
)
_RAKED = (
    "Weights raked to health band, third by revenue and stratum of all asked, cut, raked again (Deming & Stephan 1940)."
)
_TWO = (
    "Share heard × their mean + share silent × mean of those drawn and interviewed; variance of both phases "
    "(Hansen & Hurwitz 1946)."
)


def adjusted_section(figures: Figures) -> Section:
    """The voice and the NPS as published, weighted, and with silent people interviewed, side by side."""
    title = "The figures, with who answered reckoned in"
    voice, nps = figures["adjusted"]["voice"], figures["adjusted"]["nps"]
    if value_of(voice["unadjusted"]) is None:
        return Section("adjusted", title, empty="Nobody was heard yet, so there is nothing to weight.")
    rows = [(name, how, voice[key], nps[key]) for key, name, how in _WAYS]
    follow = figures["follow_up"]
    if follow:
        rows.append(("Silent ones heard too", _TWO, follow["voice"]["estimate"], follow["nps"]["estimate"]))
    known = [(name, how, first, second) for name, how, first, second in rows if first is not None]
    return Section(
        "adjusted",
        title,
        text=[_explained(voice)],
        chart=ranges_chart(
            key="adjusted",
            title="Mean voice, unadjusted and adjusted",
            subtitle="Estimate for all accounts and 95\u00a0% interval, 0 to 100",
            rows=[
                Range(name, f"n = {count(first['n'])}", on_scale(first), is_ring=name == _WAYS[0][1])
                for name, _, first, _ in known
            ],
            domain=(0.0, 100.0),
            ticks=[(float(t), number(t)) for t in (0, 25, 50, 75, 100)],
            show=number,
            widths=(WIDE, NARROW),
            source="Ring: as the report prints it.",
        ),
        tables=[_nps_table(known), _class_table(voice)] if voice["by_class"] else [_nps_table(known)],
        workings=[
            Working(
                f"{kind}: {name.lower()}",
                shown(estimate, finer(show, estimate)),
                bare_interval(estimate, show) if has_interval(estimate) else capital(interval_text(estimate)),
                count(estimate["n"]),
                how,
            )
            for name, how, first, second in known
            for kind, estimate, show in (("Voice", first, number), ("NPS", second or {"n": 0}, signed))
        ],
    )


_WAYS = (
    ("unadjusted", "As in the report", _AS_IT_IS),
    ("classes", "Weighted by classes", _CLASSES),
    ("raked", "Raked to three margins", _RAKED),
)


def _explained(voice: Mapping[str, Any]) -> str:
    if voice["raked"] is None:
        return "Weighted by classes of health and revenue; for raking there are fewer than three margins."
    if value_of(voice["raked"]) is None:
        return f"Raking to health, revenue and stratum gave no figure: {interval_text(voice['raked'])}."
    cut = f"; {counted(voice['trimmed'], 'weight')} cut at three times the median" if voice["trimmed"] else ""
    return (
        f"Raked to health, revenue and stratum in {counted(voice['rounds'], 'round')}{cut}. The report prints the "
        "unadjusted figure; both stand here."
    )


def _nps_table(rows: Sequence[tuple[str, str, Any, Any]]) -> Table:
    cells = [
        [
            Cell(name),
            Cell(shown(first, finer(number, first))),
            Cell(bare_interval(on_scale(first))),
            Cell(shown(second or {}, signed)),
            Cell(bare_interval(second, signed)),
        ]
        for name, _, first, second in rows
    ]
    return Table(
        "Adjusted and unadjusted",
        ["Estimate", "Voice", "95\u00a0% interval", "NPS", "95\u00a0% interval"],
        cells,
        frozenset({1, 2, 3, 4}),
    )


def _class_table(voice: Mapping[str, Any]) -> Table:
    cells = [
        [
            Cell(listed([_class_name(cell) for cell in row["cells"]])),
            Cell(count(row["asked"])),
            Cell(count(row["heard"])),
            Cell(number(row["factor"], 2)),
        ]
        for row in voice["by_class"]
    ]
    return Table(
        "Weighting classes",
        ["Class: health, revenue", "Asked", "Heard", "Factor"],
        cells,
        frozenset({1, 2, 3}),
        "Accounts. Neighbours are merged until five were heard and the factor is at most 3.",
    )


def _class_name(cell: str) -> str:
    band, third = cell.split("|")
    return f"{BANDS.get(band, band)}, {THIRDS[third]}"


def follow_up_section(figures: Figures) -> Section:
    """The draw of silent people, what they said, and the estimate that it corrects."""
    found, title = figures["follow_up"], "What silent ones say when they are interviewed"
    if found is None:
        return Section(
            "follow-up",
            title,
            empty="None of the silent has been drawn to be interviewed. Weights mend only what is known of them; a few "
            "interviews, drawn by chance, speak for all of them.",
        )
    voice = found["voice"]
    n, when = found["drawn"], day(found["drawn_at"][:10])
    drawn = (
        f"{capital(counted(n, 'account'))} of {count(found['frame'])} silent {plural(n, 'was')} drawn by chance (seed "
        f"{found['seed']}, {when}); {count(found['heard'])} {plural(found['heard'], 'was')} heard since."
    )
    late = (
        f" {capital(counted(voice['late'], 'account'))} answered without being drawn and {plural(voice['late'], 'is')} "
        "left out here."
        if voice["late"]
        else ""
    )
    return Section(
        "follow-up",
        title,
        text=[drawn + late, *_corrected(found)],
        workings=[
            Working(
                "Share of accounts heard at first",
                percent(voice["share_responding"]),
                MISSING,
                count(voice["responding"]),
                "By design weights.",
            ),
            Working(
                "Mean voice of those heard at first",
                number(voice["mean_responding"], 1),
                MISSING,
                count(voice["responding"]),
                "Weighted mean.",
            ),
            Working(
                "Mean voice of silent ones interviewed",
                number(voice["mean_silent"], 1),
                MISSING,
                count(voice["followed_up"]),
                "Weighted mean; they speak for all who were silent.",
            ),
        ],
    )


def _corrected(found: Mapping[str, Any]) -> list[str]:
    voice = found["voice"]
    if value_of(voice["estimate"]) is None:
        return ["As soon as some of them were interviewed and the study is scored, the corrected estimate stands here."]
    heard, quiet = (
        f"{percent(voice[f'share_{side}'])} × {number(voice[f'mean_{side}'], 1)}" for side in ("responding", "silent")
    )
    missing = found["drawn"] - found["heard"]
    not_all = (
        f" {capital(counted(missing, 'account'))} drawn {plural(missing, 'is')} still to be heard; those heard speak "
        "for the rest."
        if missing
        else ""
    )
    return [
        f"Mean voice with the silent: {heard} + {quiet} = {with_interval(on_scale(voice['estimate']))}.{not_all}",
        "If people speak otherwise than they write, part of the difference is the way of asking.",
    ]


def shown(estimate: Mapping[str, Any], show: Show) -> str:
    """The figure alone, or a dash."""
    value = value_of(estimate)
    return MISSING if value is None else show(value)
