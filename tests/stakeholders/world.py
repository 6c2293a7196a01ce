"""An account whose people are partly known and partly heard, with an interview, and everybody who may look at it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account, Contact, Promise
from app.responses.models import Response
from app.studies.models import Respondent, Study
from tests.interviews.talks import World, add_world

PAGE = "/accounts/Haskelby/stakeholders"
NORA, OMAR = "nora@haskelby.example", "omar@haskelby.example"


@dataclass
class Place:
    """What was made: the interviews, and the ids of the account and its people."""

    talks: World
    account: int
    contacts: dict[str, int]


def add_place(session: Session) -> Place:
    """Add Haskelby, of tier 2: Nora the champion was heard, Omar the admin is silent, Una was never asked."""
    talks = add_world(session)
    account = session.scalars(select(Account).where(Account.crm_id == "Haskelby")).one()
    account.tier = "Tier 2"
    study = session.get_one(Study, talks.study)
    study.plan = {**study.plan, "roles": {"champion": 1.0}}
    nora, omar = session.scalars(select(Contact).where(Contact.account_id == account.id).order_by(Contact.name)).all()
    nora.role, nora.email = "Champion", NORA
    omar.role, omar.email = "admin", OMAR
    una = Contact(crm_id="una", account_id=account.id, name="Una", role="Power users")
    session.add(una)
    session.flush()
    hear(session, talks, nora)
    session.add(
        Promise(
            crm_id="W-1", account_id=account.id, source="sales", aspect="economic", text="Twice as fast", amount=9000
        )
    )
    session.flush()
    return Place(talks, account.id, {"nora": nora.id, "omar": omar.id, "una": una.id})


def hear(session: Session, talks: World, contact: Contact) -> None:
    """Store a response of a contact that was submitted a month ago."""
    person = session.scalars(select(Respondent).where(Respondent.contact_id == contact.id)).one()
    study = session.get_one(Study, talks.study)
    session.add(
        Response(
            study_id=study.id,
            respondent_id=person.id,
            external_id=f"r-{contact.id}",
            version_id=study.version_id,
            mode="interview",
            source="interview",
            submitted_at=now() - timedelta(days=30),
        )
    )
    session.flush()
