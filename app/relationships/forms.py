"""What the forms of relationships send: the definition of a type, and the fields of one relationship."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from app.relationships.rules.types import MOST_FIELDS

FIELD = "field-"
WAS = "was-"


def typed_definition(form: MultiDict[str, str]) -> dict[str, Any]:
    """The definition of a type as it was typed; a form cut short gives what is there."""
    keys, labels = form.getlist("key")[: MOST_FIELDS + 1], form.getlist("label")
    return {
        "scorecard": form.get("scorecard", ""),
        "survey": form.get("survey", ""),
        "fields": [
            {"key": key, "label": " ".join((labels[place] if place < len(labels) else "").split())}
            for place, key in enumerate(keys)
        ],
    }


def typed_fields(form: MultiDict[str, str], keys: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed into the fields of a relationship, and what stood there when the page was opened, by key."""
    sent = [key for key in keys if FIELD + key in form]
    return {key: form[FIELD + key] for key in sent}, {key: form.get(WAS + key, "") for key in sent}
