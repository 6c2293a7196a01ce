"""The widgets of one relationship: one figure each with its basis; what is not known says so and is never 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.actions.rules.kinds import NAMED_KINDS
from app.core.display import count, day, money, number, signed
from app.core.words import counted, listed
from app.customer360.rules.bars import LARGE
from app.customer360.rules.layout import HIDDEN, Layout
from app.customer360.rules.summary import NONE, Known
from app.customer360.rules.widgets import Widget, trend_line
from app.relationships.rules.rollup import Rolled
from app.relationships.rules.types import Definition


@dataclass(frozen=True)
class About:
    """What the page is made from: the relationship, its account, its type's definition and layout, and its scorecard.

    `below` is what it and all below it come to, health first; None where nothing is below it.
    """

    it: Any
    known: Known
    layout: Layout | None
    below: tuple[Rolled, Rolled] | None = None
    count_below: int = 0
    sees_actions: bool = False

    @property
    def definition(self) -> Definition:
        """What its type brings."""
        found: Definition = self.it.definition
        return found


def gap_of(it: Any) -> float | None:
    """Voice less health, in points; None where one of them is not known."""
    return None if it.score is None or it.said is None else float(it.said) - float(it.score)


def widgets_of_one(about: About) -> list[Widget]:
    """The widgets of the layout that say something of one relationship, in its order."""
    parts = about.layout.widgets if about.layout else ()
    order = (
        [each.key for each in parts if each.is_shown] if about.layout else [key for key in _MAKE if key not in HIDDEN]
    )
    made = (_MAKE[key](about) for key in order if key in _MAKE)
    return [widget for widget in made if widget is not None]


def _health(about: About) -> Widget | None:
    it = about.it
    if it.score is None:
        basis = "nothing was measured of it" if about.definition.scorecard else "its type has no scorecard"
        return Widget("health", "Health", NONE, basis, section="health")
    scores = [score for _, score in it.trend]
    more = (_since(it.trend),) if len(scores) > 1 else ()
    return Widget(
        "health",
        "Health",
        number(it.score),
        f"scorecard “{it.health.scorecard_key}” v{it.health.scorecard_version}, {day(it.health.as_of)}",
        band=it.health.band or "none",
        more=more,
        line=trend_line(scores),
        section="health",
    )


def _since(trend: Sequence[tuple[Any, float]]) -> str:
    (first, before), (_, now) = trend[0], trend[-1]
    moved = round(now) - round(before)
    return f"{signed(moved) if moved else 'unchanged'} since {day(first)}"


def _voice(about: About) -> Widget | None:
    voice = about.it.voice
    if voice is None:
        return Widget("voice", "Voice", NONE, "nobody was asked about it", section="voice")
    return Widget("voice", "Voice", number(voice.value), _voice_basis(voice), section="voice")


def _voice_basis(voice: Any) -> str:
    people = f"{counted(voice.n, 'person')} in “{voice.study_name}”"
    if voice.low is None or voice.high is None:
        return f"no interval: {people}"
    return f"95 % interval {number(voice.low)} to {number(voice.high)} · {people}"


def _gap(about: About) -> Widget | None:
    gap = gap_of(about.it)
    if gap is None:
        return Widget("gap", "Gap", NONE, "it needs both health and voice", section="voice")
    kind = "" if abs(gap) < LARGE else "risk" if gap < 0 else "strength"
    voice, score = about.it.voice, about.it.score
    basis = "voice less health"
    if voice.low is not None and voice.high is not None:
        basis = f"voice less health, {signed(voice.low - score)} to {signed(voice.high - score)}"
    return Widget("gap", "Gap", signed(gap), basis, kind=kind, section="voice")


def _actions(about: About) -> Widget | None:
    if not about.sees_actions:
        return None
    numbers = about.it.open_actions
    total = sum(numbers.values())
    if not total:
        return Widget("actions", "Open actions", NONE, "nothing is to be done about it", section="actions")
    kinds = listed([counted(numbers[kind], str(kind)) for kind in NAMED_KINDS if numbers.get(kind)])
    return Widget(
        "actions", "Open actions", count(total), "about it", section="actions", more=(kinds,) if kinds else ()
    )


def _revenue(about: About) -> Widget | None:
    it, known = about.it, about.known
    if it.arr is None:
        return None
    whole = known.account.arr
    basis = f"of {money(whole, known.currency)} of the account" if whole else "a year"
    return Widget("revenue", "Revenue a year", money(it.arr, known.currency), basis, section="account")


def _below(about: About) -> Widget | None:
    """What it and all below it come to; absent where nothing is below it."""
    if about.below is None:
        return None
    health, voice = about.below
    more = (f"voice {number(voice.value)}: {voice.sentence}",) if voice.value is not None else ()
    value = number(health.value) if health.value is not None else NONE
    basis = f"health, {health.sentence}"
    return Widget("relationships", "With what is below it", value, basis, more=more, section="relationships")


_MAKE = {
    "health": _health,
    "voice": _voice,
    "gap": _gap,
    "actions": _actions,
    "relationships": _below,
    "revenue": _revenue,
}
