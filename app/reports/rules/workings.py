"""How every portfolio figure was computed: its value, its interval, its n and its formula."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.display import MISSING, money_full, number, percent, signed
from app.core.words import topic
from app.reports.rules.document import Document
from app.reports.rules.estimates import (
    Estimate,
    Show,
    bare_interval,
    clipped,
    finer,
    on_scale,
    reason,
    value_of,
)
from app.reports.rules.part import all_accounts
from app.reports.rules.words import capital

Row = Mapping[str, Any]

_STRATIFIED = "Mean over accounts, by the weights told below; t interval."
_AGREEMENT = {
    "spearman": ("Rank correlation, Spearman ρ", "Correlation of ranks; Bonett–Wright interval."),
    "kendall": ("Rank correlation, Kendall τ", "Concordant less discordant pairs, ties corrected; Fieller interval."),
    "pearson": ("Linear correlation, Pearson r", "Fisher z interval."),
    "kappa": (
        "Agreement on R/A/G, weighted κ",
        "Linear weights on the printed cross-table; interval by Fleiss, Cohen and Everitt.",
    ),
    "ccc": ("Agreement on points, Lin’s ρc", "2s_xy / (s_x² + s_y² + difference of means²); z interval."),
}


@dataclass(frozen=True)
class Working:
    """One figure with its interval, its n and how it comes about; `exact` is what stands behind the texts."""

    name: str
    value: str
    interval: str
    n: str
    how: str
    exact: Row = field(default_factory=dict)


def workings(document: Document) -> list[Working]:
    """Every portfolio figure with interval, n and formula, in the order of the report."""
    return [
        *_voice_workings(document),
        *_value_workings(document),
        *_agreement_workings(document),
        *_money_workings(document),
    ]


def _voice_workings(document: Document) -> list[Working]:
    voice = document["voice"]
    return [
        _working("Voice, 0 to 100", on_scale(voice["mean"]), number, _STRATIFIED),
        _working(
            "NPS",
            clipped(voice["nps"], -100.0, 100.0),
            signed,
            "Promoters (9, 10) less detractors (0 to 6), times 100; each account counts once.",
        ),
        _working(
            "CSAT, top two",
            clipped(voice["csat_top2"], 0.0, 1.0),
            percent,
            "Share of 4 and 5 of 5; Wilson interval at n over the design effect.",
        ),
        _working("Renewal intent, 0 to 100", on_scale(voice["renewal_intent"]), number, _STRATIFIED),
        *(
            _working(f"{topic(k)}, 0 to 100", on_scale(e), number, _STRATIFIED)
            for k, e in sorted(voice["dimensions"].items())
            if k not in {"renewal_intent", "value"}
        ),
    ]


def _value_workings(document: Document) -> list[Working]:
    value = document["value"]
    paired = value.get("paired") or value
    p, d_z = paired.get("p"), paired.get("d_z")
    size = "" if p is None else f"p {'< 0.001' if p < 0.001 else f'= {number(p, 3)}'}, d_z = {number(d_z, 2)}"
    test = f" Paired t over accounts, unweighted: {size}." if size else ""
    return [
        _working("Value promised, 0 to 100", on_scale(value["promised"]), number, _STRATIFIED),
        _working("Value received, 0 to 100", on_scale(value["delivered"]), number, _STRATIFIED),
        _working("Value gap, points", value["gap"], signed, f"Received minus promised, where both are answered.{test}"),
    ]


def _agreement_workings(document: Document) -> list[Working]:
    agreement = document["agreement"]
    rows = [
        _working(name, agreement.get(key) or {}, lambda v: number(v, 2), how) for key, (name, how) in _AGREEMENT.items()
    ]
    limits = agreement["limits"] or (None, None)
    ends = MISSING if None in limits else f"{signed(limits[0])} to {signed(limits[1])}"
    return [
        *rows,
        _working(
            "Voice minus health, points", agreement["bias"], signed, "Mean of the differences, unweighted; t interval."
        ),
        Working(
            "95 % limits of the differences",
            ends,
            "",
            number(agreement["n"]),
            "Mean ± 1.96 standard deviations (Bland and Altman).",
            {"lo": limits[0], "hi": limits[1], "n": agreement["n"]},
        ),
        Working(
            "Same colour",
            percent(agreement.get("percent_agreement")),
            "",
            number(agreement["n"]),
            "Share of accounts on the diagonal of the cross-table.",
            {"value": agreement.get("percent_agreement"), "n": agreement["n"]},
        ),
    ]


def _money_workings(document: Document) -> list[Working]:
    risk, currency, n = document["arr_at_risk"], document["currency"], number(document["agreement"]["n"])
    portfolio = clipped(risk["portfolio"], 0.0, document["population"]["arr"])
    confirmed = number(risk.get("confirmed_accounts") or 0)

    def full(value: Any) -> str:
        return money_full(value, currency)

    return [
        Working(
            "Confirmed at risk",
            full(risk["confirmed"]),
            "",
            confirmed,
            "Sum of revenue of confirmed accounts whose voice lies below health.",
            {"value": risk["confirmed"], "n": risk.get("confirmed_accounts") or 0},
        ),
        Working(
            "Expected in the sample",
            full(risk["expected"]),
            "",
            n,
            "Sum of revenue × P(low) over the accounts compared.",
            {"value": risk["expected"], "n": document["agreement"]["n"]},
        ),
        _working(
            f"Estimated for {all_accounts(document)}",
            portfolio,
            full,
            "Sum of w × revenue × P(low); standard error between accounts.",
        ),
    ]


def _working(name: str, estimate: Estimate, show: Show, how: str) -> Working:
    value = value_of(estimate)
    if value is None:
        return Working(name, MISSING, "", number(estimate.get("n") or 0), f"{capital(reason(estimate))}.", estimate)
    interval = bare_interval(estimate, show)
    return Working(name, finer(show, estimate)(value), interval, number(estimate.get("n")), how, estimate)
