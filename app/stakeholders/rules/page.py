"""The pages of stakeholders as finished values; templates only place them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.display import count, money, percent
from app.core.words import capital, label, listed
from app.stakeholders.rules.coverage import Coverage, Filled, Hearing, Tally, coverage
from app.stakeholders.rules.letters import missing_words
from app.stakeholders.rules.templates import Seat, role_key

HEARING = {Hearing.HEARD: "heard", Hearing.SILENT: "asked, silent", Hearing.NOT_ASKED: "not asked"}
_ORDER = list(Hearing)


@dataclass(frozen=True)
class PersonLine:
    """Somebody at the account; the name is blank where the reader may not know it."""

    id: int
    name: str
    role: str
    hearing: Hearing
    words: str
    origin: str
    interview_id: int | None


@dataclass(frozen=True)
class SeatLine:
    """One seat: how far it is filled, with its people and the names that are missing."""

    name: str
    role: str
    state: str
    words: str
    missing: int
    people: tuple[PersonLine, ...]


@dataclass(frozen=True)
class MapPage:
    """The map of one account."""

    title: str
    lede: str
    coverage: Coverage
    footprint: str
    reach: str
    seats: tuple[SeatLine, ...]
    others: tuple[PersonLine, ...]


def hearing_of(row: Any) -> Hearing:
    """What we have from a person, by how often they were heard and asked."""
    if row.heard:
        return Hearing.HEARD
    return Hearing.SILENT if row.asked else Hearing.NOT_ASKED


def coverage_of(seats: Sequence[Seat], rows: Sequence[Any]) -> Coverage:
    """The coverage of an account by rows about its people."""
    tallies: dict[str, Tally] = {}
    for row in rows:
        hearing = hearing_of(row)
        one = Tally(1, int(hearing is Hearing.HEARD), int(hearing is Hearing.SILENT))
        tallies[role_key(row.role)] = tallies.get(role_key(row.role), Tally()) + one
    return coverage(seats, tallies)


def map_page(name: str, seats: Sequence[Seat], rows: Sequence[Any]) -> MapPage:
    """The map of an account: its seats, and everybody who fills none of them."""
    found = coverage_of(seats, rows)
    taken = {key for seat in seats for key in seat.keys}
    lines = [(role_key(row.role), _person(row)) for row in rows]
    return MapPage(
        title=_title(name, found),
        lede=_lede(found),
        coverage=found,
        footprint=percent(found.footprint),
        reach=percent(found.reach),
        seats=tuple(_seat(each, [line for key, line in lines if key in each.seat.keys]) for each in found.seats),
        others=tuple(line for key, line in lines if key not in taken),
    )


def summary(found: Coverage) -> str:
    """The coverage of an account in a sentence."""
    missing = missing_words(found.missing)
    known = (
        f"{count(found.identified)} of {count(found.wanted)} people that we want are known, {count(found.heard)} heard"
    )
    return f"{known}. Missing: {missing}." if missing else f"{known}; no name is missing."


def _title(name: str, found: Coverage) -> str:
    missing = found.wanted - found.identified
    if missing:
        return f"{name}: {count(missing)} of {count(found.wanted)} names missing"
    unheard = found.wanted - found.heard
    if unheard:
        return f"{name}: every seat has a name, {count(unheard)} of {count(found.wanted)} not heard yet"
    return f"{name}: everybody we want to hear was heard"


def _lede(found: Coverage) -> str:
    empty = [each.seat.name.lower() for each in found.seats if not each.identified]
    return f"Nobody is known as {listed(empty)}." if empty else "Every role has at least one name."


def _seat(filled: Filled, people: Sequence[PersonLine]) -> SeatLine:
    known, wanted = filled.tally.known, filled.seat.wanted
    state = "filled" if not filled.missing else "partly" if known else "empty"
    words = f"{count(known)} of {count(wanted)} known, {count(filled.tally.heard)} heard"
    if filled.tally.silent:
        words += f", {count(filled.tally.silent)} silent"
    ranked = sorted(people, key=lambda line: _ORDER.index(line.hearing))
    return SeatLine(filled.seat.name, filled.seat.roles[0], state, words, filled.missing, tuple(ranked))


def _person(row: Any) -> PersonLine:
    hearing = hearing_of(row)
    origin = ""
    if row.is_referred:
        origin = f"named by {row.referrer}" if row.referrer else "added by hand"
        origin += " in an interview" if row.interview_id else ""
    return PersonLine(
        row.id,
        row.name,
        label(row.role) if row.role else "Role not known",
        hearing,
        "consent is no" if row.consent == "no" else HEARING[hearing],
        origin,
        row.interview_id,
    )


class Sort(StrEnum):
    """How the accounts of a study are ordered."""

    MISSING = "missing"
    FOOTPRINT = "footprint"
    REACH = "reach"
    REVENUE = "revenue"
    NAME = "name"


SORTS = {
    Sort.MISSING: "Most names missing",
    Sort.FOOTPRINT: "Smallest footprint",
    Sort.REACH: "Smallest reach",
    Sort.REVENUE: "Largest revenue",
    Sort.NAME: "Name",
}


@dataclass(frozen=True)
class AccountLine:
    """An account of a study: who is missing there."""

    crm_id: str
    name: str
    tier: str
    arr: str
    footprint: str
    reach: str
    missing: str
    silent: str


def sort_of(raw: str) -> Sort:
    """The order that an address asks for."""
    return Sort(raw) if raw in list(Sort) else Sort.MISSING


def account_lines(
    rows: Sequence[Any], coverages: Mapping[int, Coverage], *, sort: Sort, currency: str | None
) -> list[AccountLine]:
    """The accounts of a study in this order."""
    keys: dict[Sort, Any] = {
        Sort.MISSING: lambda row: coverages[row.id].identified - coverages[row.id].wanted,
        Sort.FOOTPRINT: lambda row: coverages[row.id].footprint,
        Sort.REACH: lambda row: coverages[row.id].reach,
        Sort.REVENUE: lambda row: -(row.arr or 0),
        Sort.NAME: lambda row: row.name.casefold(),
    }
    ordered = sorted(rows, key=lambda row: (keys[sort](row), -(row.arr or 0), row.name.casefold(), row.id))
    return [_account(row, coverages[row.id], currency) for row in ordered]


def study_title(coverages: Sequence[Coverage]) -> str:
    """How many accounts of a study lack names, as the title of the page."""
    lacking = sum(bool(found.missing) for found in coverages)
    if not coverages:
        return "No account was drawn yet"
    if not lacking:
        return f"All {count(len(coverages))} accounts have the names that we want"
    return f"Names are missing at {count(lacking)} of {count(len(coverages))} accounts"


def _account(row: Any, found: Coverage, currency: str | None) -> AccountLine:
    silent = [each for each in found.seats if each.tally.silent and not each.tally.heard]
    return AccountLine(
        crm_id=row.crm_id,
        name=row.name,
        tier=row.tier or "no tier",
        arr=money(row.arr, row.currency or currency),
        footprint=percent(found.footprint),
        reach=percent(found.reach),
        missing=capital(missing_words(found.missing)) or "Nobody",
        silent=capital(listed([each.seat.name.lower() for each in silent])) or "Nobody",
    )
