"""What the list of accounts is asked for, read from an address and written to one: search, filters, sorting, page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

PAGE_ROWS = 14
LONGEST_SEARCH = 200
RENEWAL_DAYS = 90

_PAGE = re.compile(r"[1-9][0-9]{0,8}")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Match(StrEnum):
    """Where in a name the searched words stand."""

    CONTAINS = "contains"
    STARTS = "starts"


class By(StrEnum):
    """What is searched: the words of customers, or those of what they have with us."""

    CUSTOMER = "customer"
    RELATIONSHIP = "relationship"


class Show(StrEnum):
    """Which accounts a filter shows."""

    ALL = "all"
    HEARD = "heard"
    HIDDEN_RISK = "hidden_risk"
    HIDDEN_STRENGTH = "hidden_strength"
    RENEWS = "renews"
    SILENT = "silent"
    MINE = "mine"


class Sort(StrEnum):
    """The columns that the list can be sorted by."""

    ACCOUNT = "account"
    ARR = "arr"
    RENEWAL = "renewal"
    HEALTH = "health"
    VOICE = "voice"
    GAP = "gap"


class Order(StrEnum):
    """Which end of a column comes first."""

    RISING = "asc"
    FALLING = "desc"


FIRST_ORDER = dict.fromkeys(Sort, Order.RISING) | {Sort.ARR: Order.FALLING}
"""The order in which a column is sorted first: money from the top, scores and gaps from the worst."""

FILTERS = {
    Show.ALL: "All",
    Show.HEARD: "Heard",
    Show.HIDDEN_RISK: "Hidden risk",
    Show.HIDDEN_STRENGTH: "Hidden strength",
    Show.RENEWS: f"Renews within {RENEWAL_DAYS} days",
    Show.SILENT: "Silent",
    Show.MINE: "Mine",
}


@dataclass(frozen=True)
class Asked:
    """What the list shall show; `ignored` says in words what of the address could not be read."""

    words: str = ""
    match: Match = Match.CONTAINS
    by: By = By.CUSTOMER
    show: Show = Show.ALL
    segment: str = ""
    owner: str = ""
    sort: Sort = Sort.ARR
    order: Order = Order.FALLING
    page: int = 1
    ignored: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether search or a choice leave out accounts before the filters do."""
        return bool(self.words or self.segment or self.owner)

    def address(self, **changed: str | int) -> dict[str, str | int]:
        """The values behind the question mark for the same list with something changed; defaults are left out."""
        plain = Asked()
        values: dict[str, str | int] = {
            "q": self.words,
            "match": self.match.value,
            "by": self.by.value,
            "show": self.show.value,
            "segment": self.segment,
            "owner": self.owner,
            "sort": self.sort.value,
            "order": self.order.value,
            **changed,
        }
        defaults: dict[str, str | int] = {
            "q": "",
            "match": plain.match.value,
            "by": plain.by.value,
            "show": plain.show.value,
            "page": 1,
        }
        kept = {name: value for name, value in values.items() if value != defaults.get(name, "")}
        if (kept.get("sort"), kept.get("order")) == (plain.sort.value, plain.order.value):
            del kept["sort"], kept["order"]
        return kept

    def sorted_by(self, sort: Sort) -> dict[str, str | int]:
        """The address of the list sorted by a column: in its first order, or the other way where it is so already."""
        order = FIRST_ORDER[sort]
        if sort is self.sort and order is self.order:
            order = Order.RISING if order is Order.FALLING else Order.FALLING
        return self.address(sort=sort.value, order=order.value)

    def aria_sort(self, sort: Sort) -> str | None:
        """How a column is sorted, as ARIA says it; None for the others."""
        if sort is not self.sort:
            return None
        return "ascending" if self.order is Order.RISING else "descending"


def asked(values: Mapping[str, str]) -> Asked:
    """What an address asks for; what it asks for wrongly falls back to the default and is named in `ignored`."""
    ignored: list[str] = []
    words = " ".join(values.get("q", "").split())
    if len(words) > LONGEST_SEARCH:
        words = words[:LONGEST_SEARCH].rstrip()
        ignored.append(f"The search was cut to its first {LONGEST_SEARCH} characters.")
    sort = _chosen(Sort, values, "sort", Sort.ARR, ignored)
    return Asked(
        words=words,
        match=_chosen(Match, values, "match", Match.CONTAINS, ignored),
        by=_chosen(By, values, "by", By.CUSTOMER, ignored),
        show=_chosen(Show, values, "show", Show.ALL, ignored),
        segment=values.get("segment", "")[:LONGEST_SEARCH],
        owner=values.get("owner", "")[:LONGEST_SEARCH].lower(),
        sort=sort,
        order=_chosen(Order, values, "order", FIRST_ORDER[sort], ignored),
        page=_page(values.get("page", ""), ignored),
        ignored=tuple(ignored),
    )


def last_page(total: int) -> int:
    """The number of the last page of so many accounts; the first where there are none."""
    return max(1, -(-total // PAGE_ROWS))


def _chosen(
    kind: type[_Choice], values: Mapping[str, str], name: str, otherwise: _Choice, ignored: list[str]
) -> _Choice:
    wanted = values.get(name, "")
    if wanted in list(kind):
        return kind(wanted)
    if wanted:
        ignored.append(f"“{wanted[:40]}” is not a known value of “{name}” and was left out.")
    return otherwise


def _page(wanted: str, ignored: list[str]) -> int:
    if _PAGE.fullmatch(wanted):
        return int(wanted)
    if wanted:
        ignored.append(f"“{wanted[:40]}” is not a page; this is the first.")
    return 1
