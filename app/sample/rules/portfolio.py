"""The whole sample portfolio: every import file, the scorecard and the study."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.sample.rules.accounts import accounts_table
from app.sample.rules.cases import cases_table
from app.sample.rules.contacts import Person, contacts_table, people
from app.sample.rules.interactions import interactions_table
from app.sample.rules.opportunities import opportunities_table
from app.sample.rules.outcomes import outcomes_table
from app.sample.rules.product_use import product_telemetry, products_scorecard
from app.sample.rules.profiles import Profile, profiles
from app.sample.rules.promises import promises_table
from app.sample.rules.relationships import relationships_table
from app.sample.rules.scorecard import scorecard_document
from app.sample.rules.study import study_document
from app.sample.rules.table import Table
from app.sample.rules.telemetry import telemetry_table

# The seed whose draw holds several accounts of every story; any other works as well.
SAMPLE_SEED = 25


@dataclass(frozen=True)
class Portfolio:
    """Import files by name in the order in which they load, and what only `responses_for` needs to know.

    `product_telemetry` is loaded after them: a second file of telemetry, about single products.
    """

    tables: Mapping[str, Table]
    product_telemetry: Table
    scorecard: dict[str, Any]
    products_scorecard: dict[str, Any]
    study: dict[str, Any]
    accounts: tuple[Profile, ...]
    people: tuple[Person, ...]


def build_portfolio(*, seed: int, today: date) -> Portfolio:
    """120 invented accounts as of today; the same seed and day always give the same text."""
    accounts = profiles(seed, today)
    persons = people(accounts, seed)
    study = study_document(today)
    customers = accounts_table(accounts, seed)
    products = relationships_table(customers, seed)
    return Portfolio(
        tables={
            "accounts": customers,
            "relationships": products,
            "contacts": contacts_table(persons),
            "promises": promises_table(accounts, seed, today),
            "telemetry": telemetry_table(accounts, seed, today),
            "cases": cases_table(accounts, seed, date.fromisoformat(study["closes_on"])),
            "interactions": interactions_table(accounts, persons, seed, date.fromisoformat(study["closes_on"])),
            "opportunities": opportunities_table(accounts, seed, today),
            "outcomes": outcomes_table(accounts, seed, today),
        },
        product_telemetry=product_telemetry(accounts, products, seed, today),
        scorecard=scorecard_document(),
        products_scorecard=products_scorecard(),
        study=study,
        accounts=accounts,
        people=persons,
    )
