"""Adding, copying, deleting, moving and renaming the parts of a draft; each gives a new document."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from app.authoring.rules.parts import (
    DELETED,
    QUESTION,
    SECTION,
    Document,
    Entry,
    entries,
    entry_at,
    keys,
    ordered,
    place_of,
    split_place,
)
from app.questionnaires.rules.kinds import KINDS

MOST_DELETED = 20
_LONGEST_STEM = 50
ROW_SHARES = ("kind", "options", "anchors", "opt_outs")
"""What all rows of a matrix have in common."""


def free_key(stem: str, taken: Collection[str]) -> str:
    """A key that nothing has: the stem with the next number behind it."""
    short = stem[:_LONGEST_STEM]
    return next(key for number in range(1, len(taken) + 2) if (key := f"{short}_{number}") not in taken)


def key_from(words: str, taken: Collection[str], *, blank: str) -> str:
    """A key made of the letters and digits of some words, with a number where it is taken; `blank` stands for none."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_STEM].strip("_")
    if not stem or stem[0].isdigit():
        stem = f"{blank}_{stem}".strip("_")
    return stem if stem not in taken else free_key(stem, taken)


def with_section(document: Document, *, after: str = "") -> tuple[Document, str]:
    """The draft with an empty section behind another, or at the end; and its place."""
    taken = keys(document, SECTION)
    section = {"key": free_key("section", taken), "title": ""}
    at = taken.index(after) + 1 if after in taken else len(taken)
    sections = entries(document, SECTION)
    return {**document, "sections": [*sections[:at], section, *sections[at:]]}, place_of(SECTION, section["key"])


def with_question(document: Document, entry: Entry, *, after: str = "") -> tuple[Document, str]:
    """The draft with a question behind another, or at the end of its section; and its place."""
    questions = ordered(document)
    found = [each["key"] for each in questions]
    at = found.index(after) + 1 if after in found else len(questions)
    while after and at < len(questions) and questions[at].get("matrix") and not entry.get("matrix"):
        at += 1
    return {**document, "questions": [*questions[:at], entry, *questions[at:]]}, place_of(QUESTION, entry["key"])


def new_question(kind: str, section: str, *, key: str) -> Entry:
    """An empty question of a kind."""
    entry: Entry = {"key": key, "kind": kind, "text": "", "section": section}
    if KINDS[kind].needs_options:
        entry["options"] = [{"key": "option_1", "label": ""}, {"key": "option_2", "label": ""}]
    return entry


def new_row(document: Document, head: Entry, *, key: str) -> tuple[Document, str]:
    """The draft with another row under a matrix, which offers what the other rows offer; and the row's place."""
    rows = rows_of(document, head["key"])
    shared = {name: rows[0][name] for name in ROW_SHARES if rows and name in rows[0]}
    row = {"kind": "scale_1_5", **shared, "key": key, "text": "", "section": head["section"], "matrix": head["key"]}
    return with_question(document, row, after=rows[-1]["key"] if rows else head["key"])


def rows_of(document: Document, head: str) -> list[Entry]:
    """The rows under a matrix."""
    return [entry for entry in ordered(document) if entry.get("matrix") == head]


def aligned(document: Document, row: Entry) -> Document:
    """The draft in which the other rows of a matrix offer what this row offers."""
    shared = {name: row[name] for name in ROW_SHARES if name in row}

    def align(entry: Entry) -> Entry:
        if entry.get("matrix") != row.get("matrix") or not row.get("matrix"):
            return entry
        return {**{name: value for name, value in entry.items() if name not in ROW_SHARES}, **shared}

    return {**document, "questions": [align(entry) for entry in entries(document, QUESTION)]}


def duplicated(document: Document, place: str, *, key: str) -> tuple[Document, str]:
    """The draft with a copy of a question below it, under a key of its own; and the copy's place."""
    entry = entry_at(document, place) or {}
    return with_question(document, {**entry, "key": key}, after=entry.get("key", ""))


def without(document: Document, place: str) -> Document:
    """The draft without a question, or without an empty section; what goes is kept, so that it can come back.

    The rows of a matrix go with it. ValueError where a section still has questions.
    """
    kind, key = split_place(place)
    gone = [entry for entry in entries(document, kind) if entry["key"] == key or entry.get("matrix") == key]
    if kind == SECTION and any(entry.get("section") == key for entry in entries(document, QUESTION)):
        raise ValueError("Move or delete the questions of this section first.")
    listed = ordered(document) if kind == QUESTION else entries(document, SECTION)
    at = next((number for number, entry in enumerate(listed) if entry in gone), 0)
    bin_ = [*document.get(DELETED, []), {"kind": kind, "entries": gone, "at": at}][-MOST_DELETED:]
    name = "questions" if kind == QUESTION else "sections"
    return {**document, name: [entry for entry in listed if entry not in gone], DELETED: bin_}


def restored(document: Document, number: int) -> tuple[Document, str]:
    """The draft with what was deleted as the so-manieth back at its place; and that place.

    ValueError where it is not there any more, or where its key is taken meanwhile.
    """
    deleted: list[dict[str, Any]] = document.get(DELETED, [])
    if not 0 <= number < len(deleted):
        raise ValueError("This was put back already.")
    kind, gone, at = (deleted[number][name] for name in ("kind", "entries", "at"))
    taken = set(keys(document, kind)) & {entry["key"] for entry in gone}
    if taken:
        raise ValueError(f"There is a “{taken.pop()}” again; rename that one first.")
    listed = ordered(document) if kind == QUESTION else entries(document, SECTION)
    name = "questions" if kind == QUESTION else "sections"
    back = {**document, name: [*listed[:at], *gone, *listed[at:]]}
    back[DELETED] = [each for position, each in enumerate(deleted) if position != number]
    return back, place_of(kind, gone[0]["key"])


def moved(document: Document, place: str, step: int) -> Document:
    """The draft with a section, question or row one place earlier (−1) or later (+1).

    A matrix moves with its rows, a row within its matrix; at the end of a section a question goes on into the next.
    """
    kind, key = split_place(place)
    if kind == SECTION:
        return {**document, "sections": _swapped(entries(document, SECTION), key, step)}
    entry = entry_at(document, place) or {}
    questions = ordered(document)
    if entry.get("matrix"):
        rows = _swapped(rows_of(document, entry["matrix"]), key, step)
        waiting = iter(rows)
        rows_turned = [next(waiting) if each.get("matrix") == entry["matrix"] else each for each in questions]
        return {**document, "questions": rows_turned}
    turned = {**document, "questions": _with_block_moved(document, questions, entry, step)}
    return {**turned, "questions": ordered(turned)}


def renamed(document: Document, old: str, new: str) -> Document:
    """The draft in which a question has another key, also where others refer to it."""
    reference = re.compile(r"\$\{\s*" + re.escape(old) + r"(?=\s*[|}])")

    def rename(value: Any, field: str = "") -> Any:
        if isinstance(value, dict):
            return {name: rename(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [rename(each, field) for each in value]
        if not isinstance(value, str):
            return value
        if field in {"about", "matrix"} and value == old:
            return new
        return reference.sub("${" + new, value)

    named = [
        {**rename(entry), "key": new if entry["key"] == old else entry["key"]} for entry in entries(document, QUESTION)
    ]
    sections = [{**rename(entry), "key": entry["key"]} for entry in entries(document, SECTION)]
    turned = {**document, "questions": named, "sections": sections}
    if "translations" in document:
        turned["translations"] = {
            language: {_renamed_place(place, old, new): rename(words) for place, words in texts.items()}
            for language, texts in document["translations"].items()
        }
    return turned


def with_option_up(entry: Entry, number: int) -> Entry:
    """The question with one of its options a place earlier."""
    options = list(entry.get("options", []))
    if 0 < number < len(options):
        options[number - 1], options[number] = options[number], options[number - 1]
    return {**entry, "options": options}


def _renamed_place(place: str, old: str, new: str) -> str:
    start = f"question.{old}."
    return f"question.{new}.{place.removeprefix(start)}" if place.startswith(start) else place


def _swapped(listed: list[Entry], key: str, step: int) -> list[Entry]:
    at = [entry["key"] for entry in listed].index(key)
    to = at + step
    if not 0 <= to < len(listed):
        return listed
    turned = list(listed)
    turned[at], turned[to] = turned[to], turned[at]
    return turned


def _with_block_moved(document: Document, questions: list[Entry], entry: Entry, step: int) -> list[Entry]:
    """Move a question, with its rows if it is a matrix, past the neighbour of its section, or into the next section."""
    blocks = _blocks([each for each in questions if each.get("section") == entry.get("section")])
    at = next(number for number, block in enumerate(blocks) if block[0]["key"] == entry["key"])
    if 0 <= at + step < len(blocks):
        blocks[at], blocks[at + step] = blocks[at + step], blocks[at]
        here = [each for block in blocks for each in block]
        return [*(each for each in questions if each.get("section") != entry.get("section")), *here]
    sections = keys(document, SECTION)
    to = (sections.index(entry["section"]) if entry.get("section") in sections else -1) + step
    if not 0 <= to < len(sections):
        return questions
    rest = [each for each in questions if each not in blocks[at]]
    block = [{**each, "section": sections[to]} for each in blocks[at]]
    return [*rest, *block] if step < 0 else [*block, *rest]


def _blocks(questions: list[Entry]) -> list[list[Entry]]:
    blocks: list[list[Entry]] = []
    for entry in questions:
        if entry.get("matrix") and blocks:
            blocks[-1].append(entry)
        else:
            blocks.append([entry])
    return blocks
