"""An account with three products and a service below one of them, another account, and scorecards for their types."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Relationship
from app.health.models import RelationshipTelemetry
from app.health.services import load_scorecard
from app.relationships.services import save_type
from tests.users.people import CSM, add_people

DAY = date(2026, 6, 30)

USAGE = {
    "key": "products",
    "name": "Products",
    "measures": [
        {"key": "usage", "metric": "active_users", "points": [[0, 0], [100, 100]], "weight": 60},
        {"key": "logins", "metric": "logins", "points": [[0, 0], [10, 100]], "weight": 20, "aggregate": "mean"},
        {"key": "cases", "metric": "cases.open", "points": [[0, 100], [5, 0]], "weight": 10},
        {"key": "pulse", "metric": "csm.sentiment", "points": [[0, 0], [100, 100]], "weight": 5},
        {"key": "seated", "metric": "active_users", "per": "seats", "points": [[0, 0], [1, 100]], "weight": 5},
    ],
}
"""A scorecard of which a relationship can know usage and logins alone: together they bear all of the weight."""

RELATIONSHIPS: tuple[tuple[str, str, str, str, str | None, int | None], ...] = (
    ("P-1", "A-1", "Product", "Analytics", None, 60_000),
    ("P-2", "A-1", "product", "Billing", None, 30_000),
    ("P-3", "A-1", "product", "Capture", "P-1", None),
    ("S-1", "A-1", "service", "Onboarding", "P-1", 10_000),
    ("P-9", "A-2", "product", "Analytics", None, 5_000),
)


def add_world(session: Session) -> dict[str, int]:
    """Add everybody and everything; returns the ids of people by their address."""
    people = add_people(session)
    session.add(Workspace(currency="EUR"))
    session.add_all(
        Account(
            crm_id=crm_id, name=f"Account {crm_id}", csm_email=CSM if crm_id == "A-1" else None, seats=10, arr=100_000
        )
        for crm_id in ("A-1", "A-2")
    )
    session.flush()
    accounts = {account.crm_id: account.id for account in session.scalars(select(Account))}
    session.add_all(
        Relationship(
            crm_id=crm_id,
            account_id=accounts[account],
            type=type_,
            name=name,
            parent_crm_id=parent,
            arr=None if arr is None else Decimal(arr),
            owner_email=CSM,
        )
        for crm_id, account, type_, name, parent, arr in RELATIONSHIPS
    )
    session.flush()
    return {email: user.id for email, user in people.items()}


def measure(session: Session, crm_id: str, *, metric: str = "active_users", **days: Any) -> None:
    """Add telemetry of a relationship: values by how many days before DAY, as d0=5, d30=7."""
    measure_on(session, crm_id, metric, {DAY - timedelta(days=int(day[1:])): value for day, value in days.items()})


def measure_on(session: Session, crm_id: str, metric: str, values: Mapping[date, float]) -> None:
    """Add telemetry of a relationship: values by their day."""
    owner = session.scalars(select(Relationship.id).where(Relationship.crm_id == crm_id)).one()
    session.add_all(
        RelationshipTelemetry(relationship_id=owner, metric=metric, period_end=day, value=value)
        for day, value in values.items()
    )
    session.flush()


def score_products(session: Session) -> None:
    """Publish the scorecard and let products be scored by it."""
    load_scorecard(session, document=USAGE)
    save_type(session, actor_id=None, type_="product", definition={"scorecard": "products"}, based_on=0)


def account(session: Session, crm_id: str = "A-1") -> Account:
    """Return an account."""
    return session.scalars(select(Account).where(Account.crm_id == crm_id)).one()
