"""Choosing a part of a report: the form with counts, what is chosen as chips, and what would leave more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.words import capital
from app.scoring.rules.choice import FIELDS, WINDOWS, Choice, value_words

NAMES: Mapping[str, tuple[str, str]] = {
    "segment": ("Segment", "All segments"),
    "tier": ("Tier", "All tiers"),
    "csm": ("CSM", "All CSMs"),
    "product": ("Product", "All products"),
    "renewal": ("Renewal", "Any renewal"),
    "role": ("Role", "All roles"),
    "mode": ("Mode", "Both modes"),
}
"""Each field's name, and what is said where it is open."""

MOST_OPTIONS = 200


@dataclass(frozen=True)
class Chosen:
    """A part of a study: the choice in words, its accounts (ids, None: all), and its figures."""

    choice: Choice
    words: Mapping[str, str]
    accounts: Collection[int] | None
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One value of a select, with how much it would leave."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Select:
    """One select of the form."""

    name: str
    label: str
    everything: str
    options: list[Option]


@dataclass(frozen=True)
class Chip:
    """One thing that is chosen, and the address's values without it; `left` is how much would then be left."""

    words: str
    query: Mapping[str, str]
    left: str = ""


def selects(
    choice: Choice, counts: Mapping[str, Mapping[str, int]], csm_names: Mapping[str, str] | None = None
) -> list[Select]:
    """Return the form's selects, those that offer a choice: values that would leave something, and what is chosen."""
    return [made for field in FIELDS if (made := _select(field, choice, counts.get(field, {}), csm_names))]


def chips(choice: Choice, words: Mapping[str, str], left: Mapping[str, str] | None = None) -> list[Chip]:
    """Return what is chosen, one chip a field."""
    return [
        Chip(capital(words[field]), choice.without(field).query, (left or {}).get(field, "")) for field in choice.query
    ]


def _select(
    field: str, choice: Choice, counts: Mapping[str, int], csm_names: Mapping[str, str] | None
) -> Select | None:
    chosen = getattr(choice, field)
    values = sorted({*counts, *([chosen] if chosen else [])}, key=lambda value: _place(field, value, csm_names))
    if len(values) < 2 and not chosen:
        return None
    name, everything = NAMES[field]
    options = [
        Option(value, f"{capital(value_words(field, value, csm_names))} ({counts.get(value, 0):,})", value == chosen)
        for value in values[:MOST_OPTIONS]
    ]
    return Select(field, name, everything, options)


def _place(field: str, value: str, csm_names: Mapping[str, str] | None) -> tuple[bool, int, str]:
    if field == "renewal":
        return False, list(WINDOWS).index(value), ""
    return value.startswith("("), 0, value_words(field, value, csm_names).casefold()
