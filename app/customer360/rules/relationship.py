"""The page of one relationship as finished values: what its type's layout shows of it, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.display import NBSP, day, money, number, signed
from app.core.words import capital, counted, in_words, label, name_in_address
from app.customer360.rules.bars import LARGE, GapBar, gap_bar
from app.customer360.rules.layout import Chosen, Kind, Layout, Part, Shows
from app.customer360.rules.relationship_widgets import About, gap_of, widgets_of_one
from app.customer360.rules.summary import NONE, OWN, field_name, field_value, own_value
from app.customer360.rules.widgets import Widget
from app.customer360.rules.workings import MeasureLine, measure_lines, missing_measures
from app.relationships.rules.tree import named
from app.relationships.rules.types import Definition

SECTIONS_OF_ONE = {
    "voice": Kind("Voice", is_wide=True),
    "actions": Kind("What we do next"),
    "relationships": Kind("Above and below"),
    "health": Kind("Health", is_wide=True),
    "studies": Kind("Ask about it"),
    "account": Kind("What is known of it"),
    "more": Kind("More"),
}
"""The sections of a layout that say something of one relationship; the others are about the account as a whole."""
MOST_DAYS = 60
"""Days of health that are told one by one; the line shows all of them."""
MOST_OWN = 3
"""Fields of its type that a summary shows where nobody arranged one."""
_ITS_OWN = ("arr", "mrr", "owner")


@dataclass(frozen=True)
class SummaryLine:
    """One field of the summary; `of_account` where the account's value stands in, for want of one of its own."""

    name: str
    value: str
    of_account: bool = False


@dataclass(frozen=True)
class Field:
    """A field that the type declares, as the form shows it."""

    key: str
    name: str
    value: str


@dataclass(frozen=True)
class Working:
    """A figure opened to its formula."""

    formula: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class RelationshipPage:
    """Everything that the page shows but its place among the others and its actions."""

    crm_id: str
    name: str
    type: str
    title: str
    lede: str
    summary: list[SummaryLine]
    widgets: list[Widget]
    bar: GapBar | None
    health_title: str
    health_basis: str
    trend: list[tuple[str, str]]
    measures: list[MeasureLine]
    measures_total: str
    missing: list[str]
    voice_title: str
    voice_study: tuple[str, str] | None
    voice_working: Working | None
    fields: list[Field]
    others: list[tuple[str, str]]


def relationship_page(about: About) -> RelationshipPage:
    """The page of a `RelationshipNow`."""
    it = about.it
    scorecard = it.health.definition if it.health else {}
    return RelationshipPage(
        crm_id=it.crm_id,
        name=named(it),
        type=label(it.type),
        title=_title(it),
        lede=_lede(about),
        summary=_summary(about),
        widgets=widgets_of_one(about),
        bar=gap_bar(it.score, it.said, gap_of(it)) if gap_of(it) is not None else None,
        health_title=_health_title(about),
        health_basis=_health_basis(it),
        trend=[(day(on), number(score, 1)) for on, score in reversed(it.trend[-MOST_DAYS:])],
        measures=measure_lines(it.health.measures if it.health else [], scorecard),
        measures_total=number(it.score, 1) if it.score is not None else "",
        missing=missing_measures(it.health.missing if it.health else [], scorecard),
        voice_title=_voice_title(it),
        voice_study=(it.voice.study_key, it.voice.study_name) if it.voice else None,
        voice_working=_voice_working(it),
        fields=[Field(key, name, own_value(it.custom.get(key)) or "") for key, name in _declared(about.definition)],
        others=_others(about),
    )


def sections_of_one(layout: Layout | None) -> list[Part]:
    """The sections of a layout that one relationship has, in its order; all of them where nobody arranged one."""
    if layout is None:
        return [Part(key) for key in SECTIONS_OF_ONE]
    return [part for part in layout.sections if part.key in SECTIONS_OF_ONE]


def _declared(definition: Definition) -> list[tuple[str, str]]:
    return [(each.key, each.label) for each in definition.fields]


def _others(about: About) -> list[tuple[str, str]]:
    """What files brought under names that the type does not declare any more: it is shown, and cannot be typed in."""
    declared = {key for key, _ in _declared(about.definition)}
    rest = sorted((key, own_value(value)) for key, value in (about.it.custom or {}).items() if key not in declared)
    return [(label(key), value) for key, value in rest if value]


def _title(it: Any) -> str:
    name, gap = named(it), gap_of(it)
    if gap is not None and abs(gap) >= LARGE:
        lies = "below" if gap < 0 else "above"
        return f"Voice of {name} lies {number(abs(gap))} points {lies} its health"
    if gap is not None:
        return f"{name}: health {number(it.score)}, voice {number(it.said)}"
    if it.score is not None:
        return f"{name} has health {number(it.score)}; nobody has said how it does"
    if it.said is not None:
        return f"{name} has voice {number(it.said)}; nothing is measured of it"
    return f"How {name} does is not known yet"


def _lede(about: About) -> str:
    it = about.it
    parts = [f"{label(it.type)} of {about.known.account.name}" if it.name else f"Of {about.known.account.name}"]
    if it.owner:
        parts.append(f"looked after by {name_in_address(it.owner)}")
    if about.count_below:
        parts.append(f"{counted(about.count_below, 'relationship')} below it")
    return f"{', '.join(parts)}."


def _summary(about: About) -> list[SummaryLine]:
    chosen = about.layout.on_page if about.layout else usual_summary(about.definition)
    names = {OWN + key: name for key, name in _declared(about.definition)}
    known = [each for each in chosen if _is_there(each.field, about, names)]
    return [_line(each, about, names) for each in known]


def usual_summary(definition: Definition) -> tuple[Chosen, ...]:
    """The summary of a type that nobody arranged: money, owner, its first fields, and when the account renews."""
    own = [OWN + key for key, _ in _declared(definition)[:MOST_OWN]]
    return tuple(Chosen(key, shows=Shows.ACCOUNT) for key in ("arr", "owner", *own, "renewal_date"))


def _is_there(key: str, about: About, names: Mapping[str, str]) -> bool:
    """Whether a field says something here: one that neither type nor account has is left out."""
    if not key.startswith(OWN):
        return True
    bare = key[len(OWN) :]
    return key in names or bare in (about.it.custom or {}) or bare in (about.known.account.custom or {})


def _line(chosen: Chosen, about: About, names: Mapping[str, str]) -> SummaryLine:
    key, it = chosen.field, about.it
    name = chosen.label or names.get(key) or field_name(key)
    if key in _ITS_OWN:
        return SummaryLine(name, _own_figure(key, about))
    bare = key[len(OWN) :] if key.startswith(OWN) else ""
    if key in names or (bare and bare in (it.custom or {})):
        return SummaryLine(name, own_value(it.custom.get(bare)) or NONE)
    return SummaryLine(name, field_value(key, about.known), of_account=True)


def _own_figure(key: str, about: About) -> str:
    it = about.it
    if key == "owner":
        return name_in_address(it.owner or "") or NONE
    if it.arr is None:
        return NONE
    return money(it.arr if key == "arr" else it.arr / 12, about.known.currency)


def _health_title(about: About) -> str:
    it = about.it
    if it.score is not None:
        n = len(it.health.measures)
        return f"{capital(counted(n, 'measure'))} {'makes' if n == 1 else 'make'} health {number(it.score)}"
    if about.definition.scorecard:
        return f"Nothing was measured of {named(it)}"
    return f"{label(it.type)} has no scorecard"


def _health_basis(it: Any) -> str:
    if it.health is None:
        return ""
    health = it.health
    return f"{health.scorecard_name}, version {health.scorecard_version}, as of {day(health.as_of)}"


def _voice_title(it: Any) -> str:
    if it.voice is None:
        return f"Nobody has said how {named(it)} does"
    return f"{capital(counted(it.voice.n, 'person'))} gave it voice {number(it.voice.value)}"


def _voice_working(it: Any) -> Working | None:
    if it.voice is None:
        return None
    voice = it.voice
    has_interval = voice.low is not None and voice.high is not None
    ends = f"{number(voice.low, 1)} to {number(voice.high, 1)}" if has_interval else "not known from one person"
    lines = [
        ("People", in_words(voice.n) if voice.n else NONE),
        ("Mean", f"{number(voice.value, 1)}{NBSP}of{NBSP}100"),
        ("95 % interval", ends),
    ]
    gap = gap_of(it)
    if gap is not None:
        lines.append(("Gap: voice less health", signed(gap, 1)))
    return Working(
        "What each person answered about this relationship, each question from 0 to 100, is that person’s voice; the "
        "voice here is the mean of these people, its interval by Student’s t.",
        lines,
    )
