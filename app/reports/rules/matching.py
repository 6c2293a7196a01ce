"""The form in which a workspace says what each measure of a scorecard is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.words import label, topic
from app.health.rules.scorecard import Measure
from app.scoring.rules.matching import COMPARABLE, Choice, dimension_by_name


@dataclass(frozen=True)
class Option:
    """One entry of a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """One measure with what it may be held against."""

    name: str
    key: str
    hint: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Group:
    """The measures of one group of the scorecard."""

    name: str
    lines: Sequence[Line]


def match_groups(measures: Sequence[Measure], chosen: Mapping[str, str]) -> list[Group]:
    """The measures by their groups, in the order of the scorecard."""
    names = dict.fromkeys(measure.group for measure in measures)
    return [
        Group(
            label(name) if name else "Measures without a group",
            [_line(measure, chosen.get(measure.key, "")) for measure in measures if measure.group == name],
        )
        for name in names
    ]


def _line(measure: Measure, choice: str) -> Line:
    ours = dimension_by_name(measure)
    words = [
        (str(Choice.BY_NAME), f"By its name: {topic(ours) if ours else 'nothing'}"),
        (str(Choice.NONE), "Nothing: no question asks about it"),
        *((name, topic(name)) for name in COMPARABLE),
    ]
    hint = measure.metric + ("; itself what customers say" if measure.is_voice else "")
    return Line(measure.name, measure.key, hint, [Option(value, text, value == choice) for value, text in words])
