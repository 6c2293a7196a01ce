"""An account with people, on whose plan its CSM and a leader write."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account, Contact
from app.plans.models import SuccessPlan
from app.plans.rules.typed import BlockerWish, OutcomeWish, PlanWish
from app.plans.services import Writer, add_blocker, add_outcome, begin_plan
from app.users.models import User
from tests.interviews.talks import BEN, add_interviewers
from tests.users.people import CSM, add_people

PAGE = "/accounts/Haskelby/plan"
NORA = "Nora Nilsen"


def add_accounts(session: Session) -> None:
    """Add Haskelby of Carl's with Nora, an erased contact there, and Ostrava of Ben's with Pia."""
    people = add_people(session)
    add_interviewers(session, people)
    haskelby = Account(crm_id="Haskelby", name="Haskelby", csm_email=CSM)
    ostrava = Account(crm_id="Ostrava", name="Ostrava", csm_email=BEN)
    session.add_all([haskelby, ostrava])
    session.flush()
    session.add_all(
        [
            Contact(crm_id="nora", account_id=haskelby.id, name=NORA, email="nora@haskelby.example"),
            Contact(crm_id="gone", account_id=haskelby.id, name="Gone", erased_at=now()),
            Contact(crm_id="pia", account_id=ostrava.id, name="Pia"),
        ]
    )
    session.flush()


def account(session: Session, name: str = "Haskelby") -> Account:
    """Return an account by name."""
    return session.scalars(select(Account).where(Account.name == name)).one()


def writer(session: Session, email: str = CSM) -> Writer:
    """Return somebody who writes now."""
    return Writer(session.scalars(select(User.id).where(User.email == email)).one(), now())


def contact(session: Session, crm_id: str = "nora") -> str:
    """Return a contact as a form sends it."""
    return str(session.scalars(select(Contact.id).where(Contact.crm_id == crm_id)).one())


def plan_wish(**more: Any) -> PlanWish:
    """A plan that ends in 90 days."""
    facts: dict[str, Any] = {
        "title": "Go live",
        "agreed_on": today(),
        "due_on": today() + timedelta(days=90),
        "reason": "",
    }
    return PlanWish(**facts | more)


def outcome_wish(**more: Any) -> OutcomeWish:
    """An outcome that is due in 30 days."""
    facts: dict[str, Any] = {
        "title": "First invoices",
        "measure": "100 a day",
        "due_on": today() + timedelta(days=30),
        "done_on": None,
        "reason": "",
        "is_dropped": False,
    }
    return OutcomeWish(**facts | more)


def blocker_wish(**more: Any) -> BlockerWish:
    """A blocker that is not critical, there since today."""
    facts: dict[str, Any] = {
        "title": "No SSO",
        "is_critical": False,
        "opened_on": today(),
        "resolved_on": None,
        "owner_id": None,
    }
    return BlockerWish(**facts | more)


def add_plan(session: Session) -> SuccessPlan:
    """Add the accounts and a plan for Haskelby, agreed with Nora, with one outcome and one blocker."""
    add_accounts(session)
    who, of = writer(session), account(session)
    plan = begin_plan(session, account=of, wish=plan_wish(), agreed_with=contact(session), form_key="plan", writer=who)
    add_outcome(session, account=of, wish=outcome_wish(), form_key="outcome", writer=who)
    add_blocker(session, account=of, wish=blocker_wish(), form_key="blocker", writer=who)
    return plan


def fill_plan(session: Session) -> None:
    """Add the accounts and the plan, for a page to show."""
    add_plan(session)
