"""The job of health alerts: what moved is noted, each mail made for its reader and sent; twice sends none twice."""

from flask import current_app

from app.alerts.mails import alert_mail
from app.alerts.models import AlertMail
from app.alerts.queries.subscriptions import is_any_unseen
from app.alerts.services.preparing import Prepared, claim_mail, note_fate, prepared_mail
from app.alerts.services.queueing import queue_alerts
from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Mail, sender_address
from app.core.mailing import Mailing, send_what_is_due
from app.core.waiting import due_mail
from app.core.workspace import the_workspace
from app.surveys.here import place, settings


def alerts() -> int:
    """Tell those who asked what moved, and return how many mails went out; of many the rest waits for the next turn."""
    if is_anything_to_queue():
        with turn_to_write():
            queue_alerts(db.session, at=now(), place=place())
            db.session.commit()
    return send_what_is_due(MAILING, settings())


def is_anything_to_queue() -> bool:
    """Tell whether health was computed since it was looked at, by a transaction that only reads and has ended."""
    with only_reading():
        return is_any_unseen(db.session)


def made(prepared: Prepared) -> Mail | str:
    """Return the mail as it is sent, or why nobody wants it any more."""
    if prepared.because is not None:
        return prepared.because
    sender, is_sample = sender_address(settings()), the_workspace(db.session).is_sample
    return alert_mail(current_app.jinja_env, prepared, sender=sender, is_sample=is_sample)


MAILING = Mailing[Prepared](
    job="alerts",
    due=lambda session, at: due_mail(session, AlertMail, at=at),
    prepare=lambda session, mail_id: prepared_mail(session, mail_id=mail_id, place=place()),
    make=made,
    claim=lambda session, prepared, at: claim_mail(session, prepared=prepared, at=at),
    note=lambda session, prepared, fate, reason, at: note_fate(
        session, prepared=prepared, fate=fate, reason=reason, at=at, place=place()
    ),
)
