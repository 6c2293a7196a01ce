"""How the words sound, and whether people who read the same words agree."""

from collections.abc import Mapping
from typing import Any

from app.core.display import count, number, signed
from app.core.words import capital, counted
from app.reports.rules.estimates import bare_interval, interval_text, value_of
from app.reports.rules.topics.page import Figures, Section, Setting
from app.reports.rules.topics.parts import estimate_working
from app.reports.rules.workings import Working

EXPERIMENTAL = "experimental"

_NET = "the share that sounds positive less the share that sounds negative"
_MEAN = (
    "VADER’s compound score (Hutto and Gilbert 2014) per answer; mean per person, then account; weighted by stratum."
)
_KAPPA = "Cohen’s κ between people who read the words, without seeing ours, and the sentiment computed from them."


def tone_section(figures: Figures, setting: Setting) -> Section:
    """How the words sound, called experimental until people who read the same words agree."""
    coding, found = figures["hand_coding"], setting.facts["sentiment"]
    is_experimental = coding[EXPERIMENTAL]
    title = "How the words sound" + (f" ({EXPERIMENTAL})" if is_experimental else "")
    if not found["verbatims"]:
        return Section("sentiment", title, empty="No open answer in English has come yet.")
    mean, kappa = found["mean"], coding["kappa"]
    of = counted(found["verbatims"], "open answer")
    net = f"Net sentiment {signed(found['net'])} points: of {of}, {_NET}."
    return Section(
        "sentiment",
        title,
        text=[net, _checked(coding)],
        workings=[
            estimate_working("Mean sentiment, −1 to 1", mean, count(mean["n"]), _MEAN, signed),
            Working(
                "Net sentiment",
                signed(found["net"]),
                "",
                count(found["verbatims"]),
                "Positive from 0.05, negative from −0.05.",
            ),
            Working(
                "Agreement with people, κ",
                "–" if value_of(kappa) is None else number(kappa["value"], 2),
                bare_interval(kappa, lambda v: number(v, 2))
                if value_of(kappa) is not None
                else capital(_why_no_kappa(coding)),
                count(coding["coded"]),
                _KAPPA,
            ),
        ],
    )


def _checked(coding: Mapping[str, Any]) -> str:
    kappa, needed = coding["kappa"], count(coding["needed"])
    read = f"{count(coding['coded'])} of {needed} answers were read by people so far"
    if coding["coded"] < coding["needed"]:
        return f"Experimental: {read}. Until then nobody knows how often the computed tone is right."
    said = (
        f"κ = {number(kappa['value'], 2)} ({interval_text(kappa, lambda v: number(v, 2))})"
        if value_of(kappa) is not None
        else _why_no_kappa(coding)
    )
    people = f"People who read {count(coding['coded'])} answers agree with it as {said}"
    return f"Experimental: {people}; it takes 0.60." if coding[EXPERIMENTAL] else f"{people}."


def _why_no_kappa(coding: Mapping[str, Any]) -> str:
    return (
        "nobody has read an answer yet"
        if not coding["coded"]
        else "all answers read were alike, so that κ does not exist"
    )
