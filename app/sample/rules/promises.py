"""What the sample accounts were promised, until when, and how much of it has arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.stories import Story
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "promise_id", "account_id", "source", "aspect", "text", "promised_on", "due_on", "amount", "quantity", "unit",
    "delivered_on", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Promised:
    """Who promised what; `amount` is money a year, `quantity` a count of a `unit`; neither is not counted."""

    source: str
    aspect: str
    text: str
    amount: int = 0
    quantity: int = 0
    unit: str = ""
    shown: str = ""


_WEEKS = Promised(
    "sales", "economic", "Planning a week takes half the hours of today.", 40_000, shown="Time sheets of the planners"
)
_OVERTIME = Promised(
    "sales", "economic", "Overtime falls by a tenth within the first year.", 60_000, shown="Payroll report"
)
_SUNDAYS = Promised(
    "marketing", "emotional", "Shift leaders stop worrying on Sunday evenings.", shown="A word of the shift leaders"
)
_LEDGER = Promised(
    "product", "economic", "One click hands the month's figures to the ledger.", 15_000, shown="Release note"
)
_TYPING = Promised(
    "product", "emotional", "Nobody has to type the same thing twice.", 0, 240, "hours", "Shown at the yearly review"
)
_TABLE = Promised("customer_success", "community", "A seat at the round table of customers.", shown="List of members")
_SITES = Promised(
    "customer_success", "economic", "All sites work with it before the season begins.", 25_000, shown="Roll-out plan"
)
_EVENINGS = Promised(
    "marketing", "community", "Four evenings a year with planners of other companies.", 0, 4, "evenings"
)
_PROMISES = (_WEEKS, _OVERTIME, _SUNDAYS, _LEDGER, _TYPING, _TABLE, _SITES)

SHOWN: Sequence[tuple[Promised, int, int | None]] = (
    (_WEEKS, -430, -240),
    (_OVERTIME, -300, -21),
    (_SITES, -260, -60),
    (_TYPING, -350, -120),
    (_SUNDAYS, -200, 45),
    (_EVENINGS, -330, -30),
    (_TABLE, -170, 90),
)
"""What the account that people look at was promised, and on which days from today; `rules/ledgers` says what became
of each: of every kind of value something has arrived and something is owed."""


def looked_at(accounts: Sequence[Profile]) -> str:
    """The account of which everything is on record: the largest, which says that promises were not kept."""
    known = showcase(accounts)
    return next(each.account_id for each in accounts if each.account_id in known and each.story is Story.PROMISE_UNKEPT)


def promises_table(accounts: tuple[Profile, ...], seed: int, today: date) -> Table:
    """One to three promises for about half of the accounts; happier ones have received more of them."""
    shown = looked_at(accounts)
    rows = [
        row
        for profile in accounts
        for row in (_all_of(profile, today) if profile.account_id == shown else _promises(profile, seed, today))
    ]
    return Table(HEADER, tuple(rows))


def promise_key(account_id: str, number: int) -> str:
    """The id of an account's promise of this number."""
    return f"{account_id.replace('A-', 'W-')}-{number}"


def _all_of(profile: Profile, today: date) -> list[tuple[str, ...]]:
    return [
        _row(profile, number, promised, made_on=today + timedelta(days=made), due_on=_after(today, due), delivered="")
        for number, (promised, made, due) in enumerate(SHOWN, start=1)
    ]


def _promises(profile: Profile, seed: int, today: date) -> list[tuple[str, ...]]:
    chance = stream(seed, "promises", profile.account_id)
    if chance.random() < 0.5:
        return []
    chosen = chance.sample(_PROMISES, chance.randint(1, 3))
    dues = stream(seed, "promise dues", profile.account_id)
    rows = []
    for number, promised in enumerate(chosen, start=1):
        kept = chance.random() < profile.voice / 100
        made_on = today - timedelta(days=chance.randint(200, 700))
        due_on = made_on + timedelta(days=dues.randint(120, 240)) if kept else _owed_until(made_on, today, dues)
        delivered = (made_on + timedelta(days=150)).isoformat() if kept else ""
        rows.append(_row(profile, number, promised, made_on=made_on, due_on=due_on, delivered=delivered))
    return rows


def _owed_until(made_on: date, today: date, dues: Random) -> date | None:
    """Of what is still owed some has no day, some is past it, most is on its way."""
    odds = dues.random()
    if odds < 0.2:
        return None
    past = today - timedelta(days=dues.randint(4, 80))
    return max(past, made_on) if odds < 0.5 else today + timedelta(days=dues.randint(10, 220))


def _after(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _row(
    profile: Profile, number: int, it: Promised, *, made_on: date, due_on: date | None, delivered: str
) -> tuple[str, ...]:
    return (
        promise_key(profile.account_id, number),
        profile.account_id,
        it.source,
        it.aspect,
        it.text,
        made_on.isoformat(),
        due_on.isoformat() if due_on else "",
        str(it.amount or ""),
        str(it.quantity or ""),
        it.unit,
        delivered,
        it.shown if delivered else "",
    )
