"""A workspace of twenty accounts to draw from, and what the tests of studies' services ask of it."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.health.services import load_scorecard
from app.studies.models import Study
from app.studies.queries import sampled_accounts
from app.studies.services import create_study

SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0]], "weight": 1}],
}
RISING = [[0, 0], [100, 100]]
PLAN: dict[str, Any] = {
    "key": "q3", "name": "Q3 cross-section", "questionnaire": "relationship", "mode": "survey", "strata": ["segment"],
    "method": "proportional", "size": 6, "seed": 360, "roles": {"champion": 0.6, "admin": 0.4},
    "opens_on": "2019-10-01", "closes_on": "2019-10-31",
}  # fmt: skip


def add_accounts(session: Session) -> None:
    """A workspace with a scorecard and 20 accounts of 3 contacts each: champion, admin, user."""
    load_scorecard(session, document=SCORECARD)
    session.add(Workspace(currency="USD"))
    for i in range(20):
        account = Account(
            crm_id=f"A{i:02d}",
            name=f"Account {i}",
            segment="Large" if i < 5 else "Small",
            arr=Decimal(100 + i),
            currency="USD",
            custom={"region": "north" if i % 2 else "south"},
            tags=["vip"] if i == 3 else [],
        )
        session.add(account)
        session.flush()
        session.add_all(
            Contact(crm_id=f"{account.crm_id}-{role}", account_id=account.id, name="N.", role=role, consent="no")
            for role in ("champion", "admin", "user")
        )
    session.flush()


def created(session: Session, **changes: Any) -> Study:
    return create_study(session, document={**PLAN, **changes})


def crm_ids(session: Session, study: Study) -> set[str]:
    drawn = [row.account_id for row in sampled_accounts(session, study)]
    return set(session.scalars(select(Account.crm_id).where(Account.id.in_(drawn))))


def changed_weight(session: Session, study: Study) -> None:
    sampled_accounts(session, study)[0].weight = 1.0
