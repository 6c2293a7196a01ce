"""The fields of one relationship as somebody types them: what is kept, and what is refused."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import Refusal
from app.core.typed import typed_line
from app.relationships.rules.types import Definition

LONGEST_VALUE = 500


class Unlike(Refusal):
    """Somebody else wrote something else into a field since the page was opened."""


def as_text(value: Any) -> str:
    """A stored value as a form shows it; empty where there is none."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def checked_fields(
    definition: Definition, *, typed: Mapping[str, str], seen: Mapping[str, str], stored: Mapping[str, Any]
) -> dict[str, str]:
    """What changes, by key; empty text where a value goes. Refusal with the field at fault.

    Only fields that the type declares are taken, and of these only what its author changed.
    """
    changed = {}
    for each in definition.fields:
        if each.key not in typed:
            continue
        value, present = typed_line(typed[each.key], each.key, LONGEST_VALUE), as_text(stored.get(each.key))
        if value in (seen.get(each.key, ""), present):
            continue
        if present != seen.get(each.key, ""):
            now = f"says “{present}”" if present else "is empty"
            raise Unlike(
                f"Somebody else changed “{each.label}” meanwhile: it {now}. Yours is still here; store once more to "
                "have it hold.",
                each.key,
            )
        changed[each.key] = value
    return changed
