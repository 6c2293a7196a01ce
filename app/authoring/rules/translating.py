"""A translation as a table: every text beside its original, with what is missing and what would be refused."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.authoring.rules.parts import Document, Entry, texts_in
from app.questionnaires.rules.piping import pipes

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_PARTS = {
    "name": "Name", "title": "Title", "script": "Said aloud", "text": "Question", "hint": "Hint",
    "constraint_message": "Refusal", "anchors.low": "Low end", "anchors.high": "High end",
}  # fmt: skip


@dataclass(frozen=True)
class TextRow:
    """One text: its place, the original, the translation, and what is wrong with the placeholders in it.

    `theirs` is what a colleague saved meanwhile, where that is another text.
    """

    place: str
    label: str
    original: str
    words: str
    fault: str
    theirs: str = ""

    @property
    def lines(self) -> int:
        """How many lines of an input its text takes."""
        return min(8, 1 + max(len(self.original), len(self.words)) // 42)


def is_language(code: str) -> bool:
    """Whether a text is the code of a language."""
    return _LANGUAGE.fullmatch(code) is not None


def text_rows(document: Document, stored: Mapping[str, str], typed: Mapping[str, str] | None = None) -> list[TextRow]:
    """The texts of a draft with their translations."""
    rows = []
    for place, original in texts_in(document):
        if not original:
            continue
        words = (stored if typed is None else typed).get(place, "")
        theirs = stored.get(place, "") if typed is not None and stored.get(place, "") != words else ""
        rows.append(TextRow(place, _label(place), original, words, pipe_fault(original, words), theirs))
    return rows


def pipe_fault(original: str, words: str) -> str:
    """What is wrong with the placeholders of a translation, in words; blank where nothing is."""
    wanted, found = ({pipe.name for pipe in pipes(text)} for text in (original, words))
    if not words:
        return ""
    if added := sorted(found - wanted):
        return f"“${{{added[0]}}}” does not stand in the original; take it out."
    if lost := sorted(wanted - found):
        return f"“${{{lost[0]}}}” of the original is missing here."
    return ""


def merged(current: Entry, typed: Entry, shown: Collection[str]) -> Entry:
    """A translation with what was typed; texts that the page did not show stay as they are."""
    kept = {place: words for place, words in current.get("texts", {}).items() if place not in shown}
    entry = {"texts": {**kept, **typed["texts"]}}
    return {**entry, "direction": typed["direction"]} if typed.get("direction") else entry


def _label(place: str) -> str:
    if place.startswith("thanks."):
        return f"Thanks, {place.removeprefix('thanks.')}"
    kind, _, rest = place.partition(".")
    if ".options." in place:
        return f"Answer to {rest.split('.options.')[0]}"
    if ".probes." in place:
        return f"Probe of {rest.split('.probes.')[0]}"
    for name, words in _PARTS.items():
        if place == name or place.endswith(f".{name}"):
            return " · ".join(part for part in (words, rest.removesuffix(name).strip(".")) if part)
    return kind
