"""Three accounts of Carl's and one of somebody else's, with people, telemetry, a scorecard and its health."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account, Contact, Interaction
from app.health.models import Telemetry
from app.health.services import compute_health, load_scorecard
from app.users.models import User
from tests.users.people import CSM, add_people

CARD: dict[str, Any] = {"key": "default", "name": "Use", "measures": [
    {"key": "use", "name": "Use", "metric": "use", "points": [[0, 0], [100, 100]], "weight": 80, "group": "adoption"},
    {"key": "felt", "name": "Felt", "metric": "csm.sentiment", "points": [[0, 0], [100, 100]], "weight": 20,
     "group": "judgement"},
]}  # fmt: skip
USE = {"Ash": 20, "Birch": 60, "Cedar": 90, "Far": 90}
"""What telemetry says of each account: red, amber and green."""


def add_unweighed_place(session: Session) -> dict[str, int]:
    """The same place with a scorecard that weighs no judgement."""
    return add_place(session, CARD | {"measures": CARD["measures"][:1]})


def add_place(session: Session, card: dict[str, Any] = CARD) -> dict[str, int]:
    """Add the accounts and their health of today; returns ids by name, of accounts and of the people at Ash."""
    add_people(session)
    ids = {}
    for name, use in USE.items():
        account = Account(
            crm_id=name, name=name, segment="Self-serve" if name == "Cedar" else "Enterprise",
            csm_email="else@example.test" if name == "Far" else CSM,
        )  # fmt: skip
        session.add(account)
        session.flush()
        ids[name] = account.id
        session.add(Telemetry(account_id=account.id, metric="use", period_end=today(), value=use))
    for name, role in (("Nora", "champion"), ("Omar", "admin")):
        contact = Contact(
            crm_id=name, account_id=ids["Ash"], name=f"{name} Haskel", email=f"{name.lower()}@ash.example", role=role
        )
        session.add(contact)
        session.flush()
        ids[name] = contact.id
    talk = Interaction(
        crm_id="talk", account_id=ids["Ash"], occurred_at=now() - timedelta(days=74), channel="call",
        contact_id=ids["Nora"],
    )  # fmt: skip
    session.add(talk)
    session.flush()
    ids["talk"] = talk.id
    compute_health(session, version=load_scorecard(session, document=card), as_of=today())
    return ids


def user_id(session: Session, email: str) -> int:
    """The id of somebody's login."""
    return session.scalars(select(User.id).where(User.email == email)).one()
