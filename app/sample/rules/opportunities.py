"""The deals that sales sees at the sample accounts: most in euros, some in the currency of their parent company."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "opportunity_id", "account_id", "stage", "amount", "currency", "close_date", "created_on", "product", "owner_email",
)  # fmt: skip
_STAGES = ("Qualification", "Proposal", "Proposal", "Negotiation", "Closed won", "Closed lost")
_PRODUCTS = ("Seats for another site", "Reporting module", "Training for shift leaders", "A longer term")
_SELLERS = ("lena.brandt@norrvane.example", "oskar.holm@norrvane.example")
SOME = 0.3
"""How many accounts have a deal within the year."""


def opportunities_table(accounts: Sequence[Profile], seed: int, today: date) -> Table:
    """A deal for some accounts; the largest have two that are open, of which one is in dollars."""
    known = showcase(accounts)
    rows = [row for each in accounts for row in _deals(each, seed, today, is_known=each.account_id in known)]
    return Table(HEADER, tuple(rows))


def _deals(profile: Profile, seed: int, today: date, *, is_known: bool) -> list[tuple[str, ...]]:
    chance = stream(seed, "opportunities", profile.account_id)
    if not is_known and chance.random() > SOME:
        return []
    products = chance.sample(_PRODUCTS, 2 if is_known else 1)
    return [
        _deal(profile, f"{profile.account_id.replace('A-', 'O-')}-{number}", product, chance, today, is_known=is_known)
        for number, product in enumerate(products, start=1)
    ]


def _deal(profile: Profile, key: str, product: str, chance: Random, today: date, *, is_known: bool) -> tuple[str, ...]:
    stage = "Proposal" if is_known else chance.choice(_STAGES)
    days = -chance.randint(5, 60) if stage.startswith("Closed") else chance.randint(12, 150)
    created_on = today - timedelta(days=chance.randint(70, 240))
    return (
        key,
        profile.account_id,
        stage,
        str(round(profile.arr * chance.uniform(0.04, 0.2) / 100) * 100),
        "USD" if is_known and key.endswith("-2") else "",
        (today + timedelta(days=days)).isoformat(),
        created_on.isoformat(),
        product,
        chance.choice(_SELLERS),
    )
