"""Survey against interview: what the way of asking changes, and what a short question says about the long talk."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, NBSP, count, interval, number, signed
from app.core.words import capital, counted, in_words
from app.reports.rules.charts.base import Chart
from app.reports.rules.charts.dots import Dot, dots_chart, points_ruler
from app.reports.rules.topics.foretold import ALL, LEVEL, foretold, p_text, proposals, question_name, question_words
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.workings import Working

_VERDICTS = {
    "equivalent": "Equivalent",
    "different_but_trivial": "Different, but trivial",
    "different": "Different",
    "undecided": "Undecided",
}
_ARMS = (
    "Mean of accounts interviewed less mean of accounts surveyed, inside strata, weighed n₁n₂ / (n₁ + n₂); spread "
    "pooled inside strata and arms, t interval. Two one-sided tests against ±10 points (Schuirmann 1987). p after "
    "Benjamini and Hochberg."
)
_PAIRED = (
    "Interview less survey of the same people, each account’s mean counting once; paired t and two one-sided tests "
    "against ±10 points. p after Benjamini and Hochberg."
)

_NO_LOT = (
    "Nobody drew lots between the two: a difference may come from who was asked how, and is not an effect of the way "
    "of asking."
)
_BY_LOT = "A difference is then an effect of the mode: of how people answer when asked so, and of who answers at all."
_MEANING = (
    "Equivalent: the whole 90\u00a0% interval lies within ±{} points. Undecided: the answers so far show neither a "
    "difference nor its absence."
)
_STRAY = "answered by the other way than the lot said; they count as drawn."
_ORDER = "Which came first was not drawn by lot, and time lies between: a difference, then, and no effect of the mode."

Row = Mapping[str, Any]


def page(figures: Figures, _setting: Setting) -> Page:
    """What survey and interview say of the same questions, what the survey foretells, and how it could be better."""
    return Page(
        title=_title(figures),
        lede=_lede(figures),
        sections=[_effect(figures), _same_people(figures), foretold(figures), proposals(figures)],
    )


def _title(figures: Figures) -> str:
    rows = _questions(figures["differences"])
    tested = [row for row in rows if row["verdict"]]
    if not rows or all(row["difference"] is None for row in rows):
        is_heard = any(arm["heard"] for arm in figures["design"]["arms"].values())
        who = "Everyone was heard the same way" if is_heard else "Nobody was heard"
        return f"{who}, so there is nothing to compare yet"
    if not tested:
        return "Too few accounts answered to say what the way of asking changes"
    different = [row for row in tested if _holds(row)]
    if different:
        many = f"{in_words(len(different))} of {counted(len(tested), 'question')}"
        if figures["design"]["is_randomised"]:
            return f"The way of asking changes the answers to {many}"
        return f"Those interviewed and those surveyed answer {many} differently"
    if all(row["verdict"] in {"equivalent", "different_but_trivial"} for row in tested):
        return f"Survey and interview give the same scores, within {number(figures['bound'])} points"
    return "No difference between survey and interview is shown, and none is ruled out"


def _holds(row: Row) -> bool:
    return row["verdict"] == "different" and row["p_adjusted"] is not None and row["p_adjusted"] < LEVEL


def _lede(figures: Figures) -> list[str]:
    if not figures["differences"]:
        return []
    arms, design = figures["design"]["arms"], figures["design"]
    interview, survey = arms["interview"], arms["survey"]
    if not design["is_randomised"]:
        heard = f"{capital(counted(interview['heard'], 'account'))} answered in an interview"
        return [f"{heard} and {in_words(survey['heard'])} in the survey.", _NO_LOT]
    said = (
        f"Lots were drawn{_inside(design['strata'])}: "
        f"{in_words(interview['heard'])} of {counted(interview['accounts'], 'account')} to be interviewed were heard, "
        f"and {in_words(survey['heard'])} of {in_words(survey['accounts'])} to be surveyed."
    )
    return [said, _BY_LOT]


def _inside(strata: int) -> str:
    return f" inside {in_words(strata)} strata" if strata > 1 else ""


def _questions(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["question"] != ALL]


def _effect(figures: Figures) -> Section:
    is_effect = figures["design"]["is_randomised"]
    title = "Mode effect, question by question" if is_effect else "Those interviewed against those surveyed"
    rows = [row for row in figures["differences"] if row["difference"] is not None]
    if not rows:
        return Section(
            "effect",
            title,
            empty="It takes accounts that answered in an interview and others that answered the survey, on the same "
            "questions. A study with the mode “both” draws lots between the two.",
        )
    return Section(
        "effect",
        title,
        text=[*_verdict_sentences(rows, figures), *_strays(figures["design"])],
        chart=_differences_chart("mode-effect", rows, figures, is_effect=is_effect),
        tables=[_differences_table(title, rows, figures)],
        workings=[_difference_working(row, _ARMS) for row in rows],
    )


def _verdict_sentences(rows: Sequence[Row], figures: Figures) -> list[str]:
    bound = number(figures["bound"])
    if not any(row["verdict"] for row in rows):
        return [f"With fewer than ten accounts on a side the differences are described, not tested ({_least(rows)})."]
    return [_MEANING.format(bound)]


def _least(rows: Sequence[Row]) -> str:
    few = min(min(row.get("n_first", row["n"]), row.get("n_second", row["n"])) for row in rows)
    return f"at the least {in_words(few)}"


def _strays(design: Row) -> list[str]:
    stray = design["other_door"]
    both = design["by_both"]
    return [
        *([f"{capital(counted(stray, 'person'))} {_STRAY}"] if stray and design["is_randomised"] else []),
        *([f"{capital(counted(both, 'answer'))} came by link after an interview was handed over."] if both else []),
    ]


def _differences_chart(key: str, rows: Sequence[Row], figures: Figures, *, is_effect: bool) -> Chart:
    dots = [
        Dot(
            question_name(row["question"]),
            _VERDICTS.get(row["verdict"] or "", "described only"),
            row["difference"],
            row["lo90"],
            row["hi90"],
            is_ring=row["verdict"] is None,
        )
        for row in rows
    ]
    bound = figures["bound"]
    return dots_chart(
        key=key,
        title="Interview minus survey" + (", drawn by lot" if is_effect else ""),
        subtitle=f"Difference in points on 0 to 100, 90{NBSP}% interval",
        rows=dots,
        ruler=points_ruler(dots, zone=bound, zone_name=f"within ±{number(bound)} points"),
        level="90",
        source="Right of zero: people are kinder in an interview.",
    )


def _differences_table(caption: str, rows: Sequence[Row], figures: Figures) -> Table:
    cells = [
        [
            Cell(question_name(row["question"]), question_words(row["question"], figures)),
            Cell(number(row["mean_first"]), f"n = {count(row.get('n_first', row['n']))}"),
            Cell(number(row["mean_second"]), f"n = {count(row.get('n_second', row['n']))}"),
            Cell(signed(row["difference"], 1), interval(row["lo90"], row["hi90"], _signed_one)),
            Cell(_VERDICTS.get(row["verdict"] or "", "Described only")),
        ]
        for row in rows
    ]
    columns = ["Question", "Interview", "Survey", f"Difference, 90{NBSP}%", "Verdict"]
    return Table(caption, columns, cells, numeric=frozenset({1, 2, 3}))


def _signed_one(value: Any) -> str:
    return signed(value, 1)


def _difference_working(row: Row, how: str) -> Working:
    p = "" if row["p_adjusted"] is None else f" p of the difference: {p_text(row['p_adjusted'])}."
    return Working(
        question_name(row["question"]),
        signed(row["difference"], 1),
        interval(row["lo"], row["hi"], _signed_one) or MISSING,
        count(row["n"]),
        how + p,
    )


def _same_people(figures: Figures) -> Section:
    title = "The same people, asked both ways"
    paired = figures["paired"]
    rows = [row for row in paired["questions"] if row["difference"] is not None]
    if not rows:
        return Section(
            "paired",
            title,
            empty="Nobody has answered the same questions in an interview and in a survey within "
            f"{count(paired['days'])} days. An interview study and a survey study of the same people would fill this.",
        )
    needed = max((row["pairs_needed"] or 0 for row in rows), default=0)
    people = f"{capital(counted(paired['people'], 'person'))} at {counted(paired['accounts'], 'account')}"
    text = [
        f"{people} answered the same questions both ways within {count(paired['days'])} days.",
        _ORDER,
    ]
    if needed and any(row["verdict"] == "undecided" for row in rows):
        text.append(f"At this spread it takes about {counted(needed, 'account')} to show that both ways agree.")
    return Section(
        "paired",
        title,
        text=[*text, *_verdict_sentences(rows, figures)],
        chart=_differences_chart("mode-paired", rows, figures, is_effect=False),
        tables=[_differences_table(title, rows, figures)],
        workings=[_difference_working(row, _PAIRED + _agreement(row)) for row in rows],
    )


def _agreement(row: Row) -> str:
    lower, upper = row["limits"] or (None, None)
    limits = interval(lower, upper, _signed_one)
    return "".join(
        [
            f" ICC(2,1) = {number(row['icc'], 2)}." if row["icc"] is not None else "",
            f" 95{NBSP}% limits of agreement of one account: {limits}." if limits else "",
        ]
    )
