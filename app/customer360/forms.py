"""What the form of an arrangement sends: every part in the order in which it stands on the page."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.customer360.rules.layout import MOST_FIELDS, OPTIONS

MOST_ENTRIES = 40


def typed_layout(form: MultiDict[str, str]) -> dict[str, Any]:
    """The document of an arrangement as it was typed; a form cut short gives what is there."""
    fields = form.getlist("field")[: MOST_FIELDS + MOST_ENTRIES]
    labels, shows = form.getlist("label"), form.getlist("shows")
    return {
        "summary": [
            {"field": key, "label": " ".join(_at(labels, place).split()), "shows": _at(shows, place) or "account"}
            for place, key in enumerate(fields)
        ],
        "widgets": _parts(form, "widget"),
        "sections": _parts(form, "section"),
    }


def _parts(form: MultiDict[str, str], word: str) -> list[dict[str, Any]]:
    shown = set(form.getlist(f"{word}-shown"))
    return [
        {"key": key, "shown": key in shown}
        | {name: form.get(f"{key}-{name}", "").strip() for name in OPTIONS.get(key, ()) if word == "widget"}
        for key in form.getlist(word)[:MOST_ENTRIES]
    ]


def _at(values: list[str], place: int) -> str:
    return values[place] if place < len(values) else ""
