"""A list of what moved between two days, as an address asks for it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ALL = "all"
"""The value by which a list leaves nobody out, which an address need not say."""


@dataclass(frozen=True)
class Between:
    """What a list of moves is asked for; `ignored` says in words what of the address could not be read."""

    before: date
    after: date
    segment: str = ""
    owner: str = ""
    show: StrEnum | str = ALL
    ignored: tuple[str, ...] = ()

    def address(self, **changed: str) -> dict[str, str]:
        """The values behind the question mark for the same list with something changed; what is empty is left out."""
        values = {
            "from": self.before.isoformat(),
            "to": self.after.isoformat(),
            "segment": self.segment,
            "owner": self.owner,
            "show": "" if self.show == ALL else str(self.show),
        }
        return {name: value for name, value in {**values, **changed}.items() if value}


def in_order(before: date, after: date, ignored: list[str]) -> tuple[date, date]:
    """The two days, the earlier one first; that they were turned round is named."""
    if before > after:
        ignored.append("The first day was after the second; the two are read the other way round.")
    return min(before, after), max(before, after)
