"""A draft as a plain document, which may hold anything that was typed, and its parts, which are edited one by one.

A place names a part: `about` the whole, `section.KEY`, `question.KEY`, `translation.LANGUAGE`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.questionnaires.rules.writing import content_sha256

Document = dict[str, Any]
Entry = dict[str, Any]

ABOUT = "about"
SECTION, QUESTION, TRANSLATION = "section", "question", "translation"
DELETED = "deleted"
"""Where a draft keeps what was deleted from it, until it is published."""

_LISTS = {SECTION: "sections", QUESTION: "questions"}
_QUESTION_TEXTS = ("text", "hint", "constraint_message", "script")
_ABOUT_FIELDS = ("name", "language", "is_paged", "thanks")


def place_of(kind: str, key: str) -> str:
    """The place of a section, question or translation."""
    return f"{kind}.{key}"


def split_place(place: str) -> tuple[str, str]:
    """The kind of a place and the key in it, which is blank for the whole."""
    kind, _, key = place.partition(".")
    return kind, key


def entries(document: Document, kind: str) -> list[Entry]:
    """The sections or questions of a draft."""
    found: list[Entry] = document.get(_LISTS[kind], [])
    return found


def keys(document: Document, kind: str) -> list[str]:
    """The keys of the sections or questions of a draft."""
    return [entry["key"] for entry in entries(document, kind)]


def entry_at(document: Document, place: str) -> Entry | None:
    """The part at a place, or None where there is none; a translation is there as soon as it is asked for."""
    kind, key = split_place(place)
    if kind == ABOUT:
        about = {name: document[name] for name in _ABOUT_FIELDS if document.get(name)}
        return about | _direction(document, str(document.get("language", "")))
    if kind == TRANSLATION:
        return {"texts": document.get("translations", {}).get(key, {}), **_direction(document, key)}
    if kind not in _LISTS:
        return None
    return next((entry for entry in entries(document, kind) if entry["key"] == key), None)


def with_entry(document: Document, place: str, entry: Entry) -> Document:
    """The draft with another part at a place."""
    kind, key = split_place(place)
    if kind == ABOUT:
        rest = {name: value for name, value in document.items() if name not in _ABOUT_FIELDS}
        about = {name: entry[name] for name in _ABOUT_FIELDS if entry.get(name)}
        return _with_direction({**rest, **about}, str(entry.get("language", "")), entry)
    if kind == TRANSLATION:
        translations = {**document.get("translations", {}), key: entry["texts"]}
        return _with_direction({**document, "translations": translations}, key, entry)
    name = _LISTS[kind]
    return {**document, name: [entry if each["key"] == key else each for each in document[name]]}


def basis_of(entry: Entry | None) -> str:
    """What a page shows is known by this when it comes back, so that a colleague's change in between is noticed."""
    return content_sha256(entry or {})[:16]


def publishable(document: Document) -> Document:
    """The draft as it would be published: without what was deleted, and without translations of what is not there."""
    kept = {name: value for name, value in document.items() if name != DELETED}
    kept["questions"] = ordered(kept)
    translations = {name: texts for name, texts in document.get("translations", {}).items() if texts}
    kept.pop("translations", None)
    if not translations:
        return kept
    there = {place for place, _ in texts_in(kept)}
    kept["translations"] = {
        name: {place: words for place, words in texts.items() if place in there} for name, texts in translations.items()
    }
    return kept


def ordered(document: Document) -> list[Entry]:
    """The questions section by section, as they are asked; those of unknown sections stand at the end."""
    places = {key: number for number, key in enumerate(keys(document, SECTION))}
    return sorted(entries(document, QUESTION), key=lambda entry: places.get(entry.get("section", ""), len(places)))


def texts_in(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of a draft with its place, as `languages.texts_of` gives them, also where the draft cannot be read."""
    yield "name", str(document.get("name", ""))
    for entry in entries(document, SECTION):
        yield from ((f"section.{entry['key']}.{name}", entry[name]) for name in ("title", "script") if entry.get(name))
    for entry in ordered(document):
        yield from _texts_of_question(entry)
    yield from ((f"thanks.{band}", words) for band, words in document.get("thanks", {}).items())


def _texts_of_question(entry: Entry) -> Iterator[tuple[str, str]]:
    place = f"question.{entry['key']}"
    yield from ((f"{place}.{name}", entry[name]) for name in _QUESTION_TEXTS if entry.get(name))
    yield from ((f"{place}.anchors.{end}", words) for end, words in entry.get("anchors", {}).items())
    yield from ((f"{place}.options.{option['key']}", option["label"]) for option in entry.get("options", []))
    yield from ((f"{place}.probes.{number}", probe) for number, probe in enumerate(entry.get("probes", []), start=1))


def _direction(document: Mapping[str, Any], language: str) -> Entry:
    direction = document.get("directions", {}).get(language)
    return {"direction": direction} if direction else {}


def _with_direction(document: Document, language: str, entry: Entry) -> Document:
    directions = {name: value for name, value in document.get("directions", {}).items() if name != language}
    if entry.get("direction"):
        directions[language] = entry["direction"]
    return {
        **{name: value for name, value in document.items() if name != "directions"},
        **({"directions": directions} if directions else {}),
    }
