"""The route of one person through a questionnaire: what is asked of them, given what they said and what is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from app.questionnaires.rules.definition import ANY_TYPE, PROMISE, Question, Questionnaire, Section
from app.questionnaires.rules.expressions import Value, evaluated, parsed, text, truth
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.piping import filled

RELATIONSHIP = "relationship"


class Slot(NamedTuple):
    """One place for an answer: a question, and which item it is asked about, blank where it is asked once."""

    key: str
    item: str = ""

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"{self.key}@{self.item}" if self.item else self.key


class Item(NamedTuple):
    """A relationship of the account, such as a product; or a promise, whose name is its text and whose facts are more.

    The ids of relationships and of promises come from different lists, so that one of each may be the same.
    """

    key: str
    type: str
    name: str
    facts: Mapping[str, str] = MappingProxyType({})

    @property
    def is_promise(self) -> bool:
        """Whether it is a promise."""
        return self.type == PROMISE

    def fact(self, name: str) -> str:
        """What is known of it by a name of `piping.FACTS`; empty where that is a fact of another sort of item."""
        sort, _, about = name.partition(".")
        if self.is_promise:
            return self.facts.get(about, "") if sort == PROMISE else ""
        return {"name": self.name, "type": self.type}.get(about, "") if sort == RELATIONSHIP else ""


@dataclass(frozen=True)
class Facts:
    """What is known of a person and their account, by the names of `piping.FACTS`, and the account's items."""

    values: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[Item] = ()

    def about(self, section: Section) -> Sequence[Item | None]:
        """What a section is asked about: once about nothing in particular, or about each item of its type."""
        if section.per is None:
            return (None,)
        return [item for item in self.items if section.per == item.type or _is_any(section, item)]


@dataclass(frozen=True)
class Route:
    """What is asked of one person; `given` are all answers on record, also those behind branches that closed.

    Places that are `kept` were asked elsewhere: their answers decide about branches, and nothing is asked there again.
    """

    questionnaire: Questionnaire
    facts: Facts
    given: Mapping[Slot, ParsedAnswer]
    kept: frozenset[Slot] = frozenset()

    @cached_property
    def _known(self) -> dict[Slot, bool]:
        return {}

    @cached_property
    def _items(self) -> dict[tuple[str, str], Item]:
        return {(PROMISE if item.is_promise else RELATIONSHIP, item.key): item for item in self.facts.items}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.key: question for question in self.questionnaire.questions}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.key: section for section in self.questionnaire.sections}

    def slots(self, questions: Sequence[Question]) -> Iterator[tuple[Question, Slot]]:
        """Every place that these questions could have for this person, asked or not, in the order of the sections."""
        for section in self.questionnaire.sections:
            here = [question for question in questions if question.section == section.key]
            for item in self.facts.about(section):
                for question in here:
                    slot = Slot(question.key, item.key if item else "")
                    if slot not in self.kept:
                        yield question, slot

    def is_asked(self, slot: Slot) -> bool:
        """Whether a place is on the route: its section's condition holds, its matrix's and its own."""
        if slot not in self._known:
            self._known[slot] = self._holds(slot)
        return self._known[slot]

    def counts(self, slot: Slot) -> bool:
        """Whether an answer on record counts: not where the branch to it has closed."""
        return slot.key in self._questions and self.is_asked(slot)

    def value(self, name: str, item: str = "") -> Value:
        """The value of a name in expressions: a counted answer, a calculation or a fact; otherwise an empty text."""
        question = self._questions.get(name)
        if question is None:
            return self._fact(name, item)
        slot = Slot(name, item if self._sections[question.section].per else "")
        if not self.is_asked(slot):
            return ""
        if question.calculation is not None:
            return evaluated(parsed(question.calculation), lambda each: self.value(each, item))
        answer = self.given.get(slot)
        if answer is None or answer.absence is not None:
            return ""
        return answer.value_text if answer.value_text is not None else float(answer.value_number or 0)

    def fulfils(self, question: Question, slot: Slot, answer: ParsedAnswer) -> bool:
        """Whether an answer is one that the question's constraint allows."""
        if question.constraint is None or answer.absence is not None:
            return True
        current: Value = answer.value_text if answer.value_text is not None else float(answer.value_number or 0)
        return truth(evaluated(parsed(question.constraint), lambda name: self.value(name, slot.item), current))

    def words(self, words: str, item: str = "") -> str:
        """A text with its places filled as this person reads it: options by their labels, yes and no as chosen."""
        return filled(words, lambda name: self._piped(name, item))

    def _holds(self, slot: Slot) -> bool:
        question = self._questions[slot.key]
        head = self._questions.get(question.matrix or "")
        conditions = (self._sections[question.section].relevant, head.relevant if head else None, question.relevant)
        return all(
            truth(evaluated(parsed(condition), lambda name: self.value(name, slot.item)))
            for condition in conditions
            if condition is not None
        )

    def _fact(self, name: str, item: str) -> str:
        sort = name.partition(".")[0]
        if sort not in {PROMISE, RELATIONSHIP}:
            return self.facts.values.get(name, "")
        about = self._items.get((sort, item))
        return about.fact(name) if about else ""

    def _piped(self, name: str, item: str) -> str:
        value = text(self.value(name, item))
        question = self._questions.get(name)
        if question is None or not question.options:
            return value
        labels = {option.key: option.label for option in question.options}
        return ", ".join(labels.get(key, key) for key in value.split())


def _is_any(section: Section, item: Item) -> bool:
    return section.per == ANY_TYPE and not item.is_promise
