"""How far an interview has come: its sections, what is answered, and the minutes that are left by the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.responses.rules import NOTHING, Item, ItemContent


class Mark(StrEnum):
    """What the rail shows beside a section."""

    OPEN = "open"
    HALF = "half"
    DONE = "done"


@dataclass(frozen=True)
class Step:
    """One question of an interview: where it stands, and what stands at it."""

    question: Question
    section: Section
    position: int
    of: int
    item: Item

    @property
    def is_done(self) -> bool:
        """Whether it has an answer, or the reason why there is none."""
        return is_done(self.item.content)


@dataclass(frozen=True)
class Part:
    """One section of an interview with its questions."""

    section: Section
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many of its questions are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def mark(self) -> Mark:
        """Whether it is done, begun or open."""
        return mark(self.done, len(self.steps))


@dataclass(frozen=True)
class Course:
    """A whole interview in the order of asking."""

    parts: tuple[Part, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every question in the order of asking."""
        return tuple(step for part in self.parts for step in part.steps)

    @property
    def done(self) -> int:
        """How many questions are done."""
        return sum(part.done for part in self.parts)

    @property
    def minutes_left(self) -> int:
        """The planned minutes of what is still open, each question of a section counting alike."""
        return round(sum(_minutes_left(part) for part in self.parts))

    def step(self, key: str) -> Step | None:
        """The question of that key, or None."""
        return next((step for step in self.steps if step.question.key == key), None)

    def first_open(self) -> Step:
        """The first question that is not done, the first of all where every one is."""
        return next((step for step in self.steps if not step.is_done), self.steps[0])

    def beside(self, key: str, by: int) -> Step | None:
        """The question so many places after that of this key, or None past either end."""
        keys = [step.question.key for step in self.steps]
        place = keys.index(key) + by
        return self.steps[place] if 0 <= place < len(keys) else None


def asked_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions of an interview, in the order of its sections."""
    order = {section.key: place for place, section in enumerate(questionnaire.sections)}
    return tuple(sorted(questionnaire.asked_in(AskedIn.INTERVIEW), key=lambda question: order[question.section]))


def course_of(questionnaire: Questionnaire, items: Mapping[str, Item]) -> Course:
    """An interview by this questionnaire with what stands at each question (by key)."""
    questions = asked_questions(questionnaire)
    parts = []
    for section in questionnaire.sections:
        own = [question for question in questions if question.section == section.key]
        steps = tuple(
            Step(question, section, position, len(own), items.get(question.key, Item(0, NOTHING)))
            for position, question in enumerate(own, start=1)
        )
        if steps:
            parts.append(Part(section, steps))
    return Course(tuple(parts))


def is_done(content: ItemContent) -> bool:
    """Whether there is an answer, or the reason why there is none; a note alone is not one."""
    return content.answer is not None or content.absence is not None


def mark(done: int, total: int) -> Mark:
    """Whether all, some or none of so many questions are done."""
    if done >= total:
        return Mark.DONE
    return Mark.HALF if done else Mark.OPEN


def _minutes_left(part: Part) -> float:
    return (part.section.minutes or 0) * (1 - part.done / len(part.steps))
