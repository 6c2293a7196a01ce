"""How an interview went in time, section by section, as who held it and leaders read it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.interviews.rules.progress import Course, Part, Step
from app.interviews.rules.times import Spent, is_faster_than_read

SHORTEST = 60


@dataclass(frozen=True)
class Line:
    """One question: its time in view, how often its answer was changed and jumped to, and whether it was quick."""

    text: str
    time: str
    edits: int
    jumps: int
    is_quick: bool


@dataclass(frozen=True)
class PartPace:
    """One section: minutes used, planned minutes or None, and its questions that were in view."""

    title: str
    used: str
    planned: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Pace:
    """The whole interview."""

    used: str
    planned: int
    quick: int
    parts: tuple[PartPace, ...]


def pace_of(course: Course, spent: Mapping[str, Spent]) -> Pace | None:
    """How the time went, or None where none was kept, as of interviews that were entered from notes."""
    parts = tuple(_part(part, spent) for part in course.all_parts if any(step.name in spent for step in part.all_steps))
    if not parts:
        return None
    quick = sum(line.is_quick for part in parts for line in part.lines)
    planned = sum(part.section.minutes or 0 for part in course.parts)
    return Pace(in_minutes(sum(each.seconds for each in spent.values())), planned, quick, parts)


def in_minutes(seconds: int) -> str:
    """A time in words: seconds below a minute, then minutes and seconds."""
    if seconds < SHORTEST:
        return f"{seconds} s"
    return f"{seconds // 60} min {seconds % 60:02d} s"


def _part(part: Part, spent: Mapping[str, Spent]) -> PartPace:
    seen = [step for step in part.all_steps if step.name in spent]
    used = sum(spent[step.name].seconds for step in seen)
    return PartPace(
        part.section.title, in_minutes(used), part.section.minutes, tuple(_line(s, spent[s.name]) for s in seen)
    )


def _line(step: Step, spent: Spent) -> Line:
    words = step.question.script or step.question.text
    return Line(
        step.question.text, in_minutes(spent.seconds), spent.edits, spent.jumps, is_faster_than_read(words, spent)
    )
