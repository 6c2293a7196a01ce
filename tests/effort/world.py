"""Accounts of two CSMs whose week they tell about."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account
from app.effort.rules.typed import Line
from app.effort.services import say_week
from app.users.models import User
from app.users.queries import scope_of
from tests.interviews.talks import BEN, add_interviewers
from tests.users.people import CSM, add_people

CARLS = ("Aldermoor", "Brack", "Cobble", "Dunes")


def add_accounts(session: Session) -> dict[str, int]:
    """Add four accounts of Carl's, one of Ben's and one of nobody's; account name -> id."""
    people = add_people(session)
    add_interviewers(session, people)
    rows = [
        *(Account(crm_id=name, name=name, csm_email=CSM.title()) for name in CARLS),
        Account(crm_id="Elm", name="Elm", csm_email=BEN),
        Account(crm_id="Fern", name="Fern"),
    ]
    session.add_all(rows)
    session.flush()
    return {row.name: row.id for row in rows}


def say(session: Session, email: str, key: str, **typed: tuple[str, str]) -> int:
    """Have somebody say shares and complexities by account; what is not typed shows as never seen."""
    user = session.query(User).filter_by(email=email).one()
    ids = {row.name: row.id for row in session.query(Account)}
    lines = [Line(ids[name], share, complexity) for name, (share, complexity) in typed.items()]
    stored, errors = say_week(session, scope=scope_of(user), lines=lines, form_key=key, at=now())
    assert not errors, errors
    return stored
