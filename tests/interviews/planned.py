"""People who can be reached, and forms that plan interviews with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import db
from app.customers.models import Contact
from app.interviews.models import Appointment, AppointmentMail
from app.studies.models import CallAttempt, Respondent
from tests.interviews.talks import World, add_world
from tests.users.people import changing

ZONE = "Europe/Berlin"


def add_reachable(session: Session) -> World:
    """Add Alice's study with people who have an address, a number and a time zone."""
    world = add_world(session)
    for name, respondent_id in world.respondents.items():
        contact = contact_of(session, respondent_id)
        contact.email, contact.phone, contact.timezone = f"{name}@acme.test", "+49 30 1234", ZONE
    session.flush()
    return world


def contact_of(session: Session, respondent_id: int) -> Contact:
    """Return the contact behind a respondent."""
    return session.get_one(Contact, session.get_one(Respondent, respondent_id).contact_id)


def soon(days: int = 3, hour: int = 10) -> datetime:
    """Return a time some days ahead, in UTC."""
    return (now() + timedelta(days=days)).astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)


def appointment_form(at: datetime, replaces: int | str = "", **changes: Any) -> dict[str, Any]:
    """Return a filled form of an appointment; `at` is read as a wall time."""
    return {
        "day": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M}",
        "timezone": ZONE,
        "minutes": "45",
        "way": "phone",
        "place": "+49 30 1234",
        "replaces": replaces,
    } | changes


def rows(application: Flask, model: type[Appointment | AppointmentMail | CallAttempt]) -> list[Any]:
    """Return every row of a table, oldest first."""
    with changing(application) as session:
        found = list(session.scalars(sa.select(model).order_by(model.id)))
        session.expunge_all()
        return found


def forget_session() -> None:
    """Let go of what this thread has read."""
    db.session.rollback()
