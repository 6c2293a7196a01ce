"""A workspace of ten scored accounts with everyone in it: Alice owns the study, two accounts are Carl's."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account, Contact, Outcome
from app.customers.services import note_searched
from app.health.models import SupportCase
from app.studies.models import Study
from tests.reports.studies import add_alices_study

HOSTILE = "<script>alert(1)</script>"
SLASHED = "EU/north //7 ø?#%"
"""A CRM id as other systems make them."""


def add_workspace(session: Session) -> None:
    """Ten accounts (A1 to A10), of which A2 and A4 are Carl's, three people each, all heard; and A11, never asked."""
    add_alices_study(session)
    add_unheard(session)
    note_searched(session)


def add_unheard(session: Session) -> None:
    """Add what no study drew: an account in dollars with a hostile tag, and one without anything."""
    account = Account(
        crm_id=SLASHED,
        name="Øster Åkeri",
        segment="Large",
        arr=900_000,
        currency="USD",
        renewal_date=today() + timedelta(days=20),
        tags=[HOSTILE, "Beta"],
        custom={"region": HOSTILE},
    )
    session.add_all([account, Account(crm_id="A12", name="Twelve")])
    session.flush()
    session.add_all(
        [
            Contact(
                crm_id="c-o", account_id=account.id, name=f"Zoë {HOSTILE}", email="zoe@example.test", phone="+47 1"
            ),
            Outcome(account_id=account.id, outcome_date=date(2026, 1, 2), outcome="renewed", reason=HOSTILE),
            SupportCase(crm_id="case-1", account_id=account.id, opened_at=datetime(2026, 1, 2, tzinfo=UTC)),
        ]
    )


def the_study(session: Session) -> Study:
    """Return Alice's study."""
    return session.scalars(select(Study).where(Study.key == "q1")).one()
