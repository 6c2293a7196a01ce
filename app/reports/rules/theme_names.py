"""The form in which themes are named, merged and hidden: a line per theme, with what holds or what was typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.errors import Refusal
from app.scoring.rules.editing import AS_FOUND, Edit, edit_of

Figures = Mapping[str, Any]
Held = Mapping[str, tuple[int, Edit]]
"""The edit that holds for a theme, with its number."""

COMMON = 30
"""Lines that stand open; rarer themes are folded."""


@dataclass(frozen=True)
class NameLine:
    """One theme: its stems, its written form, who names it, and what stands in its three fields.

    `was` is the number of the edit that held when the form was opened. `problem` says why it was refused.
    """

    key: str
    form: str
    said: str
    name: str
    into: str
    is_hidden: bool
    was: int
    problem: str = ""

    @property
    def label(self) -> str:
        """What the theme is called."""
        return self.name or self.form


def name_lines(figures: Figures, held: Held) -> list[NameLine]:
    """Return a line for each theme that the study's words hold: shown, next in line, merged and hidden."""
    return [_line(key, form, said, held) for key, form, said in _themes(figures)]


def typed_lines(lines: Sequence[NameLine], form: Mapping[str, str]) -> list[NameLine]:
    """Return the lines with what was typed into them; a line that the form does not have keeps what holds."""
    return [_typed(line, i, form) for i, line in enumerate(lines)]


def wanted_edits(lines: Sequence[NameLine]) -> list[tuple[str, Edit, int]]:
    """Return (theme, edit, number of the edit that held) of typed lines. Refusal with the theme as field."""
    known = {line.key for line in lines}
    found = []
    for line in lines:
        if line.into and line.into not in known:
            raise Refusal("Choose a theme from the list.", line.key)
        try:
            edit = edit_of(line.name, line.into, is_hidden=line.is_hidden, form=line.form)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, line.key) from refusal
        found.append((line.key, edit, line.was))
    return found


def refused(lines: Sequence[NameLine], refusal: Refusal) -> list[NameLine]:
    """Return the lines with the refusal at its theme."""
    return [replace(line, problem=refusal.sentence) if line.key == refusal.field else line for line in lines]


def changes(history: Sequence[tuple[int, str, Edit, Edit]], forms: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return (number, sentence) of edits, each given with the edit before it."""
    return [(number, _change(forms.get(key, key), before, after, forms)) for number, key, before, after in history]


def _themes(figures: Figures) -> Iterator[tuple[str, str, str]]:
    for theme in [*figures["themes"], *figures["more"], *figures["hidden"]]:
        yield theme["key"], theme["form"], f"{theme['accounts']} accounts, {theme['mentions']} mentions"
        for part in theme["parts"]:
            yield part["key"], part["label"], f"part of “{theme['label']}”"


def _line(key: str, form: str, said: str, held: Held) -> NameLine:
    number, edit = held.get(key, (0, AS_FOUND))
    return NameLine(key, form, said, edit.name or "", edit.into or "", edit.is_hidden, number)


def _typed(line: NameLine, i: int, form: Mapping[str, str]) -> NameLine:
    if form.get(f"theme-{i}") != line.key:
        typed = next((j for j in range(len(form)) if form.get(f"theme-{j}") == line.key), None)
        return line if typed is None else _typed(line, typed, form)
    was = form.get(f"was-{i}", "")
    return replace(
        line,
        name=form.get(f"name-{i}", ""),
        into=form.get(f"into-{i}", ""),
        is_hidden=f"hidden-{i}" in form,
        was=int(was) if was.isascii() and was.isdecimal() and len(was) < 10 else 0,
    )


def _change(form: str, before: Edit, after: Edit, forms: Mapping[str, str]) -> str:
    parts = []
    if before.name != after.name:
        parts.append(f"called “{after.name}”" if after.name else "called as it is written")
    if before.into != after.into:
        parts.append(f"made part of “{forms.get(after.into, after.into)}”" if after.into else "stands alone")
    if before.is_hidden != after.is_hidden:
        parts.append("hidden" if after.is_hidden else "shown again")
    return f"“{form}”: {', '.join(parts)}"
