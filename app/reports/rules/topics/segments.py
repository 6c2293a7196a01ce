"""Voice against health by segment, tier and stratum: where the two part more than elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, count, interval, money, number, signed
from app.core.words import capital, counted, in_words, listed, plural
from app.reports.rules.charts.pairs import Pair, pairs_chart
from app.reports.rules.estimates import bare_interval, has_interval, value_of
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.topics.parts import LEAST_PAIRS, p_text
from app.reports.rules.words import stratum_label
from app.reports.rules.workings import Working

ALPHA = 0.05
LEAST = 5
"""Accounts heard from which on a group has a mean, as the portfolio has an interval."""

SHOWN = 30
"""Groups of one grouping on the page, those with the most accounts."""

_NAMES = {"segment": "segment", "tier": "tier", "stratum": "stratum of the draw"}
_MANY = {"segment": "segments", "tier": "tiers", "stratum": "strata of the draw"}
_SOURCE = (
    "Estimates for all accounts of a group, from those that have both scores, on 0 to 100 as they are. Ring: health. "
    "Dot: voice. Right: voice minus health and its 95\u00a0% interval."
)
_BIAS = (
    "Σw(voice − health) / Σw over the group’s accounts with both; se linearised over the whole draw (Lohr 1999, 4.2)."
)
_APART = (
    "The group’s mean of voice − health minus that of all other accounts: Welch’s t (1947), p adjusted over the groups "
    "(Benjamini and Hochberg 1995)."
)
_KAPPA = "Cohen’s κ with linear weights of the bands (health by its scorecard, voice at 50 and 75)."
_ARR = "Σw × ARR × P(voice surely lower than health tells) over the group; se of a total over the whole draw."

Group = Mapping[str, Any]


def page(figures: Figures, setting: Setting) -> Page:
    """How voice and health stand in each part of the portfolio, and which part stands out."""
    found = figures["groupings"]
    sections = [_section(name, each, setting) for name, each in found.items()]
    none = Section(
        "none",
        "By segment, tier and stratum",
        empty="The accounts of this study are all of one segment, one tier and one stratum, or none is given.",
    )
    return Page(title=_title(found), lede=_lede(found), sections=sections or [none])


def _title(found: Mapping[str, Any]) -> str:
    firm = [
        (name, label, group)
        for name, each in found.items()
        for label, group in each["groups"].items()
        if group["p_adjusted"] is not None and group["p_adjusted"] < ALPHA
    ]
    if firm:
        name, label, group = max(firm, key=lambda each: abs(each[2]["apart"]["difference"]))
        way = "lower" if group["apart"]["difference"] < 0 else "higher"
        return f"In {_label(name, label)}, voice stands {way} against health than elsewhere"
    if not any(group.get("apart") for each in found.values() for group in each["groups"].values()):
        return "No part of the portfolio has enough accounts to be told apart from the rest"
    return "No part of the portfolio stands out: the differences between them may be chance"


def _lede(found: Mapping[str, Any]) -> list[str]:
    tested = sum(1 for each in found.values() for group in each["groups"].values() if group.get("apart"))
    if not tested:
        return [f"It takes {in_words(LEAST_PAIRS)} accounts with both scores in a group, and as many outside it."]
    held = f"{counted(tested, 'group')} {'was' if tested == 1 else 'were'} held against all others"
    return [f"{capital(held)}; what is called a difference holds after all of them were tried."]


def _label(grouping: str, label: str) -> str:
    return stratum_label(label) if grouping == "stratum" else label


def _section(name: str, found: Mapping[str, Any], setting: Setting) -> Section:
    groups = sorted(found["groups"].items(), key=lambda item: (-item[1]["drawn"], item[0]))
    shown = [(_label(name, label), group) for label, group in groups[:SHOWN]]
    known = [(label, group) for label, group in shown if not group["is_small"]]
    return Section(
        key=name,
        title=f"By {_NAMES[name]}",
        text=_left_out(name, shown, found["not_given"], len(groups) - len(shown)),
        chart=_chart(name, known),
        tables=[_standing(name, known), _revenue(name, known, setting)] if known else [],
        workings=[line for label, group in known for line in _workings(label, group, setting)],
        empty="" if known else f"No group of {in_words(LEAST)} accounts or more was drawn.",
    )


def _chart(name: str, known: Sequence[tuple[str, Group]]) -> Any:
    rows = [_pair(label, group) for label, group in known if group["compared"] >= LEAST]
    title = f"Health and voice by {_NAMES[name]}"
    return pairs_chart(name, title, "0 to 100, high is good", rows, source=_SOURCE) if rows else None


def _pair(label: str, group: Group) -> Pair:
    bias = group["bias"]
    ring, dot = value_of(group["paired_health"]) or 0.0, value_of(group["paired_voice"]) or 0.0
    return Pair(label, ring, dot, bias["value"], bias["lo"], bias["hi"], group["compared"])


def _standing(name: str, known: Sequence[tuple[str, Group]]) -> Table:
    rows = [
        [
            Cell(label, f"{count(group['heard'])} of {count(group['drawn'])} heard"),
            _mean(group["voice"], group["heard"]),
            Cell(_kappa(group), _agreeing(group)),
            Cell(count(group["quadrants"].get("hidden_risk", 0))),
            Cell(count(group["quadrants"].get("hidden_strength", 0))),
            Cell(count(group["quadrants"].get("insufficient", 0))),
        ]
        for label, group in known
    ]
    columns = ["Group", "Voice", "Agreement κ", "Hidden risk", "Hidden strength", "Too little signal"]
    note = (
        f"A mean takes {in_words(LEAST)} accounts heard, κ {count(LEAST_PAIRS)} with both scores. "
        "Hidden risk, hidden strength and too little signal count accounts."
    )
    return Table(f"Voice, agreement and quadrants by {_NAMES[name]}", columns, rows, frozenset({1, 2, 3, 4, 5}), note)


def _mean(estimate: Mapping[str, Any], heard: int) -> Cell:
    if heard < LEAST or value_of(estimate) is None:
        return Cell(MISSING, f"{in_words(heard)} heard")
    return Cell(number(estimate["value"]), bare_interval(estimate) if has_interval(estimate) else "no interval")


def _kappa(group: Group) -> str:
    kappa = group["agreement"]["kappa"]
    return MISSING if value_of(kappa) is None else number(kappa["value"], 2)


def _agreeing(group: Group) -> str:
    kappa, n = group["agreement"]["kappa"], group["agreement"]["n"]
    if value_of(kappa) is None:
        return f"{count(n)} with both" if n < LEAST_PAIRS else "all in one band"
    return bare_interval(kappa, lambda v: number(v, 2))


def _revenue(name: str, known: Sequence[tuple[str, Group]], setting: Setting) -> Table:
    rows = [
        [
            Cell(label),
            Cell(
                money(group["arr"]["confirmed"], setting.currency),
                counted(group["arr"]["confirmed_accounts"], "account"),
            ),
            Cell(money(group["arr"]["expected"], setting.currency)),
            _portfolio(group, setting),
        ]
        for label, group in known
    ]
    columns = ["Group", "Confirmed low", "Expected in the sample", "All accounts of the group"]
    note = "Three readings of the same revenue, never added: confirmed low; times its probability; for all accounts."
    return Table(f"Revenue at risk by {_NAMES[name]}, three ways", columns, rows, frozenset({1, 2, 3}), note)


def _portfolio(group: Group, setting: Setting) -> Cell:
    total = group["arr"]["portfolio"]
    if value_of(total) is None:
        return Cell(MISSING, "nobody compared")
    if group["compared"] < LEAST or not has_interval(total):
        return Cell(MISSING, f"{in_words(group['compared'])} compared")
    ends = interval(max(total["lo"], 0.0), total["hi"], lambda value: money(value, setting.currency))
    return Cell(money(total["value"], setting.currency), ends)


def _left_out(name: str, shown: Sequence[tuple[str, Group]], not_given: int, more: int) -> list[str]:
    small = [label for label, group in shown if group["is_small"]]
    lines = []
    if small:
        lines.append(
            f"Without figures, because fewer than {in_words(LEAST)} accounts were drawn: {listed(small)}. "
            "What so few accounts say is theirs alone."
        )
    if not_given:
        lines.append(f"{capital(counted(not_given, 'account'))} {plural(not_given, 'has')} no {name}.")
    if more > 0:
        lines.append(f"The {count(SHOWN)} largest {_MANY[name]}; {count(more)} more are not shown.")
    return lines


def _workings(label: str, group: Group, setting: Setting) -> list[Working]:
    bias, apart, total = group["bias"], group["apart"], group["arr"]["portfolio"]
    n = count(group["compared"])
    lines = []
    if group["compared"] >= LEAST:
        lines.append(
            Working(f"{label}: voice − health", signed(bias["value"], 1), bare_interval(bias, signed), n, _BIAS)
        )
    if apart is not None:
        ends = interval(apart["lo"], apart["hi"], signed) or MISSING
        lines.append(
            Working(
                f"{label}: against all others",
                f"{signed(apart['difference'], 1)} (p = {p_text(group['p_adjusted'])})",
                ends,
                n,
                _APART,
            )
        )
    if value_of(group["agreement"]["kappa"]) is not None:
        lines.append(Working(f"{label}: κ", _kappa(group), _agreeing(group), count(group["agreement"]["n"]), _KAPPA))
    if value_of(total) is not None and group["compared"] >= LEAST:
        cell = _portfolio(group, setting)
        lines.append(Working(f"{label}: revenue at risk", cell.text, cell.sub, n, _ARR))
    return lines
