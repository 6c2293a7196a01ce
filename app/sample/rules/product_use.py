"""How the products of the sample accounts are used, one by one: telemetry of relationships, and its scorecard."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from app.sample.rules.profiles import Profile
from app.sample.rules.scorecard import Points, value_earning
from app.sample.rules.streams import stream
from app.sample.rules.table import Table
from app.sample.rules.telemetry import month_ends

HEADER = ("account_id", "period_end", "metric", "value", "unit", "relationship_id")
MONTHS = 9
_MEASURED = 0.6
"""The share of accounts whose products are measured one by one."""
_SPREAD = 6.0
_BEHIND = (4.0, 42.0)
"""How far a product that was added later may lag behind the account, in points."""

ACTIVE = ((0.1, 0.0), (0.35, 45.0), (0.6, 75.0), (0.85, 100.0))
DEPTH = ((1.0, 0.0), (4.0, 50.0), (8.0, 80.0), (12.0, 100.0))
ERRORS = ((0.5, 100.0), (3.0, 70.0), (10.0, 25.0), (25.0, 0.0))
_METRICS: dict[str, tuple[Points, str, int]] = {
    "product.active_share": (ACTIVE, "share", 3),
    "product.features_used": (DEPTH, "features", 1),
    "product.errors_per_1000": (ERRORS, "errors", 1),
}


def products_scorecard() -> dict[str, Any]:
    """The scorecard by which products are scored."""
    names = ("Share of users at work", "Features in use", "Errors per thousand calls")
    weights, groups = (50, 30, 20), ("adoption", "adoption", "quality")
    return {
        "key": "products",
        "name": "Products",
        "measures": [
            {
                "key": metric.removeprefix("product."),
                "name": name,
                "metric": metric,
                "points": [list(point) for point in points],
                "weight": weight,
                "group": group,
            }
            for (metric, (points, _, _)), name, weight, group in zip(
                _METRICS.items(), names, weights, groups, strict=True
            )
        ],
        "bands": {"amber_from": 50, "green_from": 75},
    }


def product_telemetry(accounts: tuple[Profile, ...], relationships: Table, seed: int, today: date) -> Table:
    """One row per product, month and metric, of the accounts that are measured so closely; the largest are."""
    ends = month_ends(today, MONTHS)
    products: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in relationships.records():
        products[row["account_id"]].append(row)
    largest = max(len(rows) for rows in products.values())
    return Table(
        HEADER,
        tuple(
            row
            for profile in accounts
            if len(products[profile.account_id]) == largest or _is_measured(profile, seed)
            for place, product in enumerate(products[profile.account_id])
            for row in _rows(profile, product, place, seed, ends)
        ),
    )


def _is_measured(profile: Profile, seed: int) -> bool:
    return stream(seed, "products", profile.account_id).random() < _MEASURED


def _rows(
    profile: Profile, product: Mapping[str, str], place: int, seed: int, ends: list[date]
) -> list[tuple[str, ...]]:
    """The months of one product: the first is used as the account is, others lag behind, and drift over the year."""
    chance = stream(seed, "product telemetry", product["relationship_id"])
    behind = chance.uniform(*_BEHIND) if place else 0.0
    now = min(max(profile.health - behind + chance.gauss(0, _SPREAD), 5.0), 97.0)
    drift = chance.uniform(-1.6, 1.2)
    return [
        (
            profile.account_id,
            end.isoformat(),
            metric,
            _value(chance, points, now - drift * (len(ends) - 1 - month), digits),
            unit,
            product["relationship_id"],
        )
        for metric, (points, unit, digits) in _METRICS.items()
        for month, end in enumerate(ends)
    ]


def _value(chance: Random, points: Points, level: float, digits: int) -> str:
    earning = value_earning(min(max(level + chance.gauss(0, 2.0), 2.0), 99.0), points)
    return f"{max(earning, 0.0):.{digits}f}"
