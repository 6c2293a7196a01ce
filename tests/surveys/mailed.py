"""A study whose people are mailed, and the worker that mails them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.studies.models import Invitation, Study
from app.surveys.rules.invitations.sending import Kind
from app.surveys.services.invitations import Place, outlooks
from app.surveys.tasks import sent_mails
from tests.surveys.asked import BASE, SECRET, add_survey

PLACE = Place(BASE, SECRET, at_any_hour=True)


def people_of(session: Session, study: Study) -> list[Contact]:
    """The people of a study, by the CRM's ids."""
    return list(
        session.scalars(sa.select(Contact).where(Contact.crm_id.like(f"{study.key}-%")).order_by(Contact.crm_id))
    )


def held(session: Session, study: Study, kind: Kind = Kind.INVITATION, at: datetime | None = None) -> list[str | None]:
    """Why each person is held back, in the order of the CRM's ids; None who gets the mail."""
    look = outlooks(session, study=study, at=at or datetime.now(UTC), place=PLACE)[kind]
    return [each.held for each in look.people]


def invitations(session: Session) -> list[Invitation]:
    """All mails, first queued first."""
    session.expire_all()
    return list(session.scalars(sa.select(Invitation).order_by(Invitation.id)))


def send_due(application: Flask) -> list[str]:
    """Send what is due as the worker does, and return what became of each mail."""
    with application.app_context():
        return [outcome.fate.value for outcome in sent_mails()]


def with_settings(application: Flask, **changes: Any) -> None:
    """Give an application other settings, as the environment would."""
    application.config["SETTINGS"] = replace(application.config["SETTINGS"], mails_at_any_hour=True, **changes)


__all__ = ["PLACE", "add_survey", "held", "invitations", "people_of", "send_due", "with_settings"]
