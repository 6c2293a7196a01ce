"""The relationships of one account as a forest: what stands above what, calm where the CRM contradicts itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from app.core.words import label, listed
from app.relationships.rules.rollup import Part, Rolled, RollUp, rolled

MOST_NAMED = 6
"""Names that a sentence about a cycle tells; the others are counted."""


class Node(Protocol):
    """What a tree is made of."""

    @property
    def crm_id(self) -> str:
        """The CRM's id of it."""
        ...

    @property
    def parent_crm_id(self) -> str | None:
        """The CRM's id of what stands above it."""
        ...

    @property
    def type(self) -> str:
        """Its type."""
        ...

    @property
    def name(self) -> str | None:
        """Its name, where it has one."""
        ...


AnyNode = TypeVar("AnyNode", bound=Node)


@dataclass(frozen=True)
class Branch(Generic[AnyNode]):
    """One relationship in the tree: how deep it stands (0 on top), and how many stand below it at any depth."""

    item: AnyNode
    depth: int
    below: int


@dataclass(frozen=True)
class Forest(Generic[AnyNode]):
    """All relationships, each once: whoever stands below one follows it directly. `broken` tells of each cycle."""

    branches: list[Branch[AnyNode]]
    broken: list[str] = field(default_factory=list)

    def below(self, place: int) -> list[AnyNode]:
        """What stands below the branch at a place, at any depth, each once."""
        return [branch.item for branch in self.branches[place + 1 : place + 1 + self.branches[place].below]]

    def children(self, place: int) -> list[AnyNode]:
        """What stands directly below the branch at a place."""
        branch = self.branches[place]
        under = self.branches[place + 1 : place + 1 + branch.below]
        return [each.item for each in under if each.depth == branch.depth + 1]

    def place_of(self, crm_id: str) -> int | None:
        """Where a relationship stands among the branches; None where it is not there."""
        return next((place for place, each in enumerate(self.branches) if each.item.crm_id == crm_id), None)

    def above(self, place: int) -> list[AnyNode]:
        """What stands above the branch at a place, the topmost first."""
        found: list[AnyNode] = []
        depth = self.branches[place].depth
        for branch in reversed(self.branches[:place]):
            if branch.depth < depth:
                found.append(branch.item)
                depth = branch.depth
        return found[::-1]


def forest_of(items: Iterable[AnyNode]) -> Forest[AnyNode]:
    """The relationships of one account as a forest, brothers and sisters by name.

    A parent that is not among them counts as none. Those of a cycle stand side by side on top, each with what else is
    below it, and a sentence names them.
    """
    nodes = {item.crm_id: item for item in items}
    parents = {key: item.parent_crm_id if item.parent_crm_id in nodes else None for key, item in nodes.items()}
    broken = [_told([nodes[key] for key in cycle]) for cycle in cycles_of(parents)]
    for cycle in cycles_of(parents):
        parents.update(dict.fromkeys(cycle))
    children: defaultdict[str | None, list[AnyNode]] = defaultdict(list)
    for item in sorted(nodes.values(), key=_order, reverse=True):
        children[parents[item.crm_id]].append(item)
    return Forest(_walked(children), broken)


def cycles_of(parents: dict[str, str | None]) -> list[list[str]]:
    """The keys that stand above each other, one list for each cycle, in the order of the keys."""
    state: dict[str, int] = {}
    found: list[list[str]] = []
    for number, start in enumerate(sorted(parents)):
        key: str | None = start
        path: list[str] = []
        while key is not None and key not in state:
            state[key] = number
            path.append(key)
            key = parents.get(key)
        # What this walk itself has seen before begins a cycle; what an earlier one saw is known already.
        if key is not None and state[key] == number:
            found.append(sorted(path[path.index(key) :]))
    return found


def with_below(
    rule: RollUp, forest: Forest[AnyNode], part: Callable[[AnyNode], tuple[float | None, Decimal | float | None]]
) -> list[Rolled | None]:
    """Per branch with something below it, the rule over its own figure and all below, each once; None without any."""
    return [
        rolled(rule, [Part(*part(item)) for item in (branch.item, *forest.below(place))]) if branch.below else None
        for place, branch in enumerate(forest.branches)
    ]


def named(item: Node) -> str:
    """What a relationship is called: its name, else its type."""
    return item.name or label(item.type)


def cycle_words(names: Sequence[str]) -> str:
    """That these stand above each other."""
    if len(names) == 1:
        return f"{names[0]} stands above itself"
    told = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return f"{listed(told)} stand above each other"


def _told(cycle: Sequence[Node]) -> str:
    ending = "shown side by side" if len(cycle) > 1 else "shown with nothing above it"
    names = [named(item) if item.name else f"{named(item)} {item.crm_id}" for item in cycle]
    return f"{cycle_words(names)}: {ending} until the CRM says which is above."


def _walked(children: defaultdict[str | None, list[AnyNode]]) -> list[Branch[AnyNode]]:
    """Every branch before what is below it. A stack instead of recursion: a chain may be as long as it likes."""
    order: list[tuple[AnyNode, int]] = []
    stack = [(item, 0) for item in children[None]]
    while stack:
        item, depth = stack.pop()
        order.append((item, depth))
        stack.extend((child, depth + 1) for child in children.get(item.crm_id, ()))
    below = [0] * len(order)
    open_: list[int] = []
    for place, (_, depth) in enumerate(order):
        while open_ and order[open_[-1]][1] >= depth:
            _close(open_, below)
        open_.append(place)
    while open_:
        _close(open_, below)
    return [Branch(item, depth, n) for (item, depth), n in zip(order, below, strict=True)]


def _close(open_: list[int], below: list[int]) -> None:
    done = open_.pop()
    if open_:
        below[open_[-1]] += below[done] + 1


def _order(item: Node) -> tuple[str, str]:
    return named(item).casefold(), item.crm_id
