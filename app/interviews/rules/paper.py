"""The guide on paper: everything that may be asked of one person, with room for handwriting."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.interviews.rules.items import choices, shape
from app.interviews.rules.progress import Part, Step, course_of
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.logic import depends_on
from app.questionnaires.rules.route import Route

ROOM = {"text": 6, "ranking": 0, "number": 1, "date": 1}
"""How many lines are ruled for the answer of a kind; others have two for what is said besides."""


@dataclass(frozen=True)
class Printed:
    """One question on paper: `only_if` is the condition that hangs on other answers, `lines` the room to write."""

    step: Step
    number: int
    shape: str
    choices: tuple[tuple[str, str], ...]
    only_if: str
    lines: int


@dataclass(frozen=True)
class Sheet:
    """One section on paper."""

    part: Part
    questions: tuple[Printed, ...]


def sheets_of(route: Route) -> list[Sheet]:
    """Every section with all that may be asked: also what hangs on answers that nobody has given yet.

    What this person is never asked, whatever they say, is left out.
    """
    graph = depends_on(route.questionnaire)
    sheets, number = [], 0
    for part in course_of(route, {}).all_parts:
        printed = []
        for step in part.all_steps:
            if step.is_asked or graph[step.slot.key]:
                number += 1
                printed.append(_printed(route.questionnaire, step, number, graph))
        if printed:
            sheets.append(Sheet(part, tuple(printed)))
    return sheets


def _printed(questionnaire: Questionnaire, step: Step, number: int, graph: Mapping[str, set[str]]) -> Printed:
    section, head = questionnaire.section(step.section.key), questionnaire.question(step.question.matrix or "")
    conditions = (section.relevant if section else None, head.relevant if head else None, step.question.relevant)
    only_if = " and ".join(each for each in conditions if each) if graph[step.slot.key] else ""
    kind = shape(step.question)
    return Printed(step, number, kind, choices(step.question), only_if, ROOM.get(kind, 2))
