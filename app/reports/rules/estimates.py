"""What an estimate of the document lets us say: its text, its interval, and why it is missing."""

from collections.abc import Callable, Mapping
from typing import Any

from app.core.display import MISSING, NBSP, Number, interval, number, percent, signed

Estimate = Mapping[str, Any]
Show = Callable[[Number | None], str]

REASONS = {
    "EMPTY": "nobody has answered what it needs",
    "SINGLETON": "one account alone has no interval",
    "ZERO_VAR": "all values are the same, so that there is nothing to compare",
    "THIN": "too few accounts answered",
    "STRATUM_MISSING": "nobody answered in at least one stratum; the figure covers the others",
    "ALL_NA": "every answer was “not applicable” or “don’t know”",
    "NO_EVENTS": "no outcome of the kind has happened yet",
    "NOT_CONVERGED": "the weights did not settle, so that they are not used",
    "partial_dimensions": "some people answered only part of the questions",
}
"""Every code of an estimate as half a sentence."""


_NARROW: dict[Any, float] = {number: 2.0, signed: 2.0, percent: 0.02}
"""Width of an interval under which whole units do not show it, by the function that shows the figure."""


def value_of(estimate: Estimate | None) -> float | None:
    """The figure, or None where it is not estimable."""
    return None if not estimate else estimate.get("value")


def has_interval(estimate: Estimate | None) -> bool:
    """Whether the figure comes with both ends of an interval."""
    return bool(estimate) and estimate.get("lo") is not None and estimate.get("hi") is not None  # type: ignore[union-attr]


def is_firm(estimate: Estimate | None) -> bool:
    """Whether the interval may carry a claim: it is there, and rests on no fewer accounts than the method asks for."""
    return has_interval(estimate) and "THIN" not in (estimate or {}).get("warnings", ())


def is_above(estimate: Estimate | None, bound: float) -> bool:
    """Whether the whole interval lies above the bound, and may carry the claim."""
    return is_firm(estimate) and estimate["lo"] > bound  # type: ignore[index]


def is_below(estimate: Estimate | None, bound: float) -> bool:
    """Whether the whole interval lies below the bound, and may carry the claim."""
    return is_firm(estimate) and estimate["hi"] < bound  # type: ignore[index]


def clipped(estimate: Estimate, low: float, high: float | None) -> Estimate:
    """The estimate with the ends of its interval held inside what is possible, for display only."""
    if not has_interval(estimate):
        return estimate
    top = estimate["hi"] if high is None else min(estimate["hi"], high)
    return {**estimate, "lo": max(estimate["lo"], low), "hi": top}


def on_scale(estimate: Estimate | None) -> Estimate:
    """The estimate of a score with its interval inside 0 to 100, for display only."""
    return clipped(estimate or {}, 0.0, 100.0)


def finer(show: Show, estimate: Estimate | None) -> Show:
    """The same way to show a figure, with one decimal more where the interval is too narrow to be seen without it."""
    width = estimate["hi"] - estimate["lo"] if estimate and has_interval(estimate) else None
    narrow = _NARROW.get(show)
    if not width or narrow is None or width >= narrow:
        return show
    return lambda value: show(value, 1)  # type: ignore[call-arg]  # The functions in _NARROW take digits.


def level_text(estimate: Estimate) -> str:
    """The level in words: `95 % interval`."""
    return f"{number(100 * (estimate.get('level') or 0.95))}{NBSP}% interval"


def interval_text(estimate: Estimate | None, show: Show = number) -> str:
    """The interval in words, `95 % interval 46 to 67`; where there is none, why."""
    if not estimate or estimate.get("value") is None:
        return f"not estimable: {reason(estimate)}"
    if not has_interval(estimate):
        return f"no interval: {reason(estimate)}"
    if estimate["lo"] == estimate["hi"]:
        return "all answers alike" if "ZERO_VAR" in estimate["warnings"] else "all accounts answered: no sampling error"
    return f"{level_text(estimate)} {interval(estimate['lo'], estimate['hi'], finer(show, estimate))}"


def with_interval(estimate: Estimate | None, show: Show = number) -> str:
    """The figure and its interval, `62 (95 % interval 57 to 67)`; the reason alone where there is no figure."""
    value = value_of(estimate)
    text = interval_text(estimate, show)
    return text if value is None else f"{finer(show, estimate)(value)} ({text})"


def bare_interval(estimate: Estimate | None, show: Show = number) -> str:
    """The interval alone, `46 to 67`, or a dash."""
    if not estimate or not has_interval(estimate):
        return MISSING
    return interval(estimate["lo"], estimate["hi"], finer(show, estimate))


def reason(estimate: Estimate | None) -> str:
    """Why a figure or its interval is missing, as half a sentence; the first code that is known decides."""
    codes = (estimate or {}).get("warnings") or ["EMPTY"]
    return next((REASONS[code] for code in codes if code in REASONS), "too few accounts answered")
