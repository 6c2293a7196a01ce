"""What a saved answer changes in an interview: which questions are asked now, and in which words."""

from collections.abc import Collection
from dataclasses import dataclass

from app.interviews.rules.slots import slot_name
from app.questionnaires.rules.definition import AskedIn
from app.questionnaires.rules.route import Route, Slot


@dataclass(frozen=True)
class Branches:
    """What the page shows now: the names of all that is asked, and new words by name."""

    asked: list[str]
    words: dict[str, str]


def branches_of(route: Route, told: Collection[str]) -> Branches:
    """What is asked along a route, and the words of the questions (`told`) that repeat what was said."""
    shown = list(route.slots(route.questionnaire.shown_in(AskedIn.INTERVIEW)))
    words = {
        slot_name(slot): route.words(question.script or question.text, slot.item)
        for question, slot in shown
        if slot.key in told
    }
    return Branches([slot_name(slot) for _, slot in shown if route.is_asked(slot)], words)


def closed_slots(route: Route) -> set[Slot]:
    """The places with an answer that does not count, because the branch to it has closed."""
    return {slot for slot in route.given if not route.counts(slot)}


def unasked_slots(route: Route) -> set[Slot]:
    """The core questions without an answer to which the route never came: completeness leaves them aside."""
    if not route.questionnaire.has_conditions:
        return set()
    return {
        slot
        for question, slot in route.slots(route.questionnaire.asked_in(AskedIn.INTERVIEW))
        if question.core and slot not in route.given and not route.is_asked(slot)
    }
