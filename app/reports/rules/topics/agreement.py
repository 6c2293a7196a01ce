"""Agreement in depth: why equal shares of colours are no agreement."""

from collections.abc import Mapping
from typing import Any

from app.core.display import count, number, percent
from app.core.words import capital, counted, label
from app.reports.rules.certainty import Working
from app.reports.rules.estimates import bare_interval, interval_text, value_of
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table

BANDS = ("red", "amber", "green")
SHOWN = 20
"""Accounts listed by how far their places in the two orders lie apart."""

_KAPPA = "Cohen’s κ with linear weights of the table above; interval by Fleiss, Cohen and Everitt (1969)."
_MARGINS = "Whether both use the colours equally often (Stuart 1955, Maxwell 1970). It says nothing about agreement."
_PLACES = "Mid-rank percentile in the study: 100 (rank − .5) / n. Needs no common scale."


def page(figures: Figures, setting: Setting) -> Page:
    """How far voice and health agree account by account, by two ways to draw the bands and by their order."""
    printed = figures["printed"]
    return Page(
        title=_title(printed),
        lede=[_colours(printed)] if printed["n"] else [],
        sections=[
            _bands("printed", "By the bands of the scorecard", printed),
            _bands("same", "An extra: both cut at 50 and 75", figures["same_cuts"]),
            _order(figures, setting),
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
    columns = ["", *(f"Voice {name}" for name in BANDS)]
    return Section(
        key,
        title,
        text=[_same(found)],
        tables=[Table(f"{title}: accounts", columns, rows, numeric=frozenset({1, 2, 3}))],
        workings=[_kappa_working(found), _margin_working(found)],
    )


def _same(found: Mapping[str, Any]) -> str:
    of = counted(found["n"], "account")
    return f"The same colour for {count(found['agree'])} of {of} ({percent(found['share'])})."


def _kappa_working(found: Mapping[str, Any]) -> Working:
    kappa = found["kappa"]
    value = "–" if value_of(kappa) is None else number(kappa["value"], 2)
    return Working(
        "Agreement on colours, weighted κ",
        value,
        bare_interval(kappa, lambda v: number(v, 2)) if value_of(kappa) is not None else capital(interval_text(kappa)),
        count(found["n"]),
        _KAPPA,
    )


def _margin_working(found: Mapping[str, Any]) -> Working:
    test = found["margins"]
    said = "–" if test["p"] is None else f"χ² = {number(test['chi2'], 2)}, df {test['df']}, p = {number(test['p'], 2)}"
    return Working("Shares of the colours, Stuart–Maxwell", said, "–", count(found["n"]), _MARGINS)


def _flag(tier: str) -> str:
    return "–" if tier == "none" else label(tier)


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
            Cell(_flag(setting.accounts[row["id"]].tier)),
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
