"""The matrix of people and topics: what was said counts half after each half-life, and is put together as means."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.errors import Refusal
from app.pulse.rules.words import read_reason

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Cell:
    """What somebody thinks of one topic with one person, 1 to 5, on a day."""

    contact_id: int
    dimension: str
    value: int
    on: date


@dataclass(frozen=True)
class Mean:
    """Cells put together: their weighted mean (None where there is none), how many, and the day of the oldest."""

    value: float | None
    n: int
    oldest: date | None


@dataclass(frozen=True)
class Means:
    """The means of a matrix: of each topic, of each person, and of the whole."""

    by_dimension: Mapping[str, Mean]
    by_contact: Mapping[int, Mean]
    whole: Mean


@dataclass(frozen=True)
class Typed:
    """One cell as a form sends it: what stands in it, and the id of the row that the form showed there."""

    contact_id: int
    dimension: str
    value: str
    reason: str
    seen_id: str = ""

    @property
    def name(self) -> str:
        """The name of the cell in the form."""
        return f"{self.contact_id}-{self.dimension}"

    @property
    def seen(self) -> int:
        """The id of the row that was seen; 0, which no row has, where there was none."""
        raw = self.seen_id
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def weight(age_days: int, half_life_days: int) -> float:
    """How much a cell counts: 0.5 to the power of age / half-life (exponential decay); from the future as today."""
    return float(0.5 ** (max(age_days, 0) / half_life_days))


def mean_of(cells: Sequence[Cell], on: date, half_life_days: int) -> Mean:
    """The weighted mean Σ w·v / Σ w of cells, w by age and half-life; None where there are none.

    Ages are taken from the newest cell, which changes no ratio of weights, so that very old cells do not vanish.
    """
    if not cells:
        return Mean(None, 0, None)
    newest = min(max(cell.on for cell in cells), on)
    weights = [weight((newest - cell.on).days, half_life_days) for cell in cells]
    total = sum(share * cell.value for share, cell in zip(weights, cells, strict=True))
    return Mean(total / sum(weights), len(cells), min(cell.on for cell in cells))


def means_of(cells: Sequence[Cell], on: date, half_life_days: int) -> Means:
    """The means of the newest cells of a matrix by topic, by person and as a whole."""

    def grouped(key: Callable[[Cell], Hashable]) -> dict[Any, Mean]:
        groups: dict[Hashable, list[Cell]] = {}
        for cell in cells:
            groups.setdefault(key(cell), []).append(cell)
        return {name: mean_of(group, on, half_life_days) for name, group in groups.items()}

    return Means(
        grouped(lambda cell: cell.dimension), grouped(lambda cell: cell.contact_id), mean_of(cells, on, half_life_days)
    )


ALL_OF = "person-"
"""How a form that confirms each cell of a person begins its value; the person's number follows."""


def is_confirmed(cell: Typed, still: str) -> bool:
    """Whether the button that was pressed says of a cell, or of all of its person, that it still holds."""
    return still in {cell.name, f"{ALL_OF}{cell.contact_id}"}


def read_cells(typed: Sequence[Typed]) -> tuple[list[tuple[Typed, int, str]], dict[str, str]]:
    """The cells that say something (with number and reason), and sentences by the name of the cell at fault."""
    said, faults = [], {}
    for cell in typed:
        if not cell.value and not cell.reason.strip():
            continue
        try:
            said.append((cell, _number(cell), read_reason(cell.reason, cell.name)))
        except Refusal as refusal:
            faults[cell.name] = refusal.sentence
    return said, faults


def _number(cell: Typed) -> int:
    if cell.value not in {"1", "2", "3", "4", "5"}:
        raise Refusal("Choose a number from 1 to 5 beside the reason.", cell.name)
    return int(cell.value)
