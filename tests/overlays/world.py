"""Accounts of a few industries, of two CSMs, and everybody who may look at them."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.overlays.models import Overlay
from app.overlays.rules.typed import TypedOverlay
from app.overlays.services import begin_overlay, judge_industries
from app.users.models import User
from tests.users.people import CSM, LEADER, add_people

INDUSTRIES = ("Retail", "Retail", "Energy", "Energy", None)
COLLEAGUE = "somebody.else@example.test"


def add_accounts(session: Session) -> None:
    """Add accounts O0 to O4; the first and third are Carl's, O4 has no industry and pays in another currency."""
    add_people(session)
    session.add(Workspace(currency="EUR"))
    for number, industry in enumerate(INDUSTRIES):
        account = Account(
            crm_id=f"O{number}",
            name=f"Company {number}",
            industry=industry,
            arr=Decimal(1000 * (number + 1)),
            currency="USD" if number == 4 else "EUR",
            csm_email=CSM if number in {0, 2} else COLLEAGUE,
        )
        session.add(account)
        session.flush()
        session.add(Contact(crm_id=f"p-{number}", account_id=account.id, name=f"Person {number}", role="champion"))
    session.add(Account(crm_id="Gone", name="Gone", industry="Retail", arr=Decimal(9000), status="churned"))
    session.flush()


def add_pandemic(session: Session) -> None:
    """Add these accounts and a pandemic since ten days that meets Retail severely."""
    add_accounts(session)
    begin(session)


def begin(session: Session, *, name: str = "Pandemic", since: int = 10, until: int | None = None) -> Overlay:
    """Begin an overlay so many days ago, perhaps until some day from now, and judge Retail."""
    leader = session.scalars(select(User.id).where(User.email == LEADER)).one()
    day = today()
    ends_on = "" if until is None else (day + timedelta(days=until)).isoformat()
    typed = TypedOverlay(name, "", (day - timedelta(days=since)).isoformat(), ends_on)
    overlay = begin_overlay(session, typed=typed, at=now(), by=leader)
    judge_industries(
        session,
        key=overlay.key,
        industries=["Retail"],
        chosen=["severe"],
        words=["Shops closed"],
        known={"Retail"},
        at=now() - timedelta(days=max(-(until or 0), 0)),
        by=leader,
    )
    return overlay
