"""A type of relationships while somebody writes it: fields that come, move and go before anything is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import Refusal
from app.core.words import capital, counted, label, listed
from app.relationships.rules.types import MOST_FIELDS, Definition

LONGEST_KEY = 60
_APART = re.compile(r"[^a-z0-9]+")

Typed = dict[str, Any]


@dataclass(frozen=True)
class TypeLine:
    """One type as the list of types says it."""

    key: str
    name: str
    used: str
    scorecard: str
    survey: str
    fields: str


def key_of(name: str) -> str:
    """What a field is called in files, made of its name: small letters and figures, joined by lines."""
    return _APART.sub("_", name.lower()).strip("_")[:LONGEST_KEY].strip("_")


def field_added(definition: Mapping[str, Any], name: str) -> Typed:
    """The definition with a field more; Refusal where it has no name, is there already, or is one too many."""
    fields, key = list(definition["fields"]), key_of(name)
    if not key:
        raise Refusal("Give the field a name with letters or figures.", "add")
    if any(each["key"] == key for each in fields):
        raise Refusal(f"There is a field “{key}” already.", "add")
    if len(fields) >= MOST_FIELDS:
        raise Refusal(f"A type has at most {MOST_FIELDS} fields. Take one out before you add another.", "add")
    return {**definition, "fields": [*fields, {"key": key, "label": " ".join(name.split())}]}


def field_moved(definition: Mapping[str, Any], deed: str, key: str) -> Typed:
    """The definition after a field went up, down or out; as it was where there is no such field."""
    fields = list(definition["fields"])
    place = next((n for n, each in enumerate(fields) if each["key"] == key), None)
    if place is None or deed not in {"up", "down", "out"}:
        return dict(definition)
    entry = fields.pop(place)
    if deed != "out":
        fields.insert(max(place + (-1 if deed == "up" else 1), 0), entry)
    return {**definition, "fields": fields}


def definition_told(
    document: Mapping[str, Any], scorecards: Mapping[str, str], surveys: Mapping[str, str]
) -> list[tuple[str, str]]:
    """A definition in words, to be held against another."""
    return [
        ("Scorecard", chosen_words(document["scorecard"], scorecards)),
        ("Survey", chosen_words(document["survey"], surveys)),
        ("Fields", listed([each["label"] or each["key"] for each in document["fields"]]) or "none"),
    ]


def chosen_words(key: str, names: Mapping[str, str]) -> str:
    """What was chosen, by its name; “none” where nothing was, the key where it is there no longer."""
    return names.get(key, f"{key}, which is there no longer") if key else "none"


def type_line(it: Any, scorecards: Mapping[str, str], surveys: Mapping[str, str]) -> TypeLine:
    """A `TypeNow` in words."""
    definition: Definition = it.definition
    return TypeLine(
        key=it.key,
        name=label(it.name),
        used=capital(counted(it.relationships, "relationship")),
        scorecard=chosen_words(definition.scorecard, scorecards),
        survey=chosen_words(definition.survey, surveys),
        fields=listed([each.label for each in definition.fields]) or "none",
    )
