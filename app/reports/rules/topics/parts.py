"""Sentences and tables that several topics share."""

from collections.abc import Mapping
from typing import Any

from app.core.display import MISSING, Number, count, number
from app.core.words import capital, label
from app.reports.rules.estimates import Show, bare_interval, interval_text, value_of
from app.reports.rules.topics.page import Cell, Table
from app.reports.rules.workings import Working

LEAST_PAIRS = 10
"""Accounts from which on a difference, a correlation or κ is claimed (methods, minimums)."""

QUADRANTS = ("hidden_risk", "hidden_strength", "agree", "mixed", "insufficient")


def quadrants_table(caption: str, found: Mapping[str, int], telemetry: str) -> Table:
    """How many accounts stand how; where a score is missing there is no colour."""
    words = {
        "hidden_risk": ("Hidden risk", f"voice under 50, {telemetry} amber or green"),
        "hidden_strength": ("Hidden strength", f"voice from 75, {telemetry} red or amber"),
        "agree": ("In line", "both in the same band"),
        "mixed": ("Middle band", f"voice amber, {telemetry} in another band"),
        "insufficient": ("Too little signal", "a score is missing: no colour"),
    }
    rows = [[Cell(*words[name]), Cell(count(found.get(name, 0)))] for name in QUADRANTS]
    return Table(f"{caption}: accounts by how both stand", ["How both stand", "Accounts"], rows, numeric=frozenset({1}))


def estimate_working(name: str, estimate: Mapping[str, Any], n: str, how: str, show: Show = number) -> Working:
    """How an estimate came about: its value to two decimals with its interval, or in the interval's place why not."""

    def two(value: Number | None) -> str:
        return show(value, 2)  # type: ignore[call-arg]  # Functions that show figures take digits.

    if value_of(estimate) is None:
        return Working(name, MISSING, capital(interval_text(estimate)), n, how)
    return Working(name, two(estimate["value"]), bare_interval(estimate, two), n, how)


def relation(rho: Mapping[str, Any]) -> str:
    """What a rank correlation lets us say, never more than its interval."""
    if value_of(rho) is None:
        return f"Whether the two put accounts into the same order is {interval_text(rho)}."
    if rho["lo"] is None or rho["lo"] <= 0 <= rho["hi"]:
        return "No relation between the order of accounts by the one and by the other was found."
    way = "higher" if rho["lo"] > 0 else "lower"
    return f"Accounts with higher telemetry tend to have {way} voice."


def p_text(p: float | None) -> str:
    """A p-value to three decimals; what would read as 0 is `<0.001`, for it never is."""
    return MISSING if p is None else "<0.001" if p < 0.0005 else number(p, 3)


def flag_text(tier: str) -> str:
    """The tier of an account's flag in words."""
    return "No flag" if tier == "none" else label(tier)
