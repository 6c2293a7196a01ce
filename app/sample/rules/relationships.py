"""Which products the sample accounts have: what looped questions and the value interview are asked about."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "relationship_id", "account_id", "type", "name", "arr", "owner_email", "parent_id", "edition", "live_since",
)  # fmt: skip
PRODUCT_LINES = ("Planning", "Field service", "Billing")
EDITIONS = ("Core", "Plus", "Complete")
_HOW_MANY_MORE = (0, 0, 1, 1, 2)
_HAVE_ALL = 6
"""How many accounts, those with the most revenue, have every product."""
_BUILT_ON_THE_FIRST = 0.55
_FIRST_SHARE = (0.5, 0.7)

TYPE = "product"
SURVEY = "product-check"
DEFINITION = {
    "scorecard": "products",
    "survey": SURVEY,
    "fields": [{"key": "edition", "label": "Edition"}, {"key": "live_since", "label": "Live since"}],
}
"""What the sample's products bring: a scorecard and a survey of their own, and two fields."""


def relationships_table(accounts: Table, seed: int) -> Table:
    """One row per product of an account: that of its product line first, and up to two more.

    The account's revenue is parted among them; at about half of the accounts the others are built on the first.
    """
    records = accounts.records()
    largest = {each["account_id"] for each in sorted(records, key=lambda each: -int(each["arr"]))[:_HAVE_ALL]}
    owners = sorted({each["csm_email"] for each in records})
    rows = (row for each in records for row in _products(each, seed, owners, has_all=each["account_id"] in largest))
    return Table(HEADER, tuple(rows))


def _products(account: dict[str, str], seed: int, owners: Sequence[str], *, has_all: bool) -> list[tuple[str, ...]]:
    chance = stream(seed, "relationships", account["account_id"])
    others = [name for name in PRODUCT_LINES if name != account["product_line"]]
    more = chance.sample(others, chance.choice(_HOW_MANY_MORE))
    names = [account["product_line"], *(others if has_all else more)]
    key = account["account_id"].replace("A-", "R-")
    facts = stream(seed, "relationships", account["account_id"], "facts")
    first = f"{key}-1" if has_all or facts.random() < _BUILT_ON_THE_FIRST else ""
    amounts = _parted(int(account["arr"]), len(names), facts.uniform(*_FIRST_SHARE))
    began = date.fromisoformat(account["start_date"])
    return [
        (
            f"{key}-{number}",
            account["account_id"],
            TYPE,
            name,
            str(amount),
            account["csm_email"] if number == 1 else facts.choice(owners),
            first if number > 1 else "",
            facts.choice(EDITIONS),
            (began + timedelta(days=facts.randint(20, 60) + 90 * (number - 1))).isoformat(),
        )
        for number, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1)
    ]


def _parted(arr: int, products: int, first_share: float) -> list[int]:
    """Revenue in so many parts, the first the largest; together they are all of it."""
    if products == 1:
        return [arr]
    rest = arr - round(arr * first_share)
    others = [rest // (products - 1)] * (products - 1)
    return [arr - sum(others), *others]
