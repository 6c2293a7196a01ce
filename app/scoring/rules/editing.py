"""What people made of the themes that were found: other names, merged into one another, hidden."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import Refusal

LONGEST_NAME = 80


@dataclass(frozen=True)
class Edit:
    """How a theme is treated: its name where it is not the written form, the theme it is part of, whether it shows."""

    name: str | None = None
    into: str | None = None
    is_hidden: bool = False


AS_FOUND = Edit()
Edits = Mapping[str, Edit]


def root_of(key: str, edits: Edits) -> str:
    """Return the theme that a theme has become part of, in the end; itself where it stands alone."""
    seen = {key}
    while (into := edits.get(key, AS_FOUND).into) is not None and into not in seen:
        seen.add(into)
        key = into
    return key


def edit_of(name: str, into: str, *, is_hidden: bool, form: str) -> Edit:
    """Return what was typed as an edit; the written form itself, and nothing, are no name. Refusal for a long one."""
    said = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(said) > LONGEST_NAME:
        raise Refusal(f"A name has at most {LONGEST_NAME} characters; this one has {len(said)}.", "name")
    return Edit(said if said and said != form else None, into or None, is_hidden)


def merged(key: str, edit: Edit, edits: Edits) -> dict[str, Edit]:
    """Return all edits with this one among them. Refusal where a theme would become part of itself."""
    changed = {**edits, key: edit}
    if edit.into is not None and _leads_to(edit.into, key, changed):
        raise Refusal("A theme cannot be part of itself: the one you chose is part of this one already.", "into")
    return changed


def _leads_to(start: str, key: str, edits: Edits) -> bool:
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        if at == key:
            return True
        seen.add(at)
        at = edits.get(at, AS_FOUND).into
    return False
