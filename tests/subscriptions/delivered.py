"""Pages by mail in tests: who orders which, whose day comes, what went out and what became of it."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.rules.wishes import Rhythm, Wish
from app.subscriptions.services.subscribing import subscribe
from app.subscriptions.tasks import pages
from app.surveys.services.invitations import Place
from app.users.models import User
from tests.users.people import changing

PLACE = Place("https://gap.test", "a secret for tests only", at_any_hour=True)
MONDAY = Wish(Rhythm.WEEKLY, 0)


def person(session: Session, email: str) -> User:
    return session.scalars(sa.select(User).where(User.email == email)).one()


def account_of(session: Session, crm_id: str) -> Account:
    return session.scalars(sa.select(Account).where(Account.crm_id == crm_id)).one()


def order(session: Session, email: str, crm_id: str = "A4", wish: Wish = MONDAY, by: str | None = None) -> bool:
    """Have a page sent to somebody, by default as they ask for it themselves."""
    ids = (person(session, email).id, person(session, by or email).id)
    found = account_of(session, crm_id)
    return subscribe(session, account=found, user_id=ids[0], wish=wish, at=now(), by=ids[1], at_any_hour=True)


def day_comes(session: Session) -> None:
    """Let the day of all living subscriptions have come."""
    kept = sa.update(PageSubscription).where(PageSubscription.next_at.is_not(None))
    session.execute(kept.values(next_at=now() - timedelta(minutes=1)))


def another_week(session: Session) -> None:
    """Let a week have passed since what was sent."""
    for mail in session.scalars(sa.select(PageMail)):
        mail.occasion = f"before {mail.id}"
    day_comes(session)


def ordered(application: Flask, *emails: str, crm_id: str = "A4") -> None:
    """Have a page sent to these people, and let their day have come."""
    with changing(application) as session:
        for email in emails:
            order(session, email, crm_id)
        day_comes(session)


def sent(application: Flask) -> int:
    """How many mails went out until a turn sends none: making a page may take as long as a turn."""
    with application.app_context():
        return sum(iter(pages, 0))


def fates(application: Flask) -> list[tuple[str, bool, str | None]]:
    """The address, whether it was sent, and the reason, of each mail in the order in which they were queued."""
    with changing(application) as session:
        rows = session.execute(
            sa.select(PageMail, User.email)
            .join(PageSubscription, PageSubscription.id == PageMail.subscription_id)
            .join(User, User.id == PageSubscription.user_id)
            .order_by(PageMail.id)
        )
        return [(email, mail.sent_at is not None, mail.reason) for mail, email in rows]
