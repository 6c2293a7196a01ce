"""Reads of the person behind an interview, as letters to them need it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.responses.models import Response
from app.studies.models import Respondent
from app.studies.queries.letters import unsendable_to


@dataclass(frozen=True)
class Person:
    """Who was or is interviewed; `because` is why they cannot be written to, or None."""

    contact_id: int
    name: str
    email: str | None
    language: str | None
    handed_over_at: datetime | None
    because: str | None


def person_of(session: Session, respondent_id: int) -> Person:
    """Return the person of an interview that the caller may read."""
    row = session.execute(
        select(
            Contact.id,
            Contact.name,
            Contact.email,
            Contact.language,
            Response.handed_over_at,
        )
        .join(Respondent, Respondent.contact_id == Contact.id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.id == respondent_id)
    ).one()
    because = unsendable_to(session, row.id)
    return Person(
        contact_id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        handed_over_at=row.handed_over_at,
        because=because.value if because else None,
    )
