"""Long lists in pages."""

import re
from dataclasses import dataclass

_PAGE = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Paging:
    """Where one page of a list lies; a page behind the last one is the last."""

    total: int
    rows: int
    asked: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // self.rows), 1)

    @property
    def page(self) -> int:
        """The page shown, from 1."""
        return min(self.asked, self.pages)

    @property
    def first(self) -> int:
        """The position of its first row, from 0."""
        return (self.page - 1) * self.rows

    @property
    def last(self) -> int:
        """The position behind its last row."""
        return min(self.first + self.rows, self.total)


def page_asked(text: str | None) -> int:
    """Return the number of the page that an address asks for; 1 for anything that is none."""
    return int(text) if text and _PAGE.fullmatch(text) else 1
