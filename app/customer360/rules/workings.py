"""What each figure of an account's page was made from: formula, inputs, n and interval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import MISSING, NBSP, count, number, percent, signed
from app.core.words import counted, label, plural, topic
from app.customer360.rules.bars import Z95, GapBar, gap_bar, interval


@dataclass(frozen=True)
class MeasureLine:
    """One measure of health: what was measured, how many points it earned, and its share of the score."""

    name: str
    group: str
    value: str
    points: str
    weight: str
    part: str


@dataclass(frozen=True)
class DimensionLine:
    """One dimension: voice, and the health of the scorecard's group of the same name where there is one."""

    name: str
    bar: GapBar
    voice: str
    note: str
    people: str


@dataclass(frozen=True)
class Working:
    """One figure opened to its inputs; each input is a label and a value."""

    title: str
    formula: str
    inputs: list[tuple[str, str]]
    n: str
    interval: str


def measure_lines(measures: Sequence[Mapping[str, Any]], definition: Mapping[str, Any]) -> list[MeasureLine]:
    """The measures that entered a health score, the heaviest first."""
    heads = _heads(definition)
    ordered = sorted(measures, key=lambda each: (-float(each["weight"]), each["key"]))
    return [_measure_line(each, heads.get(each["key"], {})) for each in ordered]


def missing_measures(keys: Iterable[str], definition: Mapping[str, Any]) -> list[str]:
    """The names of the measures without data."""
    heads = _heads(definition)
    return [str(heads.get(key, {}).get("name") or label(key)) for key in keys]


def dimension_lines(
    dimensions: Mapping[str, float | None],
    people: Sequence[Mapping[str, Any]],
    measures: Sequence[Mapping[str, Any]],
    definition: Mapping[str, Any],
) -> list[DimensionLine]:
    """Voice by dimension, the lowest first, beside the group of measures that bears the same name.

    `people` holds each respondent's dimension scores. A group's health is the mean of its measures' points by weight;
    a group that names no dimension is held against none.
    """
    groups = _groups(measures, definition)
    known = sorted((value, key) for key, value in dimensions.items() if value is not None)
    return [_dimension_line(key, value, groups.get(key), people) for value, key in known]


def voice_working(score: Any, heard: Sequence[Any], roles: Mapping[str, float]) -> Working:
    """How the voice came about: role means by role weights; interval from its standard error."""
    means = _role_means(heard)
    inputs = [
        (f"{label(role)}, weight {number(roles.get(role, 0.0), 2)}", f"{number(mean, 1)} from {counted(n, 'person')}")
        for role, (mean, n) in means.items()
    ]
    inputs += [
        ("Role coverage", percent(score.role_coverage)),
        ("Range between roles", f"{number(score.role_range, 1)} points" if score.role_range is not None else MISSING),
        ("Standard error", f"{number(score.voice_se, 1)} points" if score.voice_se is not None else MISSING),
    ]
    return Working(
        "Voice",
        "A person’s voice is the mean of the topics answered. The account’s voice is the mean of its roles by their "
        "weights; roles that nobody spoke for give their weight to the others.",
        inputs,
        counted(score.respondents, "person"),
        interval(score.voice, score.voice_se),
    )


def gap_working(score: Any) -> Working:
    """How the gap came about: voice minus equated health, drawn towards the average gap."""
    ends = ""
    if score.gap_shrunken is not None and score.gap_se is not None:
        low, high = score.gap_shrunken - Z95 * score.gap_se, score.gap_shrunken + Z95 * score.gap_se
        ends = f"{signed(low)} to {signed(high)}"
    return Working(
        "Gap",
        "Voice minus health on the scale of voice, drawn towards the average gap by how few people spoke "
        "(DerSimonian–Laird). P is the probability that the gap is larger than 15 points.",
        [
            ("Voice", number(score.voice, 1)),
            ("Health when the study was scored", number(score.health, 1)),
            ("The same on the scale of voice", number(score.equated_health, 1)),
            ("Gap before it was drawn in", signed(score.gap, 1)),
            ("Gap", signed(score.gap_shrunken, 1)),
            ("P that voice lies lower", percent(score.p_low)),
            ("P that voice lies higher", percent(score.p_high)),
        ],
        counted(score.respondents, "person"),
        ends,
    )


def _heads(definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {each["key"]: each for each in definition.get("measures", [])}


def _measure_line(measure: Mapping[str, Any], head: Mapping[str, Any]) -> MeasureLine:
    points, weight = float(measure["points"]), float(measure["weight"])
    return MeasureLine(
        name=str(head.get("name") or label(measure["key"])),
        group=label(head.get("group") or "") if head.get("group") else "",
        value=_figure(measure["value"]) + (" per seat" if head.get("per") == "seats" else ""),
        points=number(points, 1),
        weight=percent(weight),
        part=number(points * weight, 1),
    )


def _figure(value: float | None) -> str:
    if value is None:
        return MISSING
    return number(value) if float(value).is_integer() or abs(value) >= 1000 else number(value, 2)


def _groups(measures: Sequence[Mapping[str, Any]], definition: Mapping[str, Any]) -> dict[str, float]:
    heads, sums = _heads(definition), dict[str, tuple[float, float]]()
    for each in measures:
        group = str(heads.get(each["key"], {}).get("group") or "").strip().casefold().replace(" ", "_")
        weight, points = sums.get(group, (0.0, 0.0))
        sums[group] = (weight + float(each["weight"]), points + float(each["weight"]) * float(each["points"]))
    return {group: points / weight for group, (weight, points) in sums.items() if group and weight > 0}


def _dimension_line(key: str, voice: float, health: float | None, people: Sequence[Mapping[str, Any]]) -> DimensionLine:
    n = sum(each.get(key) is not None for each in people)
    return DimensionLine(
        name=topic(key),
        bar=gap_bar(health, voice, None if health is None else voice - health),
        voice=number(voice),
        note="" if health is not None else "no telemetry measures this",
        people=f"{count(n)}{NBSP}{plural(n, 'person')}",
    )


def _role_means(heard: Sequence[Any]) -> dict[str, tuple[float, int]]:
    voices: dict[str, list[float]] = {}
    for person in heard:
        if person.voice is not None:
            voices.setdefault(person.role, []).append(person.voice)
    return {role: (sum(found) / len(found), len(found)) for role, found in voices.items()}
