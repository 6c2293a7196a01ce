"""Branches on a page without script: a condition on choices of the same page as selectors of a style sheet.

All combinations of the choices that a condition hangs on are tried once; each that opens the field is a selector. That
is exact, because it asks the same route that decides on the server.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.route import Route, Slot

MOST_COMBINATIONS = 400
MOST_SELECTORS = 40
CHOICES = frozenset({"yes_no", "consent", "single_choice"})


Page = Mapping[str, tuple[Slot, Question]]
"""The questions of a page by the names that conditions use, each with its place there."""


def selectors(route: Route, slot: Slot, page: Page, graph: Mapping[str, set[str]]) -> list[str] | None:
    """The selectors of the forms in which a field is asked; None where the style sheet cannot tell.

    It can where the field hangs on choices of the same page, directly or by other fields; answers from other pages are
    what they are. Empty where no choice opens the field.
    """
    here = [page[key] for key in sorted(_closure(slot.key, graph) & set(page))]
    if not here or any(not _is_choice(question) for _, question in here):
        return None
    offers = [("", *_values(question)) for _, question in here]
    if _size(offers) > MOST_COMBINATIONS:
        return None
    opening = [values for values in product(*offers) if _is_open(route, slot, here, values)]
    if len(opening) > MOST_SELECTORS:
        return None
    return [_selector(here, values) for values in opening]


def _closure(key: str, graph: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _is_choice(question: Question) -> bool:
    return question.kind in CHOICES or question.kind_rules.is_numeric


def _values(question: Question) -> list[str]:
    if question.kind in {"yes_no", "consent"}:
        return ["yes", "no"]
    if question.options:
        return [option.key for option in question.options]
    return [str(number) for number in range(int(question.minimum or 0), int(question.maximum or 0) + 1)]


def _size(offers: Sequence[Sequence[str]]) -> int:
    size = 1
    for offer in offers:
        size *= len(offer)
    return size


def _is_open(route: Route, slot: Slot, here: Sequence[tuple[Slot, Question]], values: Sequence[str]) -> bool:
    given = dict(route.given)
    for (place, question), value in zip(here, values, strict=True):
        given.pop(place, None)
        if value:
            given[place] = question.parse(value)
    return Route(route.questionnaire, route.facts, given).is_asked(slot)


def _selector(here: Sequence[tuple[Slot, Question]], values: Sequence[str]) -> str:
    parts = []
    for (place, _), value in zip(here, values, strict=True):
        name = _quoted(place.name)
        parts.append(
            f":has([name={name}][value={_quoted(value)}]:checked)" if value else f":not(:has([name={name}]:checked))"
        )
    return f"form{''.join(parts)}"


def _quoted(text: str) -> str:
    """A text as CSS quotes it; whatever is not plain is escaped, so that it can end neither the text nor the sheet."""
    return '"' + "".join(each if each.isascii() and each.isalnum() else f"\\{ord(each):x} " for each in text) + '"'
