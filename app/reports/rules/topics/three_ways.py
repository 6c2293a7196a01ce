"""Customer, the csm's sealed prediction and telemetry: which of the two came closer to what customers said."""

from collections.abc import Mapping
from typing import Any

from app.core.display import MISSING, count, interval, number, percent, signed
from app.core.words import capital, counted, listed, plural
from app.reports.rules.estimates import bare_interval, interval_text, value_of
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.topics.parts import LEAST_PAIRS, p_text
from app.reports.rules.workings import Working

ALPHA = 0.05
NAMES = {"recommend": "recommending us", "renewal_intent": "renewing", "satisfaction": "satisfaction"}
WHO = {
    "prediction": "The CSM’s sealed prediction",
    "telemetry": "The health score",
    "customer": "The customer’s own word",
}

_OFF = "Mean |guess − said| over accounts, all on 0 to 100; several people of an account count as their mean."
_BIAS = "Mean of guess − said, in points; above 0 the guess was too bright."
_KAPPA = "Cohen’s κ with linear weights of red, amber and green, both cut at 50 and 75."
_CLOSER = (
    "Mean over accounts of |prediction − said| − |health − said|; paired t interval (Student 1908); p adjusted over "
    "the questions (Benjamini and Hochberg 1995)."
)
_SAID = "Mean squared distance of score/100 from 1 (said 4 or 5 of 5 to renewing) or 0 (Brier 1950); low is good."
_CAME = "Mean squared distance of score/100 from 1 (renewed, larger or smaller) or 0 (left) (Brier 1950); low is good."

Measure = Mapping[str, Any]


def page(figures: Figures, _setting: Setting) -> Page:
    """Whether CSMs or the health score come closer to customers, and to what became of them."""
    measures = figures["measures"]
    return Page(
        title=_title(measures),
        lede=_lede(figures),
        sections=[*(_section(key, each) for key, each in measures.items()), _said(figures), _came(figures)],
        notes=_notes(figures),
    )


def _is_firm(found: Measure) -> bool:
    p = found["p_adjusted"]
    return p is not None and p < ALPHA


def _title(measures: Mapping[str, Measure]) -> str:
    firm = {key: each["closer"]["mean"] for key, each in measures.items() if _is_firm(each)}
    csms = [NAMES[key] for key, mean in firm.items() if mean < 0]
    telemetry = [NAMES[key] for key, mean in firm.items() if mean > 0]
    if csms and telemetry:
        return f"CSMs came closer to customers on {listed(csms)}, the health score on {listed(telemetry)}"
    if csms:
        return f"CSMs came closer than the health score to what customers say about {listed(csms)}"
    if telemetry:
        return f"The health score came closer than CSMs to what customers say about {listed(telemetry)}"
    if not measures:
        return "No CSM has sealed a prediction that an interview could be held against yet"
    if all(each["closer"] is None for each in measures.values()):
        return "Too few accounts have a sealed prediction and an answer to say who is closer"
    return "Whether CSMs or the health score come closer to customers is not decided"


def _lede(figures: Figures) -> list[str]:
    if figures["measures"]:
        sealed = "Before an interview the account’s CSM seals what they expect to hear"
        return [f"{sealed}; afterwards it is held against what was said, and so is the health score."]
    if not figures["was_handed_in"]:
        return ["The predictions were not looked at in this scoring; score the study once more."]
    return ["CSMs seal what they expect on the page of an interview, before it begins."]


def _notes(figures: Figures) -> list[str]:
    others = figures["by_others"]
    lines = ["CSMs may know the health score when they predict, so the two are not independent of one another."]
    if others:
        lines.append(f"Left out: {counted(others, 'prediction')} by others than the account’s CSM.")
    return lines if figures["measures"] or others else []


def _section(key: str, found: Measure) -> Section:
    if not found["n"]:
        return Section(key, capital(NAMES[key]), empty="None of these accounts has a health score.")
    rows = [
        [Cell(WHO[who]), Cell(number(found[who]["off"])), Cell(signed(found[who]["bias"])), _bands(found[who]["bands"])]
        for who in ("prediction", "telemetry")
    ]
    columns = ["Guess", "Off by, points", "Too bright (+)", "Same colour, κ"]
    return Section(
        key=key,
        title=capital(NAMES[key]),
        text=[_closer(found), *_without(found)],
        tables=[Table(f"How close guesses came: {NAMES[key]}", columns, rows, numeric=frozenset({1, 2, 3}))],
        workings=_workings(found),
    )


def _closer(found: Measure) -> str:
    gap, of = found["closer"], counted(found["n"], "account")
    if gap is None:
        return f"With {of}, fewer than {count(LEAST_PAIRS)}, these figures describe and claim nothing."
    if gap["lo"] is None:
        return f"Both were off by the same distance at each of {of}, but for {number(abs(gap['mean']), 1)} points."
    if not _is_firm(found):
        ends = interval(gap["lo"], gap["hi"], signed)
        points = f"{signed(gap['mean'])} points (95\u00a0% interval {ends}; {of})"
        return f"Which of the two was closer may be chance: {points}."
    who = "The prediction" if gap["mean"] < 0 else "The health score"
    near, far = sorted((abs(gap["lo"]), abs(gap["hi"])))
    return f"{who} was closer by {number(abs(gap['mean']))} points (95\u00a0% interval {interval(near, far)}; {of})."


def _without(found: Measure) -> list[str]:
    n = found["without_health"]
    return [f"{capital(counted(n, 'account'))} without a health score {plural(n, 'is')} left out."] if n else []


def _bands(bands: Measure) -> Cell:
    kappa = bands["kappa"]
    share = f"{percent(bands['share'])} the same"
    return Cell(MISSING if value_of(kappa) is None else number(kappa["value"], 2), share)


def _workings(found: Measure) -> list[Working]:
    gap, n = found["closer"] or {}, count(found["n"])
    lines = []
    for who in ("prediction", "telemetry"):
        kappa = found[who]["bands"]["kappa"]
        ends = bare_interval(kappa, lambda v: number(v, 2)) if value_of(kappa) is not None else interval_text(kappa)
        lines += [
            Working(f"{WHO[who]}: off by", number(found[who]["off"], 1), MISSING, n, _OFF),
            Working(f"{WHO[who]}: too bright", signed(found[who]["bias"], 1), MISSING, n, _BIAS),
            Working(f"{WHO[who]}: κ", number(value_of(kappa), 2), capital(ends), n, _KAPPA),
        ]
    difference = f"{signed(gap.get('mean'), 1)} (p = {p_text(found['p_adjusted'])})" if gap else MISSING
    return [
        *lines,
        Working(
            "Distance of prediction minus telemetry",
            difference,
            interval(gap.get("lo"), gap.get("hi"), signed) or MISSING,
            n,
            _CLOSER,
        ),
    ]


def _said(figures: Figures) -> Section:
    title = "As forecasts of what they say about renewing"
    found = figures["renewal_said"]
    if found is None:
        return Section("renewal-said", title, empty="No account has a prediction, an answer and a health score yet.")
    say = f"{count(found['events'])} of {counted(found['n'], 'account')} said that they intend to renew."
    return _forecast("renewal-said", title, say, found, _SAID)


def _came(figures: Figures) -> Section:
    title = "As forecasts of what came"
    found = figures["renewal_came"]
    if found is None:
        return Section(
            "renewal-came",
            title,
            empty="No contract of these accounts has come up since. Outcomes are imported as they come; scoring the "
            "study again then fills this part.",
        )
    say = f"{count(found['events'])} of {counted(found['n'], 'account')} whose contract came up since renewed it."
    return _forecast("renewal-came", title, say, found, _CAME)


def _forecast(key: str, title: str, say: str, found: Measure, how: str) -> Section:
    rows = [[Cell(WHO[who]), Cell(number(score, 3))] for who, score in found["brier"].items()]
    n = count(found["n"])
    return Section(
        key=key,
        title=title,
        text=[say, *(_against(who, gap, found["n"]) for who, gap in found["against"].items())],
        tables=[Table(title, ["Forecast", "Brier score, 0 is perfect"], rows, numeric=frozenset({1}))],
        workings=[
            *(
                Working(f"{WHO[who]}: Brier", number(score, 3), MISSING, n, how)
                for who, score in found["brier"].items()
            ),
            *(
                Working(
                    f"Prediction against {WHO[who][0].lower()}{WHO[who][1:]}",
                    signed(gap["mean"], 3),
                    _ends(gap),
                    n,
                    how,
                )
                for who, gap in found["against"].items()
                if gap is not None
            ),
        ],
    )


def _ends(gap: Mapping[str, Any]) -> str:
    return interval(gap["lo"], gap["hi"], lambda v: signed(v, 3)) or MISSING


def _against(who: str, gap: Mapping[str, Any] | None, n: int) -> str:
    other = f"{WHO[who][0].lower()}{WHO[who][1:]}"
    if gap is None:
        few = f"With {counted(n, 'account')}, fewer than {count(LEAST_PAIRS)}"
        return f"{few}, the prediction is not held against {other}."
    if gap["lo"] is None or gap["lo"] <= 0 <= gap["hi"]:
        return f"Between the prediction and {other} no difference is certain."
    return f"The prediction was {'better' if gap['mean'] < 0 else 'worse'} than {other}."
