"""Reports by mail in tests: a scored study, a post office, who orders what, and what became of it."""

from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.core.clock import now
from app.reports.models import ReportMail, ReportSubscription
from app.reports.rules.delivery import Rhythm, Wish
from app.reports.subscribing import stop_delivery, subscribe
from app.reports.tasks import delivery
from app.studies.models import Study
from app.surveys.services.invitations import Place
from app.users.models import User
from tests.users.people import changing

MONDAY, EDITION = Wish(Rhythm.WEEKLY, 0), Wish(Rhythm.EDITION)
PLACE = Place("https://gap.test", "a secret for tests only", at_any_hour=True)


def the_study(session: Session) -> Study:
    return session.scalars(sa.select(Study)).one()


def person(session: Session, email: str) -> User:
    return session.scalars(sa.select(User).where(User.email == email)).one()


def order(session: Session, email: str, wish: Wish = MONDAY, by: str | None = None) -> bool:
    """Have the report sent to somebody, by default as they ask for it themselves."""
    ids = (person(session, email).id, person(session, by or email).id)
    return subscribe(session, study=the_study(session), user_id=ids[0], wish=wish, at=now(), by=ids[1])


def stop(session: Session, email: str, by: str | None = None) -> bool:
    ids = (person(session, email).id, person(session, by or email).id)
    return stop_delivery(session, study=the_study(session), user_id=ids[0], at=now(), by=ids[1])


def ordered(application: Flask, *emails: str, wish: Wish = MONDAY) -> None:
    """Have the report sent to these people, and let their day have come."""
    with changing(application) as session:
        for email in emails:
            order(session, email, wish)
        day_comes(session)


def day_comes(session: Session) -> None:
    kept = sa.update(ReportSubscription).where(ReportSubscription.next_at.is_not(None))
    session.execute(kept.values(next_at=now() - timedelta(minutes=1)))


def sent(application: Flask) -> int:
    """How many mails went out until a turn sends none: making a page may take as long as a turn."""
    with application.app_context():
        turns = iter(delivery, 0)
        return sum(turns)


def fates(application: Flask) -> list[tuple[str, bool, str | None]]:
    """The address, whether it was sent, and the reason, of each mail in the order in which they were queued."""
    with changing(application) as session:
        return [
            (email, mail.sent_at is not None, mail.reason)
            for mail, email in session.execute(
                sa.select(ReportMail, User.email)
                .join(ReportSubscription, ReportSubscription.id == ReportMail.subscription_id)
                .join(User, User.id == ReportSubscription.user_id)
                .order_by(ReportMail.id)
            )
        ]


def parts_of(mail: EmailMessage) -> dict[str, Any]:
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


def pdf_text(mail: EmailMessage) -> str:
    pages = PdfReader(BytesIO(parts_of(mail)["application/pdf"])).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
