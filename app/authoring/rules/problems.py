"""What stands in the way of publishing a draft, all of it at once, and the draft as far as it can be shown."""

import re
from dataclasses import dataclass

from app.authoring.rules.parts import (
    ABOUT,
    QUESTION,
    SECTION,
    TRANSLATION,
    Document,
    Entry,
    entry_at,
    place_of,
    publishable,
    with_entry,
)
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition

MOST = 30
NOT_SHOWN = "(This question cannot be shown yet.)"

_NAMED = (
    (QUESTION, re.compile(r"(?:Question|[Mm]atrix) “([^”]+)”|question “([^”]+)” stands there twice")),
    (SECTION, re.compile(r"Section “([^”]+)”|section “([^”]+)” stands there twice")),
    (TRANSLATION, re.compile(r"translation “([^”]+)”|^“([^”]+)” is no language")),
)


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the sentence, and the place where it is mended."""

    sentence: str
    place: str


@dataclass(frozen=True)
class Reading:
    """A draft as far as it can be read: None where nothing can; and what stands in the way of publishing."""

    questionnaire: Questionnaire | None
    problems: tuple[Problem, ...]

    def at(self, place: str) -> list[str]:
        """The sentences about one place."""
        return [problem.sentence for problem in self.problems if problem.place == place]


def reading_of(document: Document) -> Reading:
    """Read a draft; what cannot be read is noted and put aside, until the rest can be read or too much is wrong.

    Each problem is the sentence by which publishing would refuse. At most 30 are looked for.
    """
    remaining, problems = publishable(document), list[Problem]()
    if not remaining["questions"]:
        return Reading(None, (Problem("There is no question yet; add the first.", ABOUT),))
    for _ in range(MOST):
        try:
            return Reading(parse_definition(remaining), tuple(problems))
        except ValueError as error:
            problem = Problem(str(error), _place_named(str(error), remaining))
            aside = _put_aside(remaining, problem.place, is_again=any(each.place == problem.place for each in problems))
            problems.append(problem)
            if aside is None:
                break
            remaining = aside
    return Reading(None, tuple(problems))


def _place_named(sentence: str, document: Document) -> str:
    for kind, pattern in _NAMED:
        found = pattern.search(sentence)
        if found:
            place = place_of(kind, next(group for group in found.groups() if group))
            return place if entry_at(document, place) is not None else ABOUT
    circle = re.search(r"in a circle: (\S+)", sentence)
    return place_of(QUESTION, circle[1]) if circle else ABOUT


def _put_aside(document: Document, place: str, *, is_again: bool) -> Document | None:
    """The document in which something harmless stands at a place, and nothing where that did not help either."""
    kind, _, key = place.partition(".")
    entry = entry_at(document, place)
    if kind == TRANSLATION:
        kept = {name: texts for name, texts in document.get("translations", {}).items() if name != key}
        return None if is_again else {**document, "translations": kept}
    if kind == ABOUT or entry is None:
        return None if is_again else _with_harmless_whole(document)
    if not is_again:
        return with_entry(document, place, _harmless(kind, entry, document))
    name = "questions" if kind == QUESTION else "sections"
    others = [each for each in document[name] if each["key"] != key]
    return {**document, name: others} if others and len(others) < len(document[name]) else None


def _harmless(kind: str, entry: Entry, document: Document) -> Entry:
    if kind == SECTION:
        return {"key": entry["key"], "title": entry.get("title") or entry["key"]}
    sections = [section["key"] for section in document["sections"]]
    section = entry.get("section") if entry.get("section") in sections else sections[0] if sections else ""
    is_scored = entry.get("dimension") is not None
    scored = {"kind": "scale_1_5", "dimension": "overall_sentiment"} if is_scored else {"kind": "text"}
    return {"key": entry["key"], "text": NOT_SHOWN, "section": section, **scored}


def _with_harmless_whole(document: Document) -> Document:
    """Name, language and thanks are what can be wrong with the whole."""
    kept: Document = {name: document[name] for name in ("key", "sections", "questions") if name in document}
    return {**kept, "name": document.get("name") or "Without a name", "language": "en"}
