"""Drivers and priorities: what weighs, how it is rated, and which services fall short of what to expect."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.core.display import NBSP, count, interval, number, signed
from app.core.words import capital, counted, in_words, listed, plural, topic
from app.reports.rules.charts.dots import Dot, dots_chart, points_ruler
from app.reports.rules.charts.importance import QUADRANTS, importance_chart
from app.reports.rules.estimates import bare_interval, interval_text, on_scale, value_of
from app.reports.rules.topics.foretold import p_text
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.topics.services import service_sections, service_words
from app.reports.rules.topics.stated import correlation_cell, stated_section
from app.reports.rules.workings import Working

_SPEARMAN = (
    "Spearman ρ of account scores; Bonett–Wright interval; p after Benjamini and Hochberg over the topics. "
    "It says what goes together, not what causes what."
)
_CORRECTED = (
    "Pearson r / √α, the correlation without the noise of the topic’s own questions (Spearman 1904); only where α "
    "rests on thirty accounts."
)
_RATED = "Mean over accounts by their design weights; t interval."
_GAP = (
    "Account score of the topic less health put on the scale of voice by trimmed equating; paired t over accounts; p "
    "after Benjamini and Hochberg over the topics."
)
_GAP_AS_IS = _GAP.replace("health put on the scale of voice by trimmed equating", "health as it is (under 30 accounts)")
_UNMEASURED = {
    "ONE_ITEM": "one question alone has no reliability",
    "THIN": "its reliability takes thirty accounts",
    "ZERO_VAR": "its questions do not go together",
}
Row = Mapping[str, Any]


def page(figures: Figures, setting: Setting) -> Page:
    """What to concentrate on, what is said to matter, and where services fall short; never what causes what."""
    return Page(
        title=_title(figures),
        lede=_lede(figures),
        sections=[_grid(figures), stated_section(figures), _gaps(figures), *service_sections(figures, setting)],
    )


def wanted(figures: Figures, setting: Setting) -> tuple[Collection[str], Collection[int]]:
    """The questions that tell of services, and the shown accounts whose words may be read."""
    return service_words(figures, setting)


def _title(figures: Figures) -> str:
    first = _firm(figures, "concentrate_here")
    if first:
        return f"Concentrate on {_topics(first)}: of weight above the mean, rated below it"
    short = [row["dimension"] for row in figures["services"] if row["is_gap"]]
    if short:
        return f"{capital(_topics(short))} {plural(len(short), 'is')} rated lower than health leads to expect"
    if figures["grid"]["places"]:
        return "No topic stands out for sure as the one to concentrate on"
    return "Too few accounts answered to say what weighs most"


def _topics(dimensions: Sequence[str]) -> str:
    return listed([topic(name).lower() for name in dimensions])


def _firm(figures: Figures, quadrant: str) -> list[str]:
    return [p["dimension"] for p in figures["grid"]["places"] if p["quadrant"] == quadrant and p["is_firm"]]


def _lede(figures: Figures) -> list[str]:
    rows = figures["derived"].get(figures["outcome"], [])
    known = [row for row in rows if value_of(row["estimate"]) is not None]
    if not known:
        return []
    outcome, best = topic(figures["outcome"]).lower(), known[0]
    strongest = f"{topic(best['dimension'])} goes along with {outcome} most"
    lower = [row for row in known[1:] if row["estimate"]["hi"] < best["estimate"]["lo"]]
    sure = (
        f"clearly more than {_topics([row['dimension'] for row in lower])}."
        if lower
        else "but which topic weighs most is too close to call."
    )
    return [
        f"{strongest} (ρ {number(best['estimate']['value'], 2)}, {interval_text(best['estimate'], _two)}), {sure}",
        "People in a good mood rate everything higher, so that all topics go along with the outcome to some degree.",
    ]


def _two(value: Any) -> str:
    return number(value, 2)


def _grid(figures: Figures) -> Section:
    title = "What weighs, and how it is rated"
    grid, outcome = figures["grid"], figures["outcome"]
    if not grid["places"]:
        return Section(
            "grid",
            title,
            empty="The grid takes ten accounts with the same three topics and with one of renewal intent, "
            "recommendation and overall sentiment.",
        )
    n = max(p["importance"]["n"] for p in grid["places"])
    placed = [f"{name}: {_topics(names)}." for key, name in QUADRANTS.items() if (names := _firm(figures, key))] or [
        "No topic lies clear of both lines: its corner may be another with more answers."
    ]
    return Section(
        "grid",
        title,
        text=placed,
        chart=importance_chart(
            grid,
            title="Importance and performance",
            importance=f"Importance: rank correlation with {topic(outcome).lower()}, n = {number(n)} accounts at most",
        ),
        tables=[_derived_table(figures)],
        workings=_workings(figures),
    )


def _derived_table(figures: Figures) -> Table:
    outcomes = [
        name for name, rows in figures["derived"].items() if any(value_of(r["estimate"]) is not None for r in rows)
    ]
    by_outcome = {name: {row["dimension"]: row for row in figures["derived"][name]} for name in outcomes}
    rows = [
        [
            Cell(topic(row["dimension"])),
            *(correlation_cell(by_outcome[name].get(row["dimension"])) for name in outcomes),
            _corrected_cell(row["corrected"]),
        ]
        for row in figures["derived"][figures["outcome"]]
    ]
    columns = ["Topic", *(f"ρ with {topic(name).lower()}" for name in outcomes), "r, corrected"]
    return Table("Derived importance", columns, rows, numeric=frozenset(range(1, len(columns))))


def _corrected_cell(estimate: Row) -> Cell:
    if value_of(estimate) is None:
        return Cell("–", next((_UNMEASURED[code] for code in estimate["warnings"] if code in _UNMEASURED), ""))
    return Cell(number(estimate["value"], 2), bare_interval(estimate, _two))


def _workings(figures: Figures) -> list[Working]:
    derived = [
        Working(
            f"Importance of {topic(row['dimension']).lower()}",
            number(row["estimate"]["value"], 2),
            bare_interval(row["estimate"], _two),
            count(row["estimate"]["n"]),
            f"{_SPEARMAN} p = {p_text(row['p_adjusted'])}.".replace("p = <", "p < "),
        )
        for row in figures["derived"][figures["outcome"]]
    ]
    rated = [
        Working(
            f"Performance of {topic(name).lower()}",
            number(estimate["value"]),
            bare_interval(on_scale(estimate)),
            count(estimate["n"]),
            _RATED,
        )
        for name, estimate in figures["performance"].items()
    ]
    reliable = [
        Working(
            f"Reliability of {topic(name).lower()}",
            f"α = {number(each['alpha'], 2)}",
            interval(each["lo"], each["hi"], _two) or "–",
            count(each["n"]),
            f"Cronbach’s α over account means of its questions, Feldt’s interval. {_CORRECTED}",
        )
        for name, each in figures["reliability"].items()
    ]
    return [*derived, *rated, *reliable]


def _gaps(figures: Figures) -> Section:
    title = "Each topic against what health leads to expect"
    rows = [row for row in figures["gaps"] if row["mean"] is not None]
    if not rows:
        return Section("gaps", title, empty="It takes accounts with a health score and a voice.")
    below = [row for row in rows if row["hi"] is not None and row["hi"] < 0 and _is_sure(row)]
    above = [row for row in rows if row["lo"] is not None and row["lo"] > 0 and _is_sure(row)]
    said = [
        *([f"Lower than expected: {_topics([row['dimension'] for row in below])}."] if below else []),
        *([f"Higher than expected: {_topics([row['dimension'] for row in above])}."] if above else []),
    ] or [f"None of {counted(len(rows), 'topic')} is shown to lie off what health leads to expect."]
    dots = [
        Dot(
            topic(row["dimension"]),
            f"n = {count(row['n'])}",
            row["mean"],
            row["lo"],
            row["hi"],
            is_ring=row["lo"] is None,
        )
        for row in rows
    ]
    return Section(
        "gaps",
        title,
        text=said,
        chart=dots_chart(
            key="dimension-gaps",
            title="Said minus expected",
            subtitle=f"Points on 0 to 100, 95{NBSP}% interval; rings: too few accounts for one",
            rows=dots,
            ruler=points_ruler(dots),
            source=_scale(figures),
        ),
        workings=[
            Working(
                f"Gap of {topic(row['dimension']).lower()}",
                signed(row["mean"], 1),
                interval(row["lo"], row["hi"], lambda v: signed(v, 1)) or "–",
                count(row["n"]),
                f"{_GAP if figures['is_equated'] else _GAP_AS_IS} p: {p_text(row['p_adjusted'])}.",
            )
            for row in rows
        ],
    )


def _is_sure(row: Row) -> bool:
    return row["p_adjusted"] is not None and row["p_adjusted"] < 0.05


def _scale(figures: Figures) -> str:
    if figures["is_equated"]:
        return "Expected: the account’s health, put on the scale of voice."
    return f"Expected: health as it is; {in_words(30)} accounts with both scores would put it on the scale of voice."
