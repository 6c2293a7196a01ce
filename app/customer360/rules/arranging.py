"""The page on which accounts' pages are arranged, as finished values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.words import capital, listed
from app.customer360.rules.layout import (
    MOST_FIELDS,
    SECTIONS,
    SHOWS,
    WIDGETS,
    Chosen,
    Layout,
    free_fields,
    lost_fields,
)
from app.customer360.rules.summary import field_name


@dataclass(frozen=True)
class Row:
    """One entry to arrange: a field, a widget or a section."""

    key: str
    name: str
    label: str = ""
    shows: str = ""
    is_shown: bool = True
    options: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ArrangePage:
    """Everything that the page shows; `notes` say what a layout asks for and is there no longer."""

    summary: list[Row]
    widgets: list[Row]
    sections: list[Row]
    free: list[tuple[str, str]]
    shows: list[tuple[str, str]]
    room: str
    notes: list[str]


def arrange_page(typed: Mapping[str, Any], *, own: Sequence[str], gone: Sequence[str]) -> ArrangePage:
    """The page of an arrangement as it was typed."""
    summary = typed["summary"]
    lost = lost_fields([Chosen(each["field"], each.get("label", "")) for each in summary], own)
    left = MOST_FIELDS - len(summary)
    return ArrangePage(
        summary=[
            Row(each["field"], field_name(each["field"]), label=each["label"], shows=str(each["shows"]))
            for each in summary
        ],
        widgets=[
            Row(each["key"], WIDGETS[each["key"]], is_shown=each["shown"], options=each)
            for each in typed["widgets"]
            if each["key"] in WIDGETS
        ],
        sections=[
            Row(each["key"], SECTIONS[each["key"]].name, is_shown=each["shown"])
            for each in typed["sections"]
            if each["key"] in SECTIONS
        ],
        free=free_fields(typed, own),
        shows=[(str(key), words) for key, words in SHOWS.items()],
        room=f"{len(summary)} of {MOST_FIELDS} fields" if left > 0 else "Six fields: there is no room for more",
        notes=_notes(gone, lost),
    )


def _notes(gone: Sequence[str], lost: Sequence[str]) -> list[str]:
    notes = []
    if gone:
        was = "is" if len(gone) == 1 else "are"
        notes.append(f"{capital(listed(gone))} {was} there no longer and {was} left out; save to be rid of it.")
    if lost:
        names = listed([f"“{name}”" for name in lost])
        notes.append(f"No account has {names} any more: pages leave it out. Take it out here, or bring the field back.")
    return notes


def theirs_told(layout: Layout) -> list[tuple[str, str]]:
    """An arrangement in words, to be held against another."""
    return [
        ("Summary", listed([each.name for each in layout.summary]) or "nothing"),
        ("Widgets", listed([WIDGETS[each.key] for each in layout.widgets if each.is_shown]) or "none"),
        ("Sections", listed([SECTIONS[each.key].name for each in layout.sections if each.is_shown])),
    ]
