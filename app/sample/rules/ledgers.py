"""What happened to the promises of the sample: parts that arrived or are to come, and what customers were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.ledger.rules.typed import Side, TypedEntry
from app.sample.rules.profiles import Profile
from app.sample.rules.promises import looked_at, promise_key
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
    """One entry of the ledger: to which promise, when it was written down, and what."""

    account_id: str
    promise_id: str
    on: date
    typed: TypedEntry


@dataclass(frozen=True)
class _Step:
    """What happened to a promise of the account that is looked at; days are from today."""

    number: int
    side: Side
    days: int
    evidence: str = ""
    amount: int = 0
    quantity: int = 0
    unit: str = ""
    completes: bool = False
    source: str = "customer_success"
    written: int | None = None


_STEPS = (
    _Step(1, Side.DELIVERED, -330, "Report of the pilot site", 16_000),
    _Step(1, Side.DELIVERED, -210, "Time sheets of the planners", 26_000, completes=True),
    _Step(1, Side.TOLD, -180, "https://files.sample.example/yearly-review"),
    _Step(2, Side.DELIVERED, -120, "Payroll report of the first half-year", 14_000),
    _Step(2, Side.TO_COME, 50, "", 46_000, source="sales", written=-20),
    _Step(3, Side.DELIVERED, -150, "Roll-out plan, five of nine sites", 12_000),
    _Step(3, Side.DELIVERED, -48, "Roll-out plan, all sites", 13_000, completes=True),
    _Step(4, Side.DELIVERED, -230, "Shown at the yearly review", 0, 90, "hours", source="product"),
    _Step(4, Side.DELIVERED, -110, "Release note", 0, 150, "hours", completes=True, source="product"),
    _Step(4, Side.TOLD, -95, "Mail to the sponsor with the figures"),
    _Step(6, Side.DELIVERED, -140, "List of guests", 0, 2, "evenings", source="marketing"),
    _Step(6, Side.DELIVERED, -52, "List of guests", 0, 2, "evenings", completes=True, source="marketing"),
    _Step(6, Side.TOLD, -50, "Letter of thanks"),
)


def happened_to(accounts: Sequence[Profile], promises: Table, seed: int, today: date) -> list[Happened]:
    """Entries for about half of the promises of a table: the kept were told of, of the open ones a part has come.

    Of the account that is looked at there is a history of every kind.
    """
    shown = looked_at(accounts)
    rows = [row for row in promises.records() if row["account_id"] != shown]
    found = [_happened(row, stream(seed, "ledger", row["promise_id"]), today) for row in rows]
    return [*(each for each in found if each is not None), *(_told_of(shown, step, today) for step in _STEPS)]


def _told_of(account_id: str, step: _Step, today: date) -> Happened:
    on = today + timedelta(days=step.days)
    typed = TypedEntry(
        side=step.side.value,
        source=step.source,
        happens_on=on.isoformat(),
        amount=str(step.amount or ""),
        quantity=str(step.quantity or ""),
        unit=step.unit,
        completes="1" if step.completes else "",
        evidence=step.evidence,
    )
    written_on = on if step.written is None else today + timedelta(days=step.written)
    return Happened(account_id, promise_key(account_id, step.number), written_on, typed)


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
