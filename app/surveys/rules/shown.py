"""What stands on the pages of a survey for one person: sections, and in them fields, with their words filled in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.questionnaires.rules.definition import AskedIn, Question, Section
from app.questionnaires.rules.kinds import ABSENT, Absence
from app.questionnaires.rules.logic import depends_on
from app.questionnaires.rules.route import Item, Route, Slot
from app.surveys.rules.excerpt import excerpt
from app.surveys.rules.live import Page, selectors

PAGE, REVIEW = "page", "review"
"""The hidden field that says which page was sent, and what stands there on the last one."""
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True)
class Choice:
    """One radio button, box or line: what it sends, and the word beside it."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question as it stands on a page; `rows` are those of a matrix.

    `opened_by` are the selectors of the forms in which it is asked, where the style sheet can tell.
    """

    question: Question
    slot: Slot
    number: int = 0
    rows: "tuple[Field, ...]" = ()
    opened_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which its answer is sent."""
        return self.slot.name

    @property
    def id(self) -> str:
        """What the ids of its parts begin with."""
        return f"q-{_PLAIN.sub('-', self.name)}"

    @property
    def live(self) -> str:
        """The class by which the style sheet shows it when its condition holds, blank where it always stands there."""
        return f"if-{re.sub('[^A-Za-z0-9]', '_', self.name)}" if self.opened_by else ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers on offer, none where words or a number are asked for."""
        return choices(self.question)

    @property
    def opt_outs(self) -> tuple[Choice, ...]:
        """The reasons for not answering that are on offer."""
        return tuple(Choice(f"{ABSENT}{absence}", OPT_OUTS[absence]) for absence in self.question.opt_outs)


OPT_OUTS = {
    Absence.NOT_APPLICABLE: "Not applicable",
    Absence.DONT_KNOW: "Don’t know",
    Absence.REFUSED: "Prefer not to say",
}


@dataclass(frozen=True)
class Block:
    """A section as it stands on a page, about one relationship where it is asked once per each."""

    section: Section
    item: Item | None
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        """What names the block among the pages."""
        return f"{self.section.key}@{self.item.key}" if self.item else self.section.key

    @property
    def answerable(self) -> Iterator[Field]:
        """The fields that can be answered, the rows of matrices one by one."""
        for field in self.fields:
            if field.question.takes_answer:
                yield field
            yield from field.rows


def choices(question: Question) -> tuple[Choice, ...]:
    """What a survey offers for a question, none where words are asked for."""
    if question.kind == "yes_no":
        return (Choice("yes", "Yes"), Choice("no", "No"))
    if question.kind == "consent":
        return (Choice("yes", "I agree"), Choice("no", "I do not agree"))
    if question.options:
        return tuple(Choice(option.key, option.label) for option in question.options)
    if question.minimum is None or question.maximum is None:
        return ()
    numbers = range(int(question.minimum), int(question.maximum) + 1)
    return tuple(Choice(str(number), str(number)) for number in numbers)


def blocks(route: Route) -> list[Block]:
    """Every section that this person may come to, with the fields that can come up on its page.

    A field stands there if it is asked now; where its condition hangs on choices of the same page alone, it stands
    there always, and the style sheet shows it when they are made.
    """
    questions = route.questionnaire.shown_in(AskedIn.SURVEY)
    shown = []
    for section in excerpt(route.questionnaire, questions):
        here = [question for question in questions if question.section == section.key]
        for item in route.facts.about(section):
            fields = tuple(_fields(route, here, item, _page(route, questions, section, item)))
            if fields:
                shown.append(Block(_filled_section(route, section, item), item, fields))
    return _numbered(shown)


def _page(route: Route, questions: Sequence[Question], section: Section, item: Item | None) -> Page:
    """What stands on the same page as a section, by the names that its conditions may use."""
    loops = {each.key for each in route.questionnaire.sections if each.per}
    about = item.key if item else ""
    return {
        question.key: (Slot(question.key, about if question.section == section.key else ""), question)
        for question in questions
        if (question.section == section.key or not (route.questionnaire.is_paged or question.section in loops))
        and Slot(question.key, about if question.section == section.key else "") not in route.kept
    }


def pages(route: Route) -> list[list[Block]]:
    """The blocks page by page: all on one, or one a page."""
    shown = blocks(route)
    return [[block] for block in shown] if route.questionnaire.is_paged else [shown]


def asked_fields(route: Route, page: Sequence[Block]) -> list[Field]:
    """The fields of a page that are asked, given what was said."""
    return [field for block in page for field in block.answerable if route.is_asked(field.slot)]


def _fields(route: Route, questions: Sequence[Question], item: Item | None, page: Page) -> Iterator[Field]:
    about = item.key if item else ""
    graph = depends_on(route.questionnaire)
    for question in questions:
        if question.matrix is not None or question.kind == "calculated":
            continue
        field = _field(route, question, about, page, graph)
        rows = [each for each in questions if each.matrix == question.key] if question.kind == "matrix" else []
        found = tuple(each for row in rows if (each := _field(route, row, about, page, graph)))
        if field and (found or not rows):
            yield replace(field, rows=found)


def _field(route: Route, question: Question, about: str, page: Page, graph: dict[str, set[str]]) -> Field | None:
    slot = Slot(question.key, about)
    if slot in route.kept:
        return None
    opened_by = selectors(route, slot, page, graph) if graph[question.key] else None
    if opened_by or route.is_asked(slot):
        return Field(_filled(route, question, about), slot, opened_by=tuple(opened_by or ()))
    return None


def live_rules(page: Sequence[Block]) -> str:
    """The style rules that show fields when the choices of their page open them; empty where there are none."""
    fields = [field for block in page for each in block.fields for field in (each, *each.rows) if field.opened_by]
    rules = "".join(
        f".{each.live}{{display:none}}{','.join(f'{form} .{each.live}' for form in each.opened_by)}{{display:revert}}"
        for each in fields
    )
    return f"@supports selector(:has(*)){{{rules}}}" if rules else ""


def _filled_section(route: Route, section: Section, item: Item | None) -> Section:
    about = item.key if item else ""
    script = section.script and route.words(section.script, about)
    return replace(section, title=route.words(section.title, about), script=script)


def _filled(route: Route, question: Question, about: str) -> Question:
    if "${" not in "".join((question.text, question.hint or "", *(option.label for option in question.options))):
        return question
    return replace(
        question,
        text=route.words(question.text, about),
        hint=question.hint and route.words(question.hint, about),
        options=tuple(replace(option, label=route.words(option.label, about)) for option in question.options),
    )


def _numbered(shown: Sequence[Block]) -> list[Block]:
    number, numbered = 0, []
    for block in shown:
        fields = []
        for field in block.fields:
            takes = field.question.takes_answer or bool(field.rows)
            number += takes
            fields.append(replace(field, number=number) if takes else field)
        numbered.append(replace(block, fields=tuple(fields)))
    return numbered


def total(shown: Sequence[Block]) -> int:
    """How many questions stand in blocks; a matrix is one."""
    return max((field.number for block in shown for field in block.fields), default=0)
