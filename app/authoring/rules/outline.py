"""The outline of a draft beside its editor: sections and questions, with what is wrong at each."""

from dataclasses import dataclass

from app.authoring.rules.parts import ABOUT, QUESTION, SECTION, Document, Entry, entries, ordered, place_of
from app.authoring.rules.problems import Reading
from app.authoring.rules.words import KIND_WORDS
from app.questionnaires.rules.expressions import parsed

UNTITLED = "No words yet"
EXPRESSIONS = ("relevant", "constraint", "calculation")


@dataclass(frozen=True)
class Item:
    """One section or question as the outline shows it."""

    place: str
    title: str
    kind: str
    has_problem: bool
    is_row: bool = False
    is_conditional: bool = False


@dataclass(frozen=True)
class Group:
    """A section with its questions."""

    section: Item
    items: list[Item]


def outline_of(document: Document, reading: Reading) -> list[Group]:
    """The sections of a draft with their questions; those of no known section stand in a group at the end."""
    groups = [_group(document, section, reading) for section in entries(document, SECTION)]
    known = {section["key"] for section in entries(document, SECTION)}
    lost = [entry for entry in ordered(document) if entry.get("section") not in known]
    if lost:
        items = [_question(entry, reading) for entry in lost]
        groups.append(Group(Item(ABOUT, "In no section", "Section", has_problem=True), items))
    return groups


def expression_faults(entry: Entry) -> dict[str, str]:
    """What the parser says about each expression of a part that it cannot read."""
    faults = {}
    for name in EXPRESSIONS:
        try:
            if entry.get(name):
                parsed(entry[name])
        except ValueError as error:
            faults[name] = str(error)
    return faults


def _group(document: Document, section: Entry, reading: Reading) -> Group:
    place = place_of(SECTION, section["key"])
    head = Item(
        place,
        section.get("title") or UNTITLED,
        "Section",
        has_problem=bool(reading.at(place)),
        is_conditional=bool(section.get("relevant") or section.get("per")),
    )
    here = [entry for entry in ordered(document) if entry.get("section") == section["key"]]
    return Group(head, [_question(entry, reading) for entry in here])


def _question(entry: Entry, reading: Reading) -> Item:
    place = place_of(QUESTION, entry["key"])
    return Item(
        place,
        entry.get("text") or UNTITLED,
        KIND_WORDS[entry["kind"]],
        has_problem=bool(reading.at(place)),
        is_row=bool(entry.get("matrix")),
        is_conditional=bool(entry.get("relevant")),
    )
