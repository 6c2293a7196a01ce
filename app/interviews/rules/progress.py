"""How far an interview has come: its sections, what is answered, and the minutes that are left by the plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.interviews.rules.slots import slot_name, slot_named
from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.questionnaires.rules.route import Item as About
from app.questionnaires.rules.route import Route, Slot
from app.responses.rules import NOTHING, Item, ItemContent

UNTOUCHED = Item(0, NOTHING)
LONGEST_NAME = 60
"""How much of a promise stands in the title of its section."""


class Mark(StrEnum):
    """What the rail shows beside a section."""

    OPEN = "open"
    HALF = "half"
    DONE = "done"


@dataclass(frozen=True)
class Lead:
    """What is read before a question: a note, or the words over the rows of a table."""

    slot: Slot
    text: str
    is_asked: bool

    @property
    def name(self) -> str:
        """What names it in the page."""
        return slot_name(self.slot)


@dataclass(frozen=True)
class Step:
    """One question of an interview: where it stands, about which relationship, and what stands at it.

    The words are those that this person hears. `leads` are read before it; it is asked unless its branch is closed.
    """

    question: Question
    section: Section
    position: int
    of: int
    item: Item
    slot: Slot
    about: About | None = None
    leads: tuple[Lead, ...] = ()
    is_asked: bool = True
    number: int = 0

    @property
    def name(self) -> str:
        """What names it in addresses and in the page."""
        return slot_name(self.slot)

    @property
    def id(self) -> str:
        """What the ids of its parts begin with."""
        return f"q-{self.slot.key}-{self.number}" if self.slot.item else f"q-{self.slot.key}"

    @property
    def is_done(self) -> bool:
        """Whether it has an answer, or the reason why there is none."""
        return is_done(self.item.content)

    @property
    def of_what(self) -> str:
        """The name of the relationship or promise it is about, where its own words do not say it; else empty."""
        return self.about.name if self.about and self.about.name not in self.question.text else ""


@dataclass(frozen=True)
class Part:
    """One section of an interview, about one relationship where it is asked once per each.

    `all_steps` are also those behind branches that are closed.
    """

    section: Section
    all_steps: tuple[Step, ...]
    about: About | None = None

    @property
    def key(self) -> str:
        """What names it in the page."""
        return slot_name(Slot(self.section.key, self.about.key if self.about else ""))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The questions that are asked."""
        return tuple(step for step in self.all_steps if step.is_asked)

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
    """A whole interview in the order of asking; `all_parts` are also those behind branches that are closed."""

    all_parts: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sections in which something is asked."""
        return tuple(part for part in self.all_parts if part.steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every question that is asked, in the order of asking."""
        return tuple(step for part in self.all_parts for step in part.steps)

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Every question that could be asked, in the order of asking."""
        return tuple(step for part in self.all_parts for step in part.all_steps)

    @property
    def done(self) -> int:
        """How many questions are done."""
        return sum(part.done for part in self.parts)

    @property
    def minutes_left(self) -> int:
        """The planned minutes of what is still open, each question of a section counting alike."""
        return round(sum(_minutes_left(part) for part in self.parts))

    def step(self, name: str) -> Step | None:
        """The question of that name, asked or not, or None."""
        wanted = slot_named(name)
        return next((step for step in self.all_steps if step.slot == wanted), None)

    def first_open(self) -> Step:
        """The first question that is not done, the first of all where every one is."""
        return next((step for step in self.steps if not step.is_done), self.steps[0])

    def beside(self, name: str, by: int) -> Step | None:
        """The asked question so many places after that of this name, or None past either end."""
        steps = [step for step in self.all_steps if step.is_asked or step.name == name]
        place = [step.name for step in steps].index(name) + by
        return steps[place] if 0 <= place < len(steps) else None


def asked_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions of an interview, in the order of its sections."""
    order = {section.key: place for place, section in enumerate(questionnaire.sections)}
    return tuple(sorted(questionnaire.asked_in(AskedIn.INTERVIEW), key=lambda question: order[question.section]))


def course_of(route: Route, items: Mapping[Slot, Item]) -> Course:
    """An interview along this route with what stands at each place."""
    shown = route.questionnaire.shown_in(AskedIn.INTERVIEW)
    parts = []
    for section in route.questionnaire.sections:
        here = [question for question in shown if question.section == section.key]
        for number, about in enumerate(route.facts.about(section), start=1):
            key = about.key if about else ""
            told = _heard_section(route, section, about)
            steps = [
                Step(
                    heard(route, question, key),
                    told,
                    position=0,
                    of=0,
                    item=items.get(Slot(question.key, key), UNTOUCHED),
                    slot=Slot(question.key, key),
                    about=about,
                    leads=leads,
                    is_asked=route.is_asked(Slot(question.key, key)),
                    number=number,
                )
                for question, leads in _led(route, here, key)
            ]
            if steps:
                parts.append(Part(told, _counted(steps), about))
    return Course(tuple(parts))


def _led(route: Route, here: list[Question], item: str) -> Iterator[tuple[Question, tuple[Lead, ...]]]:
    """The questions of a section, each with what is read before it; a note at the end is read before the last one."""
    read = [question for question in here if question.takes_answer or question.kind in {"note", "matrix"}]
    heads = {question.key: question for question in read if question.kind == "matrix"}
    askable = [question for question in read if question.takes_answer]
    waiting: list[Question] = []
    for place, question in enumerate(read):
        if not question.takes_answer:
            waiting.append(question)
            continue
        head = heads.get(question.matrix or "")
        before = [head, *waiting] if head and head not in waiting else waiting
        after = read[place + 1 :] if question is askable[-1] else []
        yield question, tuple(_lead(route, each, item) for each in (*before, *after))
        waiting = []


def _lead(route: Route, question: Question, item: str) -> Lead:
    slot = Slot(question.key, item)
    return Lead(slot, route.words(question.script or question.text, item), route.is_asked(slot))


def _counted(steps: list[Step]) -> tuple[Step, ...]:
    """The steps with their positions among those that are asked."""
    of = sum(step.is_asked for step in steps)
    counted, position = [], 0
    for step in steps:
        position += step.is_asked
        counted.append(replace(step, position=max(position, 1), of=of))
    return tuple(counted)


def _heard_section(route: Route, section: Section, about: About | None) -> Section:
    """A section in the words that this person hears; its title names what it is about, since it comes once for each."""
    item = about.key if about else ""
    title, script = route.words(section.title, item), section.script and route.words(section.script, item)
    if about and about.name not in title:
        title = f"{title}: {_in_short(about.name)}"
    return replace(section, title=title, script=script)


def _in_short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def heard(route: Route, question: Question, item: str) -> Question:
    """A question in the words that this person hears, about this relationship."""
    if not is_piped(question):
        return question
    return replace(
        question,
        text=route.words(question.text, item),
        hint=question.hint and route.words(question.hint, item),
        script=question.script and route.words(question.script, item),
        probes=tuple(route.words(probe, item) for probe in question.probes),
        options=tuple(replace(option, label=route.words(option.label, item)) for option in question.options),
    )


def is_piped(question: Question) -> bool:
    """Whether any words of a question depend on who hears them."""
    labels = [option.label for option in question.options]
    return "${" in "".join((question.text, question.hint or "", question.script or "", *question.probes, *labels))


def is_done(content: ItemContent) -> bool:
    """Whether there is an answer, or the reason why there is none; a note alone is not one."""
    return content.answer is not None or content.absence is not None or content.reason is not None


def mark(done: int, total: int) -> Mark:
    """Whether all, some or none of so many questions are done."""
    if done >= total:
        return Mark.DONE
    return Mark.HALF if done else Mark.OPEN


def _minutes_left(part: Part) -> float:
    return (part.section.minutes or 0) * (1 - part.done / len(part.steps))
