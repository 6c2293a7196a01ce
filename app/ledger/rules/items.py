"""What has become of promises: how much of each arrived, its three flags, and how much is realised, over time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.core.display import figure, money_full
from app.core.words import counted, plural
from app.ledger.rules.typed import Side, Value

ZERO = Decimal(0)
MONTHS_SHOWN = 12


class Word(StrEnum):
    """What a customer says when asked whether a promise has reached them."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, order=True)
class Unit:
    """In what something is counted: a currency, or things of one name; one is never added to another."""

    is_money: bool
    name: str

    def words(self, value: Decimal) -> str:
        """An amount in this unit, in full."""
        return money_full(value, self.name or None) if self.is_money else f"{figure(value)} {self.name}"


@dataclass(frozen=True)
class Measure:
    """How much of something."""

    value: Decimal
    unit: Unit


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a promise, as it is on record."""

    id: int
    side: Side
    source: str
    on: date
    measure: Measure | None
    completes: bool
    evidence: str | None
    recorded_at: datetime
    who: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None

    @property
    def stands(self) -> bool:
        """Whether nobody has withdrawn it."""
        return self.withdrawn_at is None


@dataclass(frozen=True)
class Answer:
    """What one person of the customer said of a promise, in which submitted response."""

    said: Word
    at: datetime
    response_id: int
    role: str
    name: str | None
    study_key: str | None
    external_id: str | None


@dataclass(frozen=True)
class Item:
    """A promise with all that is known of it; its answers the newest first."""

    id: int
    text: str
    aspect: str
    source: str
    since: date
    promised_on: date | None
    due_on: date | None
    promised: Measure | None
    delivered_on: date | None
    evidence: str | None
    entries: tuple[Entry, ...]
    answers: tuple[Answer, ...]

    def standing(self, side: Side) -> list[Entry]:
        """Its entries of one side that nobody has withdrawn."""
        return [each for each in self.entries if each.side is side and each.stands]


@dataclass(frozen=True)
class Flags:
    """When a promise was delivered and the customer told of it, and the answer by which they acknowledged it."""

    delivered: date | None
    told: date | None
    acknowledged: Answer | None


@dataclass(frozen=True)
class Realised:
    """Of promises in one unit, how much is delivered in per cent; None with a sentence where that cannot be said."""

    unit: Unit
    n: int
    promised: Decimal
    delivered: Decimal
    percent: float | None
    sentence: str


def measure_of(value: Value, currency: str | None) -> Measure | None:
    """What can be counted, with its unit; `currency` is the account's, for amounts that name none."""
    if value.amount is not None:
        return Measure(value.amount, Unit(is_money=True, name=value.currency or currency or ""))
    if value.quantity is not None and value.unit:
        return Measure(value.quantity, Unit(is_money=False, name=value.unit.lower()))
    return None


def flags_of(item: Item, today: date) -> Flags:
    """The three flags of a promise.

    Delivered and told are ours to say. Acknowledged is what the customer's newest answer says, when it is yes; a day
    that is still to come has not come.
    """
    delivered = item.delivered_on if item.delivered_on and item.delivered_on <= today else None
    told = max((each.on for each in item.standing(Side.TOLD) if each.on <= today), default=None)
    newest = item.answers[0] if item.answers else None
    return Flags(delivered, told, newest if newest and newest.said is Word.YES else None)


def delivered_by(item: Item, on: date) -> list[Measure]:
    """What of a promise had arrived by a day, one measure for each unit.

    It is what the entries say. A promise that is delivered without an entry was delivered as it was promised.
    """
    entries = [each for each in item.standing(Side.DELIVERED) if each.measure]
    if not entries:
        is_whole = item.delivered_on is not None and item.delivered_on <= on
        return [item.promised] if is_whole and item.promised else []
    return summed([each.measure for each in entries if each.measure and each.on <= on])


def to_come(item: Item, today: date) -> list[Measure]:
    """What is still to arrive: what entries say, else the rest of what was promised; nothing once delivered."""
    if flags_of(item, today).delivered:
        return []
    told = [each.measure for each in item.standing(Side.TO_COME) if each.measure]
    if told:
        return summed(told)
    if item.promised is None:
        return []
    rest = item.promised.value - _in_unit(delivered_by(item, today), item.promised.unit)
    return [Measure(rest, item.promised.unit)] if rest > 0 else []


def units_of(items: Collection[Item]) -> list[Unit]:
    """In what the promises are counted: money first, then by name."""
    found = {each.promised.unit for each in items if each.promised}
    return sorted(found, key=lambda unit: (not unit.is_money, unit.name))


def realised(items: Sequence[Item], unit: Unit, on: date) -> Realised:
    """How much of what was promised in a unit until a day had arrived by it: 100·Σdelivered/Σpromised, a ratio of sums.

    Over promises with a value in that unit, the open ones with what has come of them; None where nothing was promised
    in it, or nothing but zero.
    """
    among = [each for each in items if each.promised and each.promised.unit == unit and each.since <= on]
    promised = sum((each.promised.value for each in among if each.promised), ZERO)
    delivered = sum((_in_unit(delivered_by(each, on), unit) for each in among), ZERO)
    if promised <= 0:
        why = "Only promises of zero: they have no share." if among else "No promise had a value in it by then."
        return Realised(unit, len(among), promised, delivered, None, why)
    words = f"{unit.words(delivered)} of {unit.words(promised)}, {counted(len(among), 'promise')}"
    more = "; more arrived than was promised" if delivered > promised else ""
    return Realised(unit, len(among), promised, delivered, float(100 * delivered / promised), f"{words}{more}")


def over_time(items: Sequence[Item], unit: Unit, today: date) -> list[tuple[date, Realised]]:
    """How much was realised at the end of each of the last months and today, from the first promise on."""
    first = min((each.since for each in items if each.promised and each.promised.unit == unit), default=today)
    days = [each for each in month_ends(today) if each >= first]
    return [(each, realised(items, unit, each)) for each in (*days, today)]


def month_ends(today: date) -> list[date]:
    """The last days of the months before this one, the oldest first."""
    found, last = [], today.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS_SHOWN):
        found.append(last)
        last = last.replace(day=1) - timedelta(days=1)
    return found[::-1]


def not_counted(items: Sequence[Item]) -> str:
    """How many promises have no value that could be counted, as a sentence; empty where all have one."""
    bare = sum(each.promised is None for each in items)
    return f"{counted(bare, 'promise').capitalize()} {plural(bare, 'has')} no amount and no count." if bare else ""


def _in_unit(measures: Sequence[Measure], unit: Unit) -> Decimal:
    return sum((each.value for each in measures if each.unit == unit), ZERO)


def summed(measures: Sequence[Measure]) -> list[Measure]:
    """Measures added up by unit, never across units: money first."""
    units = sorted({each.unit for each in measures}, key=lambda unit: (not unit.is_money, unit.name))
    return [Measure(_in_unit(measures, unit), unit) for unit in units]
