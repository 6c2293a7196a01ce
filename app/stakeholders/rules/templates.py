"""Whom an account should have: the seats of its tier, and how people write them down."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.errors import Refusal
from app.core.words import in_words, label, plural

MOST_SEATS = 12
MOST_WANTED = 99
LONGEST_ROLE = 80

_LINE = re.compile(r"(\d{1,9})\s*(?:[x×]\s+)?(.+)", re.IGNORECASE)
_OR = re.compile(r"\s+or(?:\s+|$)|\s*[/|]\s*", re.IGNORECASE)
_APART = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Seat:
    """So many people are wanted of any of these roles."""

    roles: tuple[str, ...]
    wanted: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The roles as they are compared."""
        return tuple(role_key(role) for role in self.roles)

    @property
    def name(self) -> str:
        """The roles as people read them."""
        said = [role_words(role, self.wanted) for role in self.roles]
        return " or ".join([label(said[0]), *said[1:]])

    @property
    def words(self) -> str:
        """The seat as `read_seats` reads it."""
        return f"{self.wanted} {' or '.join(role_words(role, self.wanted) for role in self.roles)}"


def role_key(role: str | None) -> str:
    """A role as it is compared: “Power Users”, “power-user” and `power_user` are one; blank where there is none."""
    key = _plain(role).removesuffix("_person").removesuffix("_people")
    return key.removesuffix("s") if len(key) > 3 and not key.endswith("ss") else key


def role_words(role: str, number: int) -> str:
    """A role for so many people: “power users”, “technical person”."""
    words = role.replace("_", " ")
    if words.endswith("s") and number > 1:
        return words
    is_person = not words.endswith("s") and words != "technical"
    return plural(number, words) if is_person else f"{words} {plural(number, 'person')}"


def _plain(role: str | None) -> str:
    return _APART.sub("_", unicodedata.normalize("NFKC", role or "").casefold()).strip("_")


def tier_key(tier: str | None) -> str:
    """A tier as it is compared: “Tier 2” and “2” are the same; blank where there is none."""
    return role_key(tier).removeprefix("tier_")


def _seats(*wanted: tuple[str, int]) -> tuple[Seat, ...]:
    return tuple(Seat(tuple(roles.split("|")), number) for roles, number in wanted)


_ONE_EACH = (("decision_maker|budget_holder", 1), ("champion", 1), ("admin", 1))
_BESIDE = (("technical", 1), ("operations", 1))
OTHERS = ""
BUILT_IN: Mapping[str, tuple[Seat, ...]] = {
    "1": _seats(("decision_maker|budget_holder", 2), ("champion", 2), ("admin", 1), ("power_user", 8), *_BESIDE),
    "2": _seats(*_ONE_EACH, ("power_user", 5), *_BESIDE),
    "3": _seats(("decision_maker|budget_holder", 1), ("champion", 1), ("power_user", 1)),
    OTHERS: _seats(*_ONE_EACH, ("power_user", 2)),
}
"""What holds by the key of the tier until a workspace writes its own; `OTHERS` for every other tier."""


def seats_of(tier: str | None, own: Mapping[str, tuple[Seat, ...]]) -> tuple[Seat, ...]:
    """The seats of an account's tier: the workspace's own, ours, or those of all other accounts."""
    key = tier_key(tier)
    known = {**BUILT_IN, **own}
    return known.get(key) or known[OTHERS]


def read_seats(text: str) -> tuple[Seat, ...]:
    """The seats that were written down, one a line, as “1 decision maker or budget holder”; Refusal names the line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal("Write at least one line, such as “1 champion”.", "seats")
    if len(lines) > MOST_SEATS:
        raise Refusal(f"Write at most {in_words(MOST_SEATS)} lines; this is a plan for one account.", "seats")
    seats = tuple(_read(line) for line in lines)
    roles = [role for seat in seats for role in seat.keys]
    if doubled := next((role for role in roles if roles.count(role) > 1), None):
        raise Refusal(f"“{label(doubled)}” stands in two places; a person can fill only one of them.", "seats")
    return seats


def same(seats: Sequence[Seat] | None, others: Sequence[Seat] | None) -> bool:
    """Whether two templates want the same, however the roles are written."""
    return [(each.keys, each.wanted) for each in seats or ()] == [(each.keys, each.wanted) for each in others or ()]


def written(seats: Sequence[Seat]) -> str:
    """The seats one a line, as `read_seats` reads them."""
    return "\n".join(seat.words for seat in seats)


def stored(seats: Sequence[Seat]) -> list[dict[str, Any]]:
    """The seats as a plain document."""
    return [{"roles": list(seat.roles), "wanted": seat.wanted} for seat in seats]


def restored(document: Sequence[Mapping[str, Any]]) -> tuple[Seat, ...]:
    """The seats of a plain document."""
    return tuple(Seat(tuple(each["roles"]), each["wanted"]) for each in document)


@dataclass(frozen=True)
class TemplateLine:
    """The template of one tier: how the tier is written, for how many accounts it holds, and its seats as text."""

    tier: str
    key: str
    accounts: int
    text: str
    rows: int
    is_own: bool
    is_others: bool = False


def template_lines(tiers: Sequence[tuple[str | None, int]], own: Mapping[str, tuple[Seat, ...]]) -> list[TemplateLine]:
    """Every tier that accounts have or that somebody wrote a template for, then all other accounts."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for tier, number in tiers:
        key = tier_key(tier)
        names.setdefault(key, (tier or "").strip())
        counts[key] = counts.get(key, 0) + number
    keys = sorted({*counts, *own, *BUILT_IN} - {OTHERS})
    return [*(_line(key, names.get(key, ""), counts, own) for key in keys), _line(OTHERS, "", counts, own)]


def _line(key: str, name: str, counts: Mapping[str, int], own: Mapping[str, tuple[Seat, ...]]) -> TemplateLine:
    text = written(seats_of(key, own))
    tier = name or (f"Tier {key}" if key.isdigit() else label(key))
    return TemplateLine(
        tier, key, counts.get(key, 0), text, text.count("\n") + 2, is_own=key in own, is_others=key == OTHERS
    )


def _read(line: str) -> Seat:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Refusal(f"“{line[:60]}”: begin with how many are wanted, as in “5 power users”.", "seats")
    wanted = int(found[1])
    if not 1 <= wanted <= MOST_WANTED:
        raise Refusal(f"“{line[:60]}”: write a number from 1 to {MOST_WANTED}.", "seats")
    roles = tuple(_plain(part) for part in _OR.split(found[2]))
    if not all(roles) or any(len(role) > LONGEST_ROLE for role in roles):
        raise Refusal(f"“{line[:60]}”: name one role, or several with “or” between them.", "seats")
    return Seat(roles, wanted)
