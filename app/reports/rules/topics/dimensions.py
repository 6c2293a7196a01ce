"""Telemetry against voice by dimension: what measures say about a topic beside what people say about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import count, interval, number, signed
from app.core.words import capital, counted, label, listed, plural, topic
from app.reports.rules.charts.pairs import Pair, pairs_chart
from app.reports.rules.topics.page import Cell, Deed, Figures, Link, Page, Section, Setting, Table
from app.reports.rules.topics.parts import LEAST_PAIRS, estimate_working, flag_text, p_text, quadrants_table, relation
from app.reports.rules.topics.quotes import heard
from app.reports.rules.workings import Working

ALPHA = 0.05
MOST_QUOTES = 2
"""Quotes for and against each dimension's gap."""

SHOWN = 10
"""Accounts listed per dimension."""

_SOURCE = (
    "Both on 0 to 100 as they are, over the accounts that have both. Ring: telemetry, the mean of the points of the "
    "measures that speak about it. Dot: voice. Right: voice minus telemetry and its 95\u00a0% interval."
)
_SCORE = "Mean of the accounts that have both; each has Σ weight × points / Σ weight of this topic’s measures."
_VOICE = "Mean of the same accounts; each is what its people say about the topic, rolled up by role."
_GAP = "Mean of voice − telemetry over the accounts that have both; paired t interval (Student 1908)."
_TESTED = "p of the paired test, adjusted over all topics compared here (Benjamini and Hochberg 1995)."
_KAPPA = "Cohen’s κ with linear weights, both cut at 50 and 75; interval by Fleiss, Cohen and Everitt (1969)."
_RHO = "Spearman’s ρ over the same accounts; interval by Bonett and Wright (2000)."


def answers(figures: Figures) -> list[int]:
    """The statements whose words the page may quote."""
    return [
        each
        for found in figures["dimensions"].values()
        for side in ("speak", "against")
        for each in found.get(side, [])
    ]


def page(figures: Figures, setting: Setting) -> Page:
    """On which topics telemetry and voice part on average, and at which accounts."""
    compared = _ordered({name: each for name, each in figures["dimensions"].items() if each["n"]})
    change = Link("reports.matching", {"key": figures["scorecard"]})
    return Page(
        title=_title(compared),
        lede=_lede(figures),
        sections=[
            _overview(compared),
            *(_section(name, each, figures, setting) for name, each in compared),
            _measures(figures),
        ],
        deeds=[Deed("Change which measure speaks about what", change, "studies:manage")],
    )


Named = tuple[str, Mapping[str, Any]]


def _ordered(found: Mapping[str, Any]) -> list[Named]:
    """The dimensions, those first where voice and telemetry lie furthest apart."""
    return sorted(found.items(), key=lambda item: (-abs(_difference(item[1])), item[0]))


def _difference(found: Mapping[str, Any]) -> float:
    if found["gap"] is not None:
        return float(found["gap"]["mean"])
    return float(found["voice"] - found["telemetry"])


def _is_firm(found: Mapping[str, Any]) -> bool:
    return found["p_adjusted"] is not None and found["p_adjusted"] < ALPHA


def _title(compared: Sequence[Named]) -> str:
    if not compared:
        return "No topic has both telemetry and voice yet"
    for name, each in compared:
        if _is_firm(each):
            way = "below" if each["gap"]["mean"] < 0 else "above"
            points = number(abs(each["gap"]["mean"]))
            return f"On {topic(name).lower()}, voice stands {points} points {way} telemetry"
    if all(each["n"] < LEAST_PAIRS for _, each in compared):
        return "Too few accounts have both telemetry and voice on one topic"
    return f"On no topic do telemetry and voice differ on average beyond chance{_yet(compared)}"


def _yet(compared: Sequence[Named]) -> str:
    """What an average hides: how many accounts have a confirmed gap, on the topic where most of them do."""
    sure = {name: sum(each["flags"]["confirmed"].values()) for name, each in compared}
    name = max(sure, key=lambda key: sure[key])
    if not sure[name]:
        return ""
    have = plural(sure[name], "has")
    return f", yet {counted(sure[name], 'account')} {have} a confirmed gap on {topic(name).lower()}"


def _lede(figures: Figures) -> list[str]:
    unasked = [topic(name).lower() for name, each in figures["dimensions"].items() if not each["heard"]]
    left = [each["name"] for each in figures["measures"] if each["dimension"] is None]
    sentences = ["Each topic is held against its own telemetry, not against the whole health score."]
    if unasked:
        sentences.append(f"Nobody said anything yet about {listed(unasked)}.")
    if left:
        sentences.append(f"Held against nothing, because no topic fits: {listed(left)}.")
    return sentences


def _overview(compared: Sequence[Named]) -> Section:
    title = "Telemetry and voice by topic"
    rows = [_pair(name, each) for name, each in compared]
    if not rows:
        return Section(
            "overview", title, empty="It takes a measure that speaks about a topic, and people who were asked about it."
        )
    chart = pairs_chart("topics", title, "Means of accounts, 0 to 100, high is good", rows, source=_SOURCE)
    return Section("overview", title, chart=chart)


def _pair(name: str, found: Mapping[str, Any]) -> Pair:
    gap = found["gap"] or {}
    return Pair(
        topic(name),
        found["telemetry"],
        found["voice"],
        _difference(found),
        gap.get("lo"),
        gap.get("hi"),
        found["n"],
    )


def _section(name: str, found: Mapping[str, Any], figures: Figures, setting: Setting) -> Section:
    measures = [each for each in figures["measures"] if each["dimension"] == name]
    quotes, against = (heard(found.get(side, []), setting, MOST_QUOTES) for side in ("speak", "against"))
    words = [_whose(found)] if quotes or against else []
    return Section(
        key=name,
        title=topic(name),
        text=[_means(found, measures), relation(found["spearman"]), *_cautions(found, measures), *words],
        quotes=quotes,
        against=against,
        tables=[quadrants_table(topic(name), found["quadrants"], "telemetry"), *_accounts(name, found, setting)],
        workings=_workings(found),
    )


def _means(found: Mapping[str, Any], measures: Sequence[Mapping[str, Any]]) -> str:
    by = listed([each["name"] for each in measures])
    gap, of = found["gap"], counted(found["n"], "account")
    telemetry, voice = (number(found[side]) for side in ("telemetry", "voice"))
    said = f"By {by}, telemetry comes to {telemetry}; people say {voice}"
    if gap is None:
        return f"{said}. With {of} that have both, fewer than {count(LEAST_PAIRS)}, no difference is claimed."
    if gap["lo"] is None:
        return f"{said}. All {of} differ by the same {signed(gap['mean'])} points."
    ends = interval(gap["lo"], gap["hi"], signed)
    claim = "" if _is_firm(found) else ", which may be chance"
    return f"{said}: a difference of {signed(gap['mean'])} points (95\u00a0% interval {ends}; {of}){claim}."


def _whose(found: Mapping[str, Any]) -> str:
    """Whose words stand below, and why those: the mean parts, or else some accounts surely do."""
    side, way, own = ("low", "below", "under 50") if found["is_of_low"] else ("high", "above", "from 50 on")
    sure = found["flags"]["confirmed"][side]
    why = f"{capital(counted(sure, 'account'))} {plural(sure, 'has')} a confirmed gap, voice {way} telemetry. "
    whose = f"The first words are of people whose own answers come to {own}, the others say otherwise."
    return whose if _is_firm(found) else f"{why}{whose}"


def _cautions(found: Mapping[str, Any], measures: Sequence[Mapping[str, Any]]) -> list[str]:
    voiced = [each["name"] for each in measures if each["is_voice"]]
    lines = []
    if voiced:
        lines.append(f"{capital(listed(voiced))} is itself what customers say: agreement is partly built in.")
    if not found["was_equated"]:
        lines.append("Fewer than 30 accounts have both, so accounts are compared on the scales as they are.")
    if found["sigma_assumed"]:
        lines.append("How much people at one account differ is assumed (20 points): too few accounts show it.")
    return lines


def _accounts(name: str, found: Mapping[str, Any], setting: Setting) -> list[Table]:
    rows = [row for row in found["accounts"] if row["id"] in setting.accounts]
    if not rows:
        return []
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(number(row["telemetry"])),
            Cell(number(row["voice"])),
            Cell(signed(row["gap"]), f"±{number(1.96 * row['se'])}"),
            Cell(flag_text(row["tier"])),
        ]
        for row in rows[:SHOWN]
    ]
    more = f"The {count(SHOWN)} widest of {count(len(rows))}. " if len(rows) > SHOWN else ""
    note = f"{more}Gaps are drawn towards the average where few people spoke."
    columns = ["Account", "Telemetry", "Voice", "Gap", "Flag"]
    return [Table(f"{topic(name)}: the widest gaps", columns, cells, numeric=frozenset({1, 2, 3}), note=note)]


def _workings(found: Mapping[str, Any]) -> list[Working]:
    gap, n = found["gap"] or {}, count(found["n"])
    kappa, rho = found["table"]["kappa"], found["spearman"]
    mean = "–" if gap.get("mean") is None else signed(gap["mean"], 1)
    return [
        Working("Telemetry", number(found["telemetry"], 1), "–", n, _SCORE),
        Working("Voice", number(found["voice"], 1), "–", n, _VOICE),
        Working("Voice minus telemetry", mean, interval(gap.get("lo"), gap.get("hi"), signed) or "–", n, _GAP),
        Working("Is the difference chance?", p_text(found["p_adjusted"]), "–", n, _TESTED),
        estimate_working("Agreement on bands, weighted κ", kappa, n, _KAPPA),
        estimate_working("Order of accounts, ρ", rho, n, _RHO),
    ]


def _measures(figures: Figures) -> Section:
    rows = [
        [
            Cell(each["name"], label(each["group"]) if each["group"] else ""),
            Cell(topic(each["dimension"]) if each["dimension"] else "Nothing"),
        ]
        for each in figures["measures"]
    ]
    return Section(
        "measures",
        "Which measure speaks about what",
        text=["By the names of groups and measures, where nobody chose otherwise."],
        tables=[Table("Measures and topics", ["Measure", "Held against"], rows)],
    )
