"""Agreement in depth: why equal shares of colours are no agreement."""

from collections.abc import Mapping
from typing import Any

from app.core.display import count, interval, number, percent, signed
from app.core.words import counted, label, plural
from app.reports.rules.estimates import bare_interval, value_of
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.topics.parts import LEAST_PAIRS, estimate_working, flag_text, p_text, quadrants_table
from app.reports.rules.workings import Working

BANDS = ("red", "amber", "green")
SHOWN = 20
"""Accounts listed by how far their places in the two orders lie apart."""

_KAPPA = "Cohen’s κ with linear weights of the table above; interval by Fleiss, Cohen and Everitt (1969)."
_MARGINS = "Whether both use the colours equally often (Stuart 1955, Maxwell 1970). It says nothing about agreement."
_PLACES = "Mid-rank percentile in the study: 100 (rank − 0.5) / n. Needs no common scale."


def page(figures: Figures, setting: Setting) -> Page:
    """How far voice and health agree account by account, by two ways to draw the bands and by their order."""
    printed = figures["printed"]
    return Page(
        title=_title(printed),
        lede=[_colours(printed)] if printed["n"] else [],
        sections=[
            _bands("printed", "By the bands of the scorecard", printed),
            *_extra(figures),
            _points(figures["points"]),
            _quadrants(figures),
            _order(figures, setting),
            _flags(figures, setting),
        ],
    )


def _title(found: Mapping[str, Any]) -> str:
    if not found["n"]:
        return "No account has both a health score and a voice yet"
    share = f"{count(found['disagree'])} of {counted(found['n'], 'account')}"
    return f"Health and voice put {share} into different colours"


def _colours(found: Mapping[str, Any]) -> str:
    p = found["margins"]["p"]
    if p is None or not found["disagree"]:
        return "Both put every account into the same colour."
    verdict = "do not differ measurably" if p >= 0.05 else "differ"
    same = f"Their shares of red, amber and green {verdict} (p = {number(p, 2)})"
    return f"{same}: shares of colours say nothing about whether they mean the same accounts."


def _bands(key: str, title: str, found: Mapping[str, Any]) -> Section:
    if not found["n"]:
        return Section(key, title, empty="Nothing to compare: it takes accounts with a health score and a voice.")
    rows = [
        [Cell(f"Health {name}"), *(Cell(count(n)) for n in found["table"][BANDS.index(name)])]
        for name in reversed(BANDS)
    ]
    columns = ["Health and voice", *(f"Voice {name}" for name in BANDS)]
    return Section(
        key,
        title,
        text=[_same(found)],
        tables=[Table(f"{title}: accounts", columns, rows, numeric=frozenset({1, 2, 3}))],
        workings=[
            estimate_working("Agreement on colours, weighted κ", found["kappa"], count(found["n"]), _KAPPA),
            _margin_working(found),
        ],
    )


def _extra(figures: Figures) -> list[Section]:
    """The same by voice's cuts, unless the scorecard has the same ones: then it would be the same table again."""
    found = figures["same_cuts"]
    return [] if found == figures["printed"] else [_bands("same", "An extra: both cut at 50 and 75", found)]


def _same(found: Mapping[str, Any]) -> str:
    of = counted(found["n"], "account")
    return f"The same colour for {count(found['agree'])} of {of} ({percent(found['share'])})."


def _margin_working(found: Mapping[str, Any]) -> Working:
    test = found["margins"]
    said = "–" if test["p"] is None else f"χ² = {number(test['chi2'], 2)}, df {test['df']}, p = {number(test['p'], 2)}"
    return Working("Shares of the colours, Stuart–Maxwell", said, "–", count(found["n"]), _MARGINS)


_POINTS = (
    (
        "lin",
        "Agreement on points, Lin’s ρc",
        "2s_xy / (s_x² + s_y² + (x̄ − ȳ)²), divisor n; z interval (Lin 1989, 2000).",
    ),
    ("pearson", "Straight-line relation, Pearson’s r", "Fisher’s z interval (1921)."),
    ("spearman", "Relation of the order, Spearman’s ρ", "Average ranks; interval by Bonett and Wright (2000)."),
    ("kendall", "Relation of the order, Kendall’s τ-b", "Interval by Fieller, Hartley and Pearson (1957)."),
)
_LIMITS = "Mean of voice − health ± 1.96 s_d, each limit with its t interval (Bland and Altman 1986, 1999)."
_SLOPE = "Slope of voice − health on their average: how the difference grows with the level (Bland and Altman 1999)."


def _points(points: Mapping[str, Any]) -> Section:
    title, limits = "By points, account by account", points["limits"]
    if limits is None:
        return Section("points", title, empty=f"It takes {count(LEAST_PAIRS)} accounts with both scores.")
    ends = interval(limits["bias_lo"], limits["bias_hi"], signed)
    chance = ", which may be chance" if limits["bias_lo"] <= 0 <= limits["bias_hi"] else ""
    average = (
        f"On average voice stands {signed(limits['bias'])} points against health (95\u00a0% interval {ends}){chance}."
    )
    single = f"For a single account it may lie anywhere from {signed(limits['lower'])} to {signed(limits['upper'])}"
    text = [average, f"{single}: that, not the average, says whether one score can stand for the other."]
    rows = [
        [Cell(name), Cell(_two(points[key])), Cell(bare_interval(points[key], lambda v: number(v, 2)))]
        for key, name, _how in _POINTS
    ]
    table = Table("Agreement on points", ["Measure", "Value", "95\u00a0% interval"], rows, numeric=frozenset({1, 2}))
    return Section("points", title, text=text, tables=[table], workings=_point_workings(points))


def _point_workings(points: Mapping[str, Any]) -> list[Working]:
    limits, n = points["limits"], count(points["n"])
    slope = "–" if limits["slope"] is None else signed(limits["slope"], 2)
    return [
        *(
            Working(
                f"{which} 95\u00a0% limit",
                signed(limits[key], 1),
                interval(limits[f"{key}_interval"][0], limits[f"{key}_interval"][1], signed),
                n,
                _LIMITS,
            )
            for which, key in (("Lower", "lower"), ("Upper", "upper"))
        ),
        Working("Slope of the difference", slope, "–", n, _SLOPE),
        *(
            Working(name, _two(points[key]), bare_interval(points[key], lambda v: number(v, 2)), n, how)
            for key, name, how in _POINTS
        ),
    ]


def _two(estimate: Mapping[str, Any]) -> str:
    return number(value_of(estimate), 2)


def _quadrants(figures: Figures) -> Section:
    return Section(
        "quadrants",
        "How both stand",
        text=["Where a score is missing nothing is said: too little signal has no colour."],
        tables=[quadrants_table("Health and voice", figures["quadrants"], "health")],
    )


_TWO_WAYS = (
    "A flag rests on the odds that an account’s gap is larger than 15 points, drawn towards the average. Two other "
    "ways to look at it, one without such drawing and one without a common scale, may bear it out or not."
)


def _flags(figures: Figures, setting: Setting) -> Section:
    title, counts = "How firm the flags are", figures["flag_counts"]
    if not any(each["accounts"] for each in counts.values()):
        return Section("flags", title, empty="No account is flagged.")
    rows = [
        [Cell(label(tier)), *(Cell(count(each[key])) for key in ("accounts", "by_test", "by_order"))]
        for tier, each in counts.items()
    ]
    columns = ["Flag", "Accounts", "Borne out by the test", "Borne out by the order"]
    return Section(
        "flags",
        title,
        text=[_TWO_WAYS],
        tables=[
            Table("Flags by tier", columns, rows, numeric=frozenset({1, 2, 3})),
            *_flagged(figures, setting),
        ],
        workings=_flag_workings(counts),
    )


def _flagged(figures: Figures, setting: Setting) -> list[Table]:
    mine = [row for row in figures["flags"] if row["id"] in setting.accounts]
    if not mine:
        return []
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(label(row["tier"]), "voice lower" if row["side"] == "low" else "voice higher"),
            Cell(percent(row["p"])),
            Cell(p_text(row["cross_check_p"])),
            Cell(signed(row["places"])),
        ]
        for row in mine[:SHOWN]
    ]
    columns = ["Account", "Flag", "Probability", "Test p", "Places apart"]
    left = len(mine) - SHOWN
    note = f"{count(left)} more {plural(left, 'account')} with lower odds." if left > 0 else ""
    return [Table("Flagged accounts", columns, cells, numeric=frozenset({2, 3, 4}), note=note)]


_BY_TEST = (
    "One-sided p for a gap of at most 15 points, not drawn towards the average, adjusted over all accounts "
    "(Benjamini and Hochberg 1995), is under 0.10."
)
_BY_ORDER = f"The places by voice and by health part by 15 or more in the flag’s direction. {_PLACES}"


def _flag_workings(counts: Mapping[str, Any]) -> list[Working]:
    flagged = count(sum(each["accounts"] for each in counts.values()))
    ways = (("by_test", "Borne out by the test", _BY_TEST), ("by_order", "Borne out by the order", _BY_ORDER))
    return [
        Working(name, f"{count(sum(each[key] for each in counts.values()))} of {flagged}", "–", flagged, how)
        for key, name, how in ways
    ]


def _order(figures: Figures, setting: Setting) -> Section:
    title = "By their places in the order"
    rows = [row for row in figures["accounts"] if row["id"] in setting.accounts]
    if not rows:
        return Section("order", title, empty="None of the accounts that you may see has both scores yet.")
    far = sorted(rows, key=lambda row: (-abs(row["voice"] - row["health"]), row["id"]))[:SHOWN]
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(number(row["health"])),
            Cell(number(row["voice"])),
            Cell(flag_text(setting.accounts[row["id"]].tier)),
        ]
        for row in far
    ]
    columns = ["Account", "Place by health", "Place by voice", "Flag"]
    note = (
        f"The {len(far)} of {count(len(rows))} accounts whose places lie furthest apart." if len(rows) > SHOWN else ""
    )
    return Section(
        "order",
        title,
        text=["A place of 90 means: higher than nine in ten accounts of this study. " + _PLACES],
        tables=[Table("Places in the order", columns, cells, numeric=frozenset({1, 2}), note=note)],
    )
