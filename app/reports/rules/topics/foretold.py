"""What short questions foretell of the interview, and how the survey could tell more."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import NBSP, count, number
from app.core.words import capital, counted, in_words, label, plural, topic
from app.reports.rules.charts.base import Chart
from app.reports.rules.charts.dots import Dot, correlation_ruler, dots_chart
from app.reports.rules.estimates import bare_interval, interval_text, value_of
from app.reports.rules.topics.page import Cell, Figures, Section, Table
from app.reports.rules.workings import Working

LEVEL = 0.05
SMALLEST_P = 0.0005
ALL = "voice"
"""In place of a question or a topic: all of them together."""

_CARRIES = {
    "recommend": "NPS",
    "satisfaction": "CSAT",
    "value_delivered": "the value gap",
    "renewal_intent": "renewal intent",
}
_FORETOLD = "Spearman ρ over accounts interviewed; Bonett–Wright interval; p after Benjamini and Hochberg."
_PARTIAL = (
    "Correlation of ranks with the mean of the other long topics, the survey’s other questions taken out of both; "
    "interval by Bonett and Wright with n − k − 3; p after Benjamini and Hochberg."
)

Row = Mapping[str, Any]


def question_name(question: str) -> str:
    """A question by its key, or all of them together."""
    if question == ALL:
        return "All shared questions"
    return label(question)


def question_words(question: str, figures: Figures) -> str:
    """The words in which a question is put."""
    known = figures["questions"].get(question)
    return "their mean" if known is None else f"“{known['text']}”"


def foretold(figures: Figures) -> Section:
    """How each short question goes along with what only the interview asks."""
    title = "Which short questions foretell the interview"
    rows = [row for row in figures["predictions"] if value_of(row["estimate"]) is not None]
    if not rows:
        return Section(
            "foretold",
            title,
            empty="It takes ten accounts whose interview held both the survey’s questions and others; "
            f"{_so_far(figures['interviewed'])}.",
        )
    whole = sorted((r for r in rows if r["dimension"] == ALL), key=lambda r: -r["estimate"]["value"]) or rows
    return Section(
        "foretold",
        title,
        text=[_foretold_sentence(whole), _basis(figures)],
        chart=_foretold_chart(whole),
        tables=[_best_table(rows)],
        workings=[_correlation_working(row) for row in whole],
    )


def _basis(figures: Figures) -> str:
    if figures["is_apart"]:
        return "The short questions were answered in another survey, by people who were interviewed here."
    return "Both were said in the same talk, so one mood may colour them all."


def _foretold_sentence(whole: Sequence[Row]) -> str:
    sure = [row for row in whole if row["p_adjusted"] is not None and row["p_adjusted"] < LEVEL]
    if not sure:
        return "No short question is shown to go along with the rest of the interview."
    many = f"{capital(in_words(len(sure)))} of {counted(len(whole), 'short question')}"
    if len(sure) == len(whole) > 1:
        many = f"All {counted(len(whole), 'short question')}"
    if len(sure) > 1 and min(row["estimate"]["hi"] for row in sure) >= max(row["estimate"]["lo"] for row in sure):
        return f"{many} go along with the rest of the interview; which does best is too close to call."
    return f"{many} {plural(len(sure), 'goes') if len(sure) == 1 else 'go'} along with the rest of the interview."


def _foretold_chart(whole: Sequence[Row]) -> Chart:
    dots = [
        Dot(
            question_name(row["question"]),
            f"n = {count(row['estimate']['n'])}",
            row["estimate"]["value"],
            row["estimate"]["lo"],
            row["estimate"]["hi"],
        )
        for row in whole
    ]
    return dots_chart(
        key="mode-foretold",
        title="Short questions and the rest of the interview",
        subtitle=f"Rank correlation with the mean of the topics that only the interview asks, 95{NBSP}% interval",
        rows=dots,
        ruler=correlation_ruler(dots),
    )


def _best_table(rows: Sequence[Row]) -> Table:
    best: dict[str, Row] = {}
    for row in rows:
        if row["dimension"] != ALL and row["estimate"]["value"] > _value(best.get(row["dimension"])):
            best[row["dimension"]] = row
    cells = [
        [
            Cell(topic(dimension)),
            Cell(question_name(row["question"])),
            Cell(number(row["estimate"]["value"], 2), bare_interval(row["estimate"], _two)),
            Cell(p_text(row["p_adjusted"])),
            Cell(count(row["estimate"]["n"])),
        ]
        for dimension, row in sorted(best.items(), key=lambda item: -item[1]["estimate"]["value"])
    ]
    columns = ["Topic of the interview", "Foretold best by", f"ρ, 95{NBSP}%", "p, adjusted", "n"]
    return Table("Topics of the interview", columns, cells, numeric=frozenset({2, 3, 4}))


def _value(row: Row | None) -> float:
    return -2.0 if row is None else float(row["estimate"]["value"])


def p_text(p: float | None) -> str:
    """A p-value with three decimals; one that would round to nothing is `<0.001`."""
    return "<0.001" if p is not None and p < SMALLEST_P else number(p, 3)


def _two(value: Any) -> str:
    return number(value, 2)


def _correlation_working(row: Row) -> Working:
    estimate = row["estimate"]
    return Working(
        f"{question_name(row['question'])} with the rest of the interview",
        number(estimate["value"], 2),
        bare_interval(estimate, _two),
        count(estimate["n"]),
        _FORETOLD,
    )


def _so_far(n: int) -> str:
    return f"there {plural(n, 'is')} {in_words(n) if n else 'none'} so far"


def proposals(figures: Figures) -> Section:
    """Which questions the survey should ask or drop, with the evidence; a person decides."""
    title = "How the survey could tell more"
    found = figures["proposals"]
    if found is None:
        return Section("proposals", title, empty="Proposals take interviews that ask more than the survey does.")
    if found["n"] < found["minimum"]:
        needed = f"Proposals take {count(found['minimum'])} accounts whose interview held all of these questions"
        return Section("proposals", title, empty=f"{needed}; {_so_far(found['n'])}.")
    add, drop = ([row for row in found[kind] if row["is_proposed"]] for kind in ("add", "drop"))
    text = [
        *(_addition(row, figures) for row in add),
        *(_removal(row) for row in drop),
    ] or ["Nothing is proposed: no question is shown to add to the survey, and none to be idle in it."]
    rows = [
        *(_proposal_row(row, "Ask in the survey too", figures) for row in add),
        *(_proposal_row(row, "Adds little", figures) for row in drop),
    ]
    columns = ["Question", "Proposal", f"Partial ρ, 95{NBSP}%", "p, adjusted", "n"]
    return Section(
        "proposals",
        title,
        text=[*text, "A person decides: nothing in a questionnaire changes by itself."],
        tables=[Table(title, columns, rows, numeric=frozenset({2, 3, 4}))] if rows else [],
        workings=[_partial_working(row, figures) for row in [*found["add"], *found["drop"]]],
    )


def _question_of(key: str, figures: Figures) -> str:
    return str(figures["long_questions"].get(key, key))


def _addition(row: Row, figures: Figures) -> str:
    asked = figures["questions"].get(_question_of(row["key"], figures), {}).get("text", label(row["key"]))
    return f"“{asked}” tells something about the rest of the interview that the survey’s questions do not."


def _removal(row: Row) -> str:
    carries = _CARRIES.get(row["key"])
    kept = f"; {carries} would end with it" if carries else ""
    name = question_name(row["key"])
    return f"{name} adds little to what the other short questions say about the interview{kept}."


def _proposal_row(row: Row, proposal: str, figures: Figures) -> list[Cell]:
    estimate, question = row["estimate"], _question_of(row["key"], figures)
    return [
        Cell(question_name(question), question_words(question, figures)),
        Cell(proposal),
        Cell(number(estimate["value"], 2), bare_interval(estimate, _two)),
        Cell(p_text(row["p_adjusted"])),
        Cell(count(estimate["n"])),
    ]


def _partial_working(row: Row, figures: Figures) -> Working:
    estimate, question = row["estimate"], _question_of(row["key"], figures)
    has_value = value_of(estimate) is not None
    return Working(
        question_name(question),
        number(estimate["value"], 2),
        bare_interval(estimate, _two) if has_value else capital(interval_text(estimate)),
        count(estimate["n"]),
        _PARTIAL,
    )
