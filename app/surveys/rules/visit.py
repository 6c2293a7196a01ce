"""One visit to a survey: which page comes next, and what all answers together leave to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.questionnaires.rules.definition import AskedIn, Band
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.route import Route, Slot
from app.surveys.rules.forms import MANY, PRESELECTED, REQUIRED, Problem, SentForm, sent_value
from app.surveys.rules.shown import OPT_OUTS, REVIEW, Block, Field, asked_fields

NOTHING = ParsedAnswer(None, None)
"""What stands for a core question that was not on the route, so that it is not counted as left out."""
OURS_TO_SAY = frozenset({"yes_no", "consent"})
REFUSED_VALUE = "This answer is not possible here."

Told = Mapping[Slot, ParsedAnswer]


def page_fields(route: Route, page_key: str | None) -> list[Field]:
    """Every field that a page can have, asked or not: whoever sends a page may open branches by that same page."""
    slots = route.slots(route.questionnaire.asked_in(AskedIn.SURVEY))
    return [Field(question, slot) for question, slot in slots if page_key in {None, block_key(question.section, slot)}]


def block_key(section: str, slot: Slot) -> str:
    """What names the page on which a slot stands, where a section is a page."""
    return f"{section}@{slot.item}" if slot.item else section


def settled(route: Route) -> tuple[dict[Slot, ParsedAnswer], set[Slot]]:
    """All answers as they are to stand, and the slots that do not count: those behind branches that are closed.

    Core questions that were not asked stand there with nothing in them: completeness leaves them aside.
    """
    said = {slot: answer for slot, answer in route.given.items() if answer != NOTHING}
    if not route.questionnaire.has_conditions:
        return said, set()
    closed = {slot for slot in said if not route.counts(slot)}
    unasked = {
        slot
        for question, slot in route.slots(route.questionnaire.asked_in(AskedIn.SURVEY))
        if question.core and slot not in said and not route.is_asked(slot)
    }
    return {**said, **dict.fromkeys(unasked, NOTHING)}, closed | unasked


def add_faults(sent: SentForm, route: Route, fields: Sequence[Field]) -> None:
    """Add what is wrong with answers in the light of the others: required ones that are missing, broken constraints."""
    for field in fields:
        question, answer = field.question, sent.answers.get(field.slot)
        if (
            field.name in sent.errors
            or not (question.required or question.constraint)
            or not route.is_asked(field.slot)
        ):
            continue
        if answer is None and question.required:
            sent.errors[field.name] = Problem(REQUIRED)
        if answer is not None and not route.fulfils(question, field.slot, answer):
            message = question.constraint_message
            words = route.words(message, field.slot.item) if message else REFUSED_VALUE
            sent.errors[field.name] = Problem("{own}", {"own": words}) if message else Problem(words)


def newly_asked(before: Route, after: Route, fields: Sequence[Field], shown: Sequence[Block]) -> list[Field]:
    """The fields that the answers of their own page have opened and that could not be seen before it was sent."""
    visible = {field.slot for block in shown for field in block.answerable}
    return [
        field
        for field in fields
        if field.slot not in visible
        and after.is_asked(field.slot)
        and not before.is_asked(field.slot)
        and field.slot not in after.given
    ]


def position(pages: Sequence[Sequence[Block]], key: str | None, given: Told) -> int:
    """Which page is meant by a key; without one that is there, the first after the last page with an answer."""
    keys = [page[0].key for page in pages]
    if key in keys:
        return keys.index(key)
    answered = [
        number
        for number, page in enumerate(pages)
        if any(field.slot in given for block in page for field in block.answerable)
    ]
    return min(answered[-1] + 1, len(pages) - 1) if answered else 0


def band_of(given: Told) -> Band:
    """Which words of thanks somebody gets, by their answer to the question of recommendation."""
    answer = given.get(Slot(PRESELECTED))
    score = answer.value_number if answer else None
    if score is None:
        return Band.OTHERS
    return Band.PROMOTER if score >= 9 else Band.PASSIVE if score >= 7 else Band.DETRACTOR


def following(pages: Sequence[Sequence[Block]], key: str, *, goes_back: bool) -> str:
    """The page that comes after a page, or before it; after the last one all is read once more."""
    keys = [page[0].key for page in pages]
    here = keys.index(key) if key in keys else 0
    if goes_back:
        return keys[max(0, here - 1)]
    return keys[here + 1] if here + 1 < len(keys) else REVIEW


def missing_on(route: Route, pages: Sequence[Sequence[Block]]) -> int | None:
    """The first page on which a required answer is missing, or None."""
    for number, page in enumerate(pages):
        for field in asked_fields(route, page):
            if field.question.required and field.slot not in route.given:
                return number
    return None


@dataclass(frozen=True)
class Line:
    """A question with the answer as it was given, and the page on which it can be changed.

    `is_ours` marks an answer in words of ours, such as yes, which the questionnaire does not translate.
    """

    text: str
    answer: str
    page: str
    opt_out: str | None = None
    is_ours: bool = False
    is_day: bool = False


def review_lines(route: Route, pages: Sequence[Sequence[Block]]) -> list[Line]:
    """All questions that are asked, in their order, with what was answered; blank where nothing was."""
    return [_line(field, route, page[0].key) for page in pages for field in asked_fields(route, page)]


def _line(field: Field, route: Route, page: str) -> Line:
    answer = route.given.get(field.slot)
    if answer is None:
        return Line(field.question.text, "", page)
    if answer.absence is not None:
        return Line(field.question.text, "", page, OPT_OUTS[answer.absence])
    labels = {choice.value: choice.label for choice in field.choices}
    value = sent_value(answer)
    parts = value.split() if field.question.kind in MANY else [value]
    words = ", ".join(labels.get(part, part) for part in parts)
    kind = field.question.kind
    return Line(field.question.text, words, page, is_ours=kind in OURS_TO_SAY, is_day=kind == "date")
