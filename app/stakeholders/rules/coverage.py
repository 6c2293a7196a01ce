"""How well an account is known: its seats, who fills them, and who of them was heard.

Footprint is Σ min(identified, wanted) ÷ Σ wanted, reach is Σ min(heard, wanted) ÷ Σ wanted, both over the seats of the
account's tier. Nobody beyond what a seat wants counts, so that eight power users never stand in for a missing champion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.stakeholders.rules.templates import Seat


class Hearing(StrEnum):
    """What we have from a person: an answer, silence after they were asked, or nothing because nobody asked."""

    HEARD = "heard"
    SILENT = "silent"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Tally:
    """How many people of a role are known, and how many of them were heard, and are silent."""

    known: int = 0
    heard: int = 0
    silent: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.known + other.known, self.heard + other.heard, self.silent + other.silent)


@dataclass(frozen=True)
class Filled:
    """One seat with those who fill it."""

    seat: Seat
    tally: Tally

    @property
    def identified(self) -> int:
        """How many of the wanted people are known."""
        return min(self.tally.known, self.seat.wanted)

    @property
    def heard(self) -> int:
        """How many of the wanted people were heard."""
        return min(self.tally.heard, self.seat.wanted)

    @property
    def missing(self) -> int:
        """How many names are missing."""
        return self.seat.wanted - self.identified


@dataclass(frozen=True)
class Coverage:
    """All seats of an account."""

    seats: tuple[Filled, ...]

    @property
    def wanted(self) -> int:
        """How many people are wanted."""
        return sum(each.seat.wanted for each in self.seats)

    @property
    def identified(self) -> int:
        """How many of them are known."""
        return sum(each.identified for each in self.seats)

    @property
    def heard(self) -> int:
        """How many of them were heard."""
        return sum(each.heard for each in self.seats)

    @property
    def missing(self) -> tuple[Filled, ...]:
        """The seats that lack names."""
        return tuple(each for each in self.seats if each.missing)

    @property
    def footprint(self) -> float:
        """The share of the wanted people who are known, 0 to 1."""
        return footprint([(each.tally.known, each.seat.wanted) for each in self.seats])

    @property
    def reach(self) -> float:
        """The share of the wanted people who were heard, 0 to 1."""
        return footprint([(each.tally.heard, each.seat.wanted) for each in self.seats])


def footprint(seats: Sequence[tuple[int, int]]) -> float:
    """Σ min(there, wanted) ÷ Σ wanted over (there, wanted), 0 to 1; 0 where nobody is wanted."""
    wanted = sum(each for _, each in seats)
    return sum(min(there, each) for there, each in seats) / wanted if wanted else 0.0


def coverage(seats: Sequence[Seat], tallies: Mapping[str, Tally]) -> Coverage:
    """The seats of an account, filled by how many people of each role (by its key) are there."""
    return Coverage(
        tuple(Filled(seat, sum((tallies.get(role, Tally()) for role in seat.keys), Tally())) for seat in seats)
    )
