"""What a type of relationships brings: its fields, its scorecard and its survey, read from one plain document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.documents import FieldError, Fields, first_doubled, shown
from app.core.typed import can_be_seen

MOST_FIELDS = 12
LONGEST_NAME = 100
LONGEST_TYPE = 80
OWN_COLUMNS = ("relationship_id", "account_id", "type", "name", "arr", "owner_email", "parent_id")
"""What files of relationships call their own columns: no field of a type is called so."""


@dataclass(frozen=True)
class TypeField:
    """A field of a type: the name of its column in files, and how pages call it."""

    key: str
    label: str


@dataclass(frozen=True)
class Definition:
    """What a type brings; a blank scorecard or survey is none."""

    scorecard: str = ""
    survey: str = ""
    fields: tuple[TypeField, ...] = ()

    def document(self) -> dict[str, Any]:
        """The plain document, which `parse_definition` reads back."""
        return {
            "scorecard": self.scorecard,
            "survey": self.survey,
            "fields": [{"key": each.key, "label": each.label} for each in self.fields],
        }


def type_key(type_: str) -> str:
    """By what a type is known, whatever its capitals."""
    return type_.strip().lower()


def parse_definition(document: Mapping[str, Any]) -> Definition:
    """The definition that a document describes; FieldError with a sentence where it is none."""
    fields = Fields(document, "The type")
    fields.only({"scorecard", "survey", "fields"})
    entries = fields.entries("fields", most=MOST_FIELDS)
    found = tuple(_field(entry, place) for place, entry in enumerate(entries, start=1))
    if doubled := first_doubled(each.key.casefold() for each in found):
        raise FieldError(f"Field {shown(doubled)} stands there twice; give each field a name of its own.", "fields")
    return Definition(_optional_key(fields, "scorecard"), _optional_key(fields, "survey"), found)


def _optional_key(fields: Fields, name: str) -> str:
    return fields.key(name) if fields.entry.get(name) not in (None, "") else ""


def _field(entry: Any, place: int) -> TypeField:
    fields = Fields(entry, f"Field {place}")
    fields.only({"key", "label"})
    key = fields.text("key", longest=LONGEST_NAME)
    label = fields.text("label", longest=LONGEST_NAME, default=key)
    for name, text in (("key", key), ("label", label)):
        if not can_be_seen(text):
            raise fields.refuse(name, "holds characters that cannot be seen; type it again.")
    if key.casefold() in OWN_COLUMNS:
        raise fields.refuse("key", f"is {shown(key)}, which every relationship has already; call it otherwise.")
    return TypeField(key, label)
