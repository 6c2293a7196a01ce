"""What an account has with us, as a tree with its figures, and what they come to together by the workspace's rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import count, money, number
from app.core.words import capital, counted, label, name_in_address
from app.customer360.rules.bars import VoiceBar, voice_bar
from app.relationships.rules.rollup import NAMES, Rolled, RollUp, rolled_figures
from app.relationships.rules.tree import Branch, Forest, forest_of, named, with_below

MOST_LINES = 12
"""Relationships that stand open in the section; the others are behind one click."""
MOST_OPENED = 200
"""Relationships that the section names at all; a search finds the others."""
DEEPEST = 4
"""Steps by which a line moves in; what stands deeper stands as deep as that."""


@dataclass(frozen=True)
class TreeLine:
    """One relationship in the tree; `below` is what it and all below it come to, in words."""

    crm_id: str
    name: str
    depth: int
    parent: str
    health: str
    band: str
    voice: str
    voice_bar: VoiceBar | None
    about: str
    below: str


@dataclass(frozen=True)
class Together:
    """One figure of all relationships, with the sentence that declares its rule."""

    name: str
    value: str
    sentence: str


@dataclass(frozen=True)
class RelationshipsPart:
    """What the section shows; `layouts` are the types for which a page of accounts was arranged, with their names."""

    title: str
    rule: str
    together: list[Together]
    lines: list[TreeLine]
    more: list[TreeLine]
    unnamed: int
    broken: list[str]
    layouts: list[tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """Where one relationship stands: what is above it, the lines of these, of itself and of what is below it.

    `together` is what it and all below it come to, health first; None where nothing is below it.
    """

    above: list[TreeLine]
    lines: list[TreeLine]
    more: int
    count_below: int
    together: tuple[Rolled, Rolled] | None
    broken: list[str]


def relationships_part(
    rows: Sequence[Any], rule: RollUp, currency: str | None, arranged: Collection[str] = ()
) -> RelationshipsPart:
    """The section of an account's `RelationshipNow` rows."""
    forest = forest_of(rows)
    lines = tree_lines(forest, rule, currency)
    types = {row.type.lower(): label(row.type) for row in rows}
    return RelationshipsPart(
        title=f"{capital(counted(len(rows), 'relationship'))} with us",
        rule=NAMES[rule],
        together=together(rows, rule),
        lines=lines[:MOST_LINES],
        more=lines[MOST_LINES:MOST_OPENED],
        unnamed=len(lines[MOST_OPENED:]),
        broken=forest.broken,
        layouts=sorted((key, name) for key, name in types.items() if key in arranged),
    )


def place_of(rows: Sequence[Any], crm_id: str, rule: RollUp, currency: str | None) -> Place:
    """Where one of an account's relationships stands among all of them; ValueError where it is not among them."""
    forest = forest_of(rows)
    place = forest.place_of(crm_id)
    if place is None:
        raise ValueError(f"there is no relationship {crm_id!r} among these")
    branch, lines = forest.branches[place], tree_lines(forest, rule, currency)
    up = {each.crm_id for each in forest.above(place)}
    above = [line for line, each in zip(lines, forest.branches, strict=True) if each.item.crm_id in up]
    under = [branch.item, *forest.below(place)]
    figures = rolled_figures(rule, under) if branch.below else None
    return Place(
        above=above,
        lines=[*above, *lines[place : place + 1 + min(branch.below, MOST_OPENED)]],
        more=max(0, branch.below - MOST_OPENED),
        count_below=branch.below,
        together=figures,
        broken=forest.broken,
    )


def together(rows: Sequence[Any], rule: RollUp) -> list[Together]:
    """Health and voice of all relationships by the rule, and their open actions, which add up."""
    health, voice = rolled_figures(rule, rows)
    still_open = sum(sum(row.open_actions.values()) for row in rows)
    actions = Together("Open actions", count(still_open), "about them, added up") if still_open else None
    return [_together("Health", health), _together("Voice", voice), *([actions] if actions else [])]


def below_words(health: Rolled | None, voice: Rolled | None) -> str:
    """What a relationship and all below it come to; empty where nothing is below it, or nothing is known."""
    if health is None or health.value is None:
        return ""
    words = f"With what is below it: health {number(health.value)}, {health.sentence}"
    if voice is not None and voice.value is not None:
        words += f"; voice {number(voice.value)}, {voice.sentence}"
    return words


def tree_lines(forest: Forest[Any], rule: RollUp, currency: str | None) -> list[TreeLine]:
    """Every relationship of the forest as a line, in its order."""
    health = with_below(rule, forest, lambda row: (row.score, row.arr))
    voice = with_below(rule, forest, lambda row: (row.said, row.arr))
    above: list[str] = []
    lines = []
    for place, branch in enumerate(forest.branches):
        above = above[: branch.depth]
        lines.append(_line(branch, currency, above[-1] if above else "", below_words(health[place], voice[place])))
        above.append(named(branch.item))
    return lines


def _line(branch: Branch[Any], currency: str | None, parent: str, below: str) -> TreeLine:
    row = branch.item
    return TreeLine(
        crm_id=row.crm_id,
        name=named(row),
        depth=min(branch.depth, DEEPEST),
        parent=parent,
        health=number(row.score) if row.score is not None else "",
        band=(row.health.band or "none") if row.score is not None else "",
        voice=number(row.said) if row.said is not None else "",
        voice_bar=voice_bar(row.said, None),
        about=_about(row, currency),
        below=below,
    )


def _about(row: Any, currency: str | None) -> str:
    still_open = sum(row.open_actions.values())
    parts = [
        label(row.type) if row.name else "",
        "health not known" if row.score is None else "",
        "not asked" if row.said is None else "",
        f"{money(row.arr, currency)} a year" if row.arr is not None else "",
        name_in_address(row.owner or ""),
        counted(still_open, "open action") if still_open else "",
    ]
    return " · ".join(part for part in parts if part)


def _together(name: str, it: Rolled) -> Together:
    return Together(name, number(it.value) if it.value is not None else "none", it.sentence)
