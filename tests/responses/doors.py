"""A respondent at one of the two doors, on a real database."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.questionnaires.queries import newest_version, questions_of
from app.questionnaires.services import publish_built_ins
from app.responses.services import Door
from app.studies.models import Respondent, Study
from app.users.models import User

AT = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class AtTheDoor:
    """The door of one respondent, the questions by key, and two interviewers."""

    door: Door
    questions: dict[str, int]
    ida: int
    otto: int


def at_the_door(session: Session, *, mode: str) -> AtTheDoor:
    """Add a study with one respondent, and two people who could interview."""
    publish_built_ins(session)
    version = newest_version(session, "relationship")
    account = Account(crm_id="A-1", name="One")
    people = [User(email=f"{name}@parallax.test", fs_uniquifier=name) for name in ("ida", "otto")]
    session.add_all([account, *people])
    session.flush()
    contact = Contact(crm_id="C-1", account_id=account.id, name="Nora")
    study = Study(
        key="s",
        name="S",
        version_id=version.id,
        scorecard_key="default",
        plan={},
        opens_on=AT.date(),
        closes_on=AT.date(),
        health_as_of=AT.date(),
        drawn_at=AT,
    )
    session.add_all([contact, study])
    session.flush()
    person = Respondent(study_id=study.id, account_id=account.id, contact_id=contact.id, role="champion", mode=mode)
    session.add(person)
    session.commit()
    door = Door(study.id, person.id, version.id, mode, mode)
    return AtTheDoor(door, questions_of(session, version), *(each.id for each in people))
