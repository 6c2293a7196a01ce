"""Which products the sample accounts have: what looped questions and the value interview are asked about."""

from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = ("relationship_id", "account_id", "type", "name")
PRODUCT_LINES = ("Planning", "Field service", "Billing")
_HOW_MANY_MORE = (0, 0, 1, 1, 2)


def relationships_table(accounts: Table, seed: int) -> Table:
    """One row per product of an account: that of its product line first, and up to two more."""
    return Table(HEADER, tuple(row for account in accounts.records() for row in _products(account, seed)))


def _products(account: dict[str, str], seed: int) -> list[tuple[str, ...]]:
    chance = stream(seed, "relationships", account["account_id"])
    others = [name for name in PRODUCT_LINES if name != account["product_line"]]
    names = [account["product_line"], *chance.sample(others, chance.choice(_HOW_MANY_MORE))]
    key = account["account_id"].replace("A-", "R-")
    return [(f"{key}-{number}", account["account_id"], "product", name) for number, name in enumerate(names, start=1)]
