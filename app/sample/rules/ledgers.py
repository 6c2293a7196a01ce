"""What happened to the promises of the sample: parts that arrived, and what customers were told of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.ledger.rules.typed import Side, TypedEntry
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

_TOLD = (
    "https://files.sample.example/yearly-review",
    "Shown at the yearly review",
    "Mail to the sponsor with the figures",
)
_PARTS = ("https://files.sample.example/roll-out", "Report of the pilot site", "Figures of the first quarter")
TOLD, PARTLY = 0.6, 0.5
"""How many of the kept promises customers were told of, and of how many open ones a part has arrived."""


@dataclass(frozen=True)
class Happened:
    """One entry of the ledger: to which promise, on which day, and what."""

    account_id: str
    promise_id: str
    on: date
    typed: TypedEntry


def happened_to(promises: Table, seed: int, today: date) -> list[Happened]:
    """Entries for about half of the promises of a table: the kept were told of, of the open ones a part has come."""
    found = [_happened(row, stream(seed, "ledger", row["promise_id"]), today) for row in promises.records()]
    return [each for each in found if each is not None]


def _happened(row: dict[str, str], chance: Random, today: date) -> Happened | None:
    if row["delivered_on"]:
        on = min(date.fromisoformat(row["delivered_on"]) + timedelta(days=chance.randint(10, 60)), today)
        typed = _entry(Side.TOLD, on, chance.choice(_TOLD))
        return Happened(row["account_id"], row["promise_id"], on, typed) if chance.random() < TOLD else None
    if not row["amount"] or chance.random() > PARTLY:
        return None
    on = min(date.fromisoformat(row["promised_on"]) + timedelta(days=chance.randint(60, 180)), today)
    amount = str(int(row["amount"]) * chance.randint(2, 7) // 10)
    return Happened(row["account_id"], row["promise_id"], on, _entry(Side.DELIVERED, on, chance.choice(_PARTS), amount))


def _entry(side: Side, on: date, evidence: str, amount: str = "") -> TypedEntry:
    return TypedEntry(side.value, "customer_success", on.isoformat(), amount=amount, evidence=evidence)
