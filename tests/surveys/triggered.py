"""A workspace in which accounts go live, close cases and come near their renewals, and studies that ask them then."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.health.models import SupportCase
from app.health.services import load_scorecard
from app.studies.models import Study
from app.studies.services import create_study, draw_study
from app.surveys.services.occasions import Round, run_round
from tests.studies.cross_section import SCORECARD
from tests.surveys.mailed import PLACE

ROLES = ("champion", "admin")


def plan(event: str = "renewal", **changes: Any) -> dict[str, Any]:
    """A study.json with a trigger, open for a year."""
    trigger = {"event": event, **changes.pop("trigger", {})}
    day = today()
    return {
        "key": "ahead", "name": "Ahead of renewal", "questionnaire": "relationship", "mode": "survey",
        "strata": ["segment"], "roles": {"champion": 0.6, "admin": 0.4}, "trigger": trigger,
        "opens_on": day.isoformat(), "closes_on": (day + timedelta(days=365)).isoformat(),
    } | changes  # fmt: skip


def add_workspace(session: Session) -> None:
    """A scorecard and the currency."""
    load_scorecard(session, document=SCORECARD)
    session.add(Workspace(currency="EUR", organisation="Fernhollow Software"))
    session.flush()


def add_account(session: Session, name: str, *, renews_in: int | None = None, people: int = 2, **facts: Any) -> Account:
    """An account that renews in so many days, with so many people in the study's roles."""
    renewal = None if renews_in is None else today() + timedelta(days=renews_in)
    account = Account(
        crm_id=name, name=f"Account {name}", arr=Decimal(1000), currency="EUR",
        **{"segment": "Large", "renewal_date": renewal, **facts},
    )  # fmt: skip
    session.add(account)
    session.flush()
    for number in range(people):
        add_contact(session, account, f"{name}-{number}", ROLES[number % 2])
    return account


def add_contact(session: Session, account: Account, name: str, role: str, **facts: Any) -> Contact:
    """Somebody at an account."""
    contact = Contact(
        crm_id=name, account_id=account.id, name=f"Person {name}", email=f"{name}@mail.test".lower(), role=role, **facts
    )
    session.add(contact)
    session.flush()
    return contact


def add_case(session: Session, account: Account, name: str, closed: int | None) -> None:
    """A case that was closed so many days ago, or is open."""
    closed_at = None if closed is None else datetime.combine(today() - timedelta(days=closed), time(12), UTC)
    opened_at = now() - timedelta(days=200)
    session.add(SupportCase(crm_id=name, account_id=account.id, opened_at=opened_at, closed_at=closed_at))
    session.flush()


def started(session: Session, document: dict[str, Any] | None = None) -> Study:
    """A study that has been started."""
    study = create_study(session, document=document or plan())
    draw_study(session, study=study)
    return study


def ran(session: Session, study: Study, *, days: int = 0) -> Round:
    """One round, so many days from now."""
    return run_round(session, study=study, at=now() + timedelta(days=days), place=PLACE)
