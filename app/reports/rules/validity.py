"""Is the health score right? The page of a scorecard's test, written from its stored figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, count, day, figure, number, percent
from app.core.words import capital, counted, listed, plural
from app.reports.rules.charts.ranges import factors_chart
from app.reports.rules.charts.reliability import reliability_chart
from app.reports.rules.estimates import bare_interval, interval_text, is_above, is_below, value_of
from app.reports.rules.topics.page import Cell, Page, Section, Table
from app.reports.rules.workings import Working

Figures = Mapping[str, Any]
Line = Mapping[str, Any]

VERDICTS = {
    "signal": "Signal",
    "vanity": "Vanity",
    "wrong_way": "Wrong way",
    "unproven": "Unproven",
}

_AUC = (
    "Chance that an account which renewed scored above one which was lost, ties counting half; percentile interval of "
    "2,000 stratified bootstrap draws, seed {seed}."
)
_R = "Pearson’s r of the score with the outcome (renewed 1, lost 0); Fisher z interval."
_BITS = "Mutual information of the outcome with the fifth in which the score lies, in bits; at most 1."


def validity_page(figures: Figures) -> Page:
    """The finding about a health score, its factors, the weights that outcomes suggest, and the happy path."""
    if figures["is_refused"]:
        return Page(
            "Too few outcomes to test this health score",
            [refused(figures)],
            [],
        )
    return Page(
        title=title_of(figures),
        lede=[_basis(figures), _counts(figures)],
        sections=[_factors(figures), _suggestion(figures), _happy_path(figures)],
        notes=[note for note in (_late(figures), _circular(figures)) if note],
    )


def validity_lines(figures: Figures) -> list[str]:
    """The same in plain lines: the finding, one line per factor, and what was suggested."""
    page = validity_page(figures)
    if figures["is_refused"]:
        return [page.title + ".", *page.lede]
    factors = [
        f"  {line['name']}: {finding(line)} – AUC {_auc_text(line['auc'])}, n {count(line['n'])}, "
        f"too late {count(line['late'])}"
        for line in _told(figures["factors"])
    ]
    weights = page.sections[1]
    return [
        line for line in (page.title + ".", *page.lede, *page.notes, *factors, *weights.text, weights.empty) if line
    ]


def refused(figures: Figures) -> str:
    """Why nothing is said."""
    losses, renewals = count(figures["losses"]), count(figures["renewals"])
    return f"Known are, of losses: {losses}, of renewals: {renewals}; it takes {figures['floor']} of each."


def title_of(figures: Figures) -> str:
    """The finding: no more than the interval of the score's AUC allows."""
    health = figures["health"]
    if value_of(health) is None:
        return "No health score was there early enough to be tested"
    if is_above(health, 0.5):
        return "The health score tells accounts that renewed from those that were lost"
    if is_below(health, 0.5):
        return "The health score points the wrong way: accounts that were lost scored higher"
    return "No relation found between the health score and what became of the accounts"


def finding(line: Line) -> str:
    """The verdict on a factor in words; where there is none, why."""
    if line["verdict"] != "unproven":
        return VERDICTS[line["verdict"]]
    if not line["n"]:
        return "Measured too late" if line["late"] else "Not measured"
    if line["is_thin"]:
        return "Too few outcomes"
    return "No relation found" if _spans_chance(line["auc"]) else "Unproven"


def _spans_chance(auc: Line) -> bool:
    return auc["lo"] is not None and auc["lo"] <= 0.5 <= auc["hi"]


def _auc_text(auc: Line) -> str:
    if value_of(auc) is None:
        return MISSING
    return f"{number(auc['value'], 2)} ({interval_text(auc, lambda v: number(v, 2))})"


def _basis(figures: Figures) -> str:
    health = figures["health"]
    known = f"{count(figures['renewals'])} accounts that renewed or expanded and {count(figures['losses'])}"
    tested = f"Tested on {known} that left or shrank, by what was measured {figures['lead_days']} days before at least."
    if value_of(health) is None:
        return tested
    pairs = f"In {number(100 * health['value'])} of 100 pairs the one that renewed had the higher score"
    sure = interval_text(health, lambda v: number(100 * (v or 0)))
    return f"{tested} {pairs} ({sure}); 50 is chance."


def _counts(figures: Figures) -> str:
    measures = [line for line in figures["factors"] if line["kind"] == "measure"]
    found: dict[str, list[str]] = {}
    for line in measures:
        found.setdefault(finding(line), []).append(line["name"])
    parts = [f"{name}: {listed(names)}" for name, names in found.items()]
    return "; ".join(parts) + "." if parts else ""


def _late(figures: Figures) -> str:
    parts = [
        f"{what} of {counted(figures['late'][key], 'account')}"
        for key, what in (("measures", "all measures"), ("voice", "all answers"))
        if figures["late"][key]
    ]
    if not parts:
        return ""
    return (
        f"Measured too late: {listed(parts)} came less than {figures['lead_days']} days before the outcome, or after "
        "it. They may be its echo, so they were refused."
    )


def _circular(figures: Figures) -> str:
    is_circular = figures["scorecard"].get("circular")
    return "This scorecard is circular: it uses what customers say." if is_circular else ""


def _told(lines: Sequence[Line]) -> list[Line]:
    """The factors that say something of their own: topics of which nobody spoke in time are told by the first line."""
    return [line for line in lines if line["n"] or line["kind"] != "voice" or line["key"] == "voice"]


def _left_out(lines: Sequence[Line]) -> str:
    n = len(lines) - len(_told(lines))
    return f"{capital(counted(n, 'topic'))} of which nobody spoke in time {plural(n, 'is')} not listed." if n else ""


def _factors(figures: Figures) -> Section:
    lines = _told(figures["factors"])
    title = "Which factors tell renewals from losses"
    rows = [
        [
            Cell(line["name"], sub=_source(line)),
            Cell(finding(line), sub=_why(line)),
            Cell(MISSING if value_of(line["auc"]) is None else number(line["auc"]["value"], 2)),
            Cell(bare_interval(line["auc"], lambda v: number(v, 2))),
            Cell(count(line["n"]), sub=f"{count(line['losses'])} lost" if line["n"] else ""),
            Cell(percent(line["missing_share"]), sub=f"{count(line['late'])} too late" if line["late"] else ""),
        ]
        for line in lines
    ]
    columns = ["Factor", "Verdict", "AUC", "95 % interval", "Accounts", "Missing"]
    known = [line for line in lines if value_of(line["auc"]) is not None]
    return Section(
        "factors",
        title,
        text=[
            (
                "Signal: the whole interval lies above chance, also after allowing for the number of factors. Vanity: "
                "it carries weight, many losses are known, and at best it tells little. Wrong way: the lost scored "
                "higher."
            )
        ],
        chart=factors_chart(known, "Each factor on its own") if known else None,
        tables=[Table(title, columns, rows, numeric=frozenset({2, 3, 4, 5}), note=_left_out(figures["factors"]))],
        workings=[each for line in known for each in _workings(line, figures["seed"])],
    )


def _source(line: Line) -> str:
    if line["kind"] == "measure":
        return f"weight {percent(line['weight'])}"
    return "what customers said, no part of the score" if line["kind"] == "voice" else "no part of the score"


def _why(line: Line) -> str:
    if line["verdict"] == "vanity":
        found = "no relation found" if _spans_chance(line["auc"]) else "it tells little"
        return f"{found}, and it carries {percent(line['weight'])}"
    if line["verdict"] == "signal" and line["p_adjusted"] is not None:
        return f"p {_p(line['p_adjusted'])} after Benjamini–Hochberg"
    if line["is_thin"] and line["n"]:
        return f"measured in time for {count(line['losses'])} losses and {count(line['renewals'])} renewals"
    return ""


def _p(p: float) -> str:
    return "< .001" if p < 0.001 else f"= {number(p, 3)}"


def _workings(line: Line, seed: int) -> list[Working]:
    n = count(line["n"])
    auc, r = line["auc"], line["r"]
    found = [
        Working(
            f"{line['name']}: AUC",
            number(auc["value"], 3),
            bare_interval(auc, lambda v: number(v, 3)),
            n,
            _AUC.format(seed=seed),
        )
    ]
    if value_of(r) is not None:
        shown = bare_interval(r, lambda v: number(v, 2))
        found.append(Working(f"{line['name']}: correlation", number(r["value"], 2), shown, n, _R))
    if line["bits"] is not None:
        found.append(Working(f"{line['name']}: information", f"{number(line['bits'], 3)} bits", MISSING, n, _BITS))
    return found


_REFUSED = {
    "few": "Nothing is suggested: it takes ten losses and ten renewals.",
    "no_factor": (
        "Nothing is suggested: no measure was there in time for four in five of the accounts with ten losses and ten "
        "renewals among them."
    ),
    "one_factor": (
        "Nothing is suggested: there are outcomes enough for one measure only, and a weight moves against others."
    ),
    "no_sign": "Nothing is suggested: no measure points the way that the scorecard declares.",
}


def _suggestion(figures: Figures) -> Section:
    found, title = figures["suggestion"], "Which weights the outcomes suggest"
    if found["refused"]:
        return Section("weights", title, empty=_REFUSED[found["refused"]], text=_checked(found))
    names = {line["key"]: line for line in figures["factors"] if line["kind"] == "measure"}
    rows = [
        [
            Cell(names[key]["name"], sub=_role(key, found)),
            Cell(percent(names[key]["weight"])),
            Cell(percent(share)),
        ]
        for key, share in found["weights"].items()
    ]
    trust = (
        f"With {count(found['losses'])} losses the outcomes count {percent(found['trust'])} and the weights in use the "
        "rest. It is a suggestion: nothing changes until somebody publishes it."
    )
    bins = found["checked"]["reliability"]
    return Section(
        "weights",
        title,
        text=[trust, *_checked(found)],
        chart=reliability_chart(bins) if bins else None,
        tables=[Table(title, ["Measure", "Weight now", "Suggested"], rows, numeric=frozenset({1, 2}))],
        workings=_check_workings(found),
    )


def _role(key: str, found: Line) -> str:
    if key not in found["coefficients"]:
        return "not in the model: keeps its weight"
    return "" if found["coefficients"][key] else "points the wrong way in the model"


def _checked(found: Line) -> list[str]:
    checked = found.get("checked")
    if not checked or value_of(checked["auc"]) is None:
        return []
    said = f"On accounts that it was not fitted to, the model’s AUC is {_auc_text(checked['auc'])}"
    if not is_above(checked["auc"], 0.5):
        return [f"{said}: no better than chance for all we know, so there is little reason to follow it."]
    skill = checked["skill"]
    if skill is None:
        return [f"{said}."]
    saves = f"{percent(skill)} of the error" if skill > 0 else "nothing"
    return [f"{said}; against the base rate it saves {saves} (Brier skill {number(skill, 2)})."]


def _check_workings(found: Line) -> list[Working]:
    checked, n = found["checked"], count(found["n"])
    auc = checked["auc"]
    how = f"Logistic ridge on z-scores, C = {figure(found['c'])} by repeated five-fold cross-validation; out of fold."
    return [
        Working("AUC out of fold", number(auc["value"], 3), bare_interval(auc, lambda v: number(v, 3)), n, how),
        Working("Brier score", number(checked["brier"], 3), MISSING, n, "Mean squared distance of chance and outcome."),
        Working("Brier skill", number(checked["skill"], 3), MISSING, n, "1 − Brier / Brier of the base rate."),
        Working(
            "Trust in the outcomes, λ",
            number(found["trust"], 2),
            MISSING,
            n,
            "Losses / (losses + 50); new weight = (1 − λ) old + λ |β| / Σ|β|.",
        ),
    ]


def _happy_path(figures: Figures) -> Section:
    found, title = figures["happy_path"], "What the best accounts had reached"
    groups = (
        f"{count(found['best'])} accounts renewed or expanded with a voice of 75 or more, "
        f"{count(found['others'])} were lost or less happy"
    )
    if found["is_refused"]:
        return Section("happy-path", title, empty=f"Nothing is proposed: {groups}; it takes ten of each.")
    names = {line["key"]: line["name"] for line in figures["factors"]}
    rows = [
        [
            Cell(names[line["key"]], sub="proposed as a milestone" if line["is_proposed"] else ""),
            Cell(_median(line["best"]), sub=_quartiles(line["best"])),
            Cell(_median(line["others"]), sub=_quartiles(line["others"])),
            Cell(_auc_text(line["auc"]) if line["auc"] else MISSING),
        ]
        for line in found["measures"]
    ]
    proposed = [line for line in found["measures"] if line["is_proposed"]]
    said = [f"{capital(groups)}. {_unheard(found['unheard'])}".strip(), *(_milestone(line, names) for line in proposed)]
    if not proposed:
        is_compared = any(line["auc"] for line in found["measures"])
        said.append(
            "No measure sets the best apart for all we know, so none is proposed."
            if is_compared
            else "Fewer than ten of the best were measured in time, so nothing is proposed."
        )
    columns = ["Measure", "The best, median", "The others, median", "AUC best against others"]
    return Section(
        "happy-path",
        title,
        text=said,
        tables=[Table(title, columns, rows, numeric=frozenset({1, 2, 3}), note="Accounts like these, not a cause.")],
    )


def _milestone(line: Line, names: Mapping[str, str]) -> str:
    best, others = line["best"], line["others"]
    return (
        f"{names[line['key']]}: the median of the best was {figure(best['median'])} (n = {count(best['n'])}), "
        f"of the others {figure(others['median'])} (n = {count(others['n'])})."
    )


def _unheard(n: int) -> str:
    return f"{capital(counted(n, 'account'))} renewed but {plural(n, 'was')} never heard and left out." if n else ""


def _median(spread: Line) -> str:
    return figure(spread["median"])


def _quartiles(spread: Line) -> str:
    n = f"n = {count(spread['n'])}"
    if spread["median"] is None:
        return n
    return f"{figure(spread['low'])} to {figure(spread['high'])}, {n}"


def tested_on(figures: Figures) -> str:
    """Which version was tested, and when."""
    return f"Version {figures['scorecard']['version']}, outcomes up to {day(figures['as_of'])}"
