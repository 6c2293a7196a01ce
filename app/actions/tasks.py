"""The job of actions: who has something due is reminded by mail, once a day; twice tells nobody twice."""

from flask import current_app

from app.actions.queries.reminding import people_to_remind
from app.actions.services.reminding import are_hours, queue_reminders
from app.core.clock import now, today
from app.core.config import Settings
from app.core.database import db, only_reading, turn_to_write


def reminders() -> int:
    """Queue the reminders that are due, and return how many there are; the job of letters sends them."""
    settings: Settings = current_app.config["SETTINGS"]
    if not are_hours(now(), at_any_hour=settings.mails_at_any_hour) or not is_anybody_due():
        return 0
    with turn_to_write():
        queued = queue_reminders(db.session, at=now(), base_url=settings.base_url)
        db.session.commit()
    current_app.extensions["bell"].ring_soon("letters")
    return queued


def is_anybody_due() -> bool:
    """Tell whether somebody is to be reminded, by a transaction that only reads and has ended."""
    with only_reading():
        return bool(people_to_remind(db.session, today=today()))
