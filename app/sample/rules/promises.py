"""What the sample accounts were promised, and how much of it has arrived."""

from datetime import date, timedelta

from app.sample.rules.profiles import Profile
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = ("promise_id", "account_id", "source", "aspect", "text", "promised_on", "amount", "delivered_on", "evidence")
_PROMISES = (
    (
        "sales",
        "economic",
        "Planning a week takes half the hours of today.",
        40,
        "Time sheets of the planners",
    ),
    ("sales", "economic", "Overtime falls by a tenth within the first year.", 60, "Payroll report"),
    ("marketing", "emotional", "Shift leaders stop worrying on Sunday evenings.", 0, "A word of the shift leaders"),
    ("product", "economic", "One click hands the month's figures to the ledger.", 15, "Release note"),
    ("product", "emotional", "Nobody has to type the same thing twice.", 0, "Shown at the yearly review"),
    ("customer_success", "community", "A seat at the round table of customers.", 0, "List of members"),
    ("customer_success", "economic", "All sites work with it before the season begins.", 25, "Roll-out plan"),
)
"""Source, aspect, words, thousands a year, and what shows that it has been kept."""


def promises_table(accounts: tuple[Profile, ...], seed: int, today: date) -> Table:
    """One to three promises for about half of the accounts; happier ones have received more of them."""
    return Table(HEADER, tuple(row for profile in accounts for row in _promises(profile, seed, today)))


def _promises(profile: Profile, seed: int, today: date) -> list[tuple[str, ...]]:
    chance = stream(seed, "promises", profile.account_id)
    if chance.random() < 0.5:
        return []
    chosen = chance.sample(_PROMISES, chance.randint(1, 3))
    key = profile.account_id.replace("A-", "W-")
    return [
        (f"{key}-{number}", profile.account_id, *_row(promise, today - timedelta(days=chance.randint(200, 700)), kept))
        for number, promise in enumerate(chosen, start=1)
        for kept in (chance.random() < profile.voice / 100,)
    ]


def _row(promise: tuple[str, str, str, int, str], made_on: date, kept: bool) -> tuple[str, ...]:
    source, aspect, words, thousands, shown = promise
    amount = str(thousands * 1000) if thousands else ""
    delivered = (made_on + timedelta(days=150)).isoformat() if kept else ""
    return (source, aspect, words, made_on.isoformat(), amount, delivered, shown if kept else "")
