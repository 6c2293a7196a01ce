"""What the editor's forms send: texts as they were typed, as the parts of a draft that they make."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from app.authoring.rules.arranging import key_from
from app.authoring.rules.parts import ABOUT, QUESTION, SECTION, TRANSLATION, Entry, split_place
from app.authoring.rules.words import fields_of
from app.core.errors import Refusal
from app.questionnaires.rules.definition import AskedIn, Band
from app.questionnaires.rules.kinds import KINDS, Absence

MOST_ROWS = 200
UNREADABLE = "\ufffd"
TEXT = "text:"
"""What precedes a place in the name of a translation's field."""

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_WHOLE = re.compile(r"[0-9]{1,6}")
_QUESTION_TEXTS = (
    "text", "section", "hint", "script", "relevant", "constraint", "constraint_message", "calculation", "matrix",
    "about", "dimension", "value_side", "value_aspect", "importance",
)  # fmt: skip
_FLAGS = ("required", "core", "reverse", "whole")


class Sent(Protocol):
    """What was sent: the first or all of the values under one name."""

    def get(self, name: str, default: str) -> str:
        """Return the first value."""

    def getlist(self, name: str) -> list[str]:
        """Return all values."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return names and their first values."""


def typed_entry(sent: Sent, place: str) -> Entry:
    """Return the part at a place as it was typed; Refusal where a form of ours could not have sent it."""
    kind, key = split_place(place)
    if kind == ABOUT:
        return _typed_about(sent)
    if kind == SECTION:
        return _typed_section(sent, key)
    if kind == TRANSLATION:
        return _typed_translation(sent)
    return _typed_question(sent, key)


def refuse_nul(sent: Sent) -> None:
    """Refuse a NUL, which PostgreSQL cannot hold; the sign that stands for it on the page shows where it was."""
    for name, value in sent.items():
        if any("\0" in each for each in [value, *sent.getlist(name)]):
            raise Refusal("This text holds a character that cannot be stored; type it anew.", name)


def good_key(raw: str, taken: Iterable[str]) -> str:
    """Return a key that may stand for something new; Refusal with the remedy."""
    key = raw.strip()
    if not _KEY.fullmatch(key):
        raise Refusal("A key is letters, digits, _ . or -, begins with a letter or _, and has at most 64.", "key")
    if key in taken:
        raise Refusal(f"“{key}” is taken; choose another key.", "key")
    return key


def _typed_about(sent: Sent) -> Entry:
    thanks = {band.value: text(sent, f"thanks.{band}") for band in Band}
    return _filled(
        {
            "name": text(sent, "name"),
            "language": text(sent, "language"),
            "direction": text(sent, "direction"),
            "is_paged": bool(sent.get("is_paged", "")),
            "thanks": _filled(thanks),
        }
    )


def _typed_section(sent: Sent, key: str) -> Entry:
    minutes = text(sent, "minutes")
    return {"key": key, "title": text(sent, "title")} | _filled(
        {
            "script": text(sent, "script"),
            "minutes": int(minutes) if _WHOLE.fullmatch(minutes) else minutes,
            "relevant": text(sent, "relevant"),
            "per": text(sent, "per"),
        }
    )


def _typed_translation(sent: Sent) -> Entry:
    texts = {name.removeprefix(TEXT): text(sent, name) for name, _ in sent.items() if name.startswith(TEXT)}
    return {"texts": _filled(texts)} | _filled({"direction": text(sent, "direction")})


def _typed_question(sent: Sent, key: str) -> Entry:
    kind = sent.get("kind", "")
    if kind not in KINDS:
        raise Refusal("Choose a kind from the list.", "kind")
    typed: Entry = {name: text(sent, name) for name in _QUESTION_TEXTS}
    typed |= {name: bool(sent.get(name, "")) for name in _FLAGS}
    typed |= {
        "options": _typed_options(sent),
        "anchors": _filled({end: text(sent, f"anchors.{end}") for end in ("low", "high")}),
        "probes": [line.strip() for line in text(sent, "probes").split("\n") if line.strip()],
        "opt_outs": [absence.value for absence in Absence if absence in sent.getlist("opt_outs")],
        "asked_in": _typed_doors(sent),
    }
    applying = fields_of(kind)
    rest = _filled(
        {name: value for name, value in typed.items() if name in applying and name not in {"text", "section"}}
    )
    return {"key": key, "kind": kind, "text": typed["text"], "section": typed["section"], **rest}


def _typed_doors(sent: Sent) -> list[str]:
    """Both doors are the default and are not written down; none is as good as both: a question is asked somewhere."""
    doors = [door.value for door in AskedIn if door in sent.getlist("asked_in")]
    return [] if len(doors) == len(AskedIn) else doors


def _typed_options(sent: Sent) -> list[Entry]:
    rows = list(zip(sent.getlist("option_key"), sent.getlist("option_label"), strict=False))[:MOST_ROWS]
    options: list[Entry] = []
    taken = {key.strip() for key, _ in rows if key.strip()}
    for raw, label in rows:
        if raw.strip() or label.strip():
            key = raw.strip() or key_from(label, taken, blank="option")
            taken.add(key)
            options.append({"key": key.replace("\0", UNREADABLE), "label": label.replace("\0", UNREADABLE).strip()})
    return options


def text(sent: Sent, name: str) -> str:
    """Return a text that was typed, with line feeds only, as a page can show it."""
    return sent.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", UNREADABLE).strip()


def number_sent(raw: str) -> int:
    """Return a whole number that a form of ours sends; Refusal where it is none."""
    if not _WHOLE.fullmatch(raw):
        raise Refusal("The page does not say which version it shows; reload it.", "revision")
    return int(raw)


def _filled(entry: Mapping[str, object]) -> Entry:
    return {name: value for name, value in entry.items() if value}


def blank_rows(options: Sequence[Entry], *, least: int = 2) -> list[Entry]:
    """Return the options with empty rows to fill in below them."""
    return [*options, *({"key": "", "label": ""} for _ in range(least))]


def is_question(place: str) -> bool:
    """Tell whether a place is a question's."""
    return split_place(place)[0] == QUESTION
