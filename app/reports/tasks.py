"""The job of reports by mail: each is made for its reader and sent when due; running it twice sends none twice."""

from flask import current_app

from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Mail, sender_address
from app.core.mailing import Mailing, send_what_is_due
from app.core.waiting import due_mail
from app.reports.delivering import Prepared, claim_mail, note_fate, prepared_mail, queue_due
from app.reports.mails import report_mail
from app.reports.models import ReportMail
from app.reports.queries.delivery import due_subscriptions, unsent_editions
from app.reports.rendering import one_page_pdf
from app.surveys.here import place, settings


def delivery() -> int:
    """Send the reports that are due and return how many went out; the rest of many is left to the next turn."""
    if is_anything_to_queue():
        with turn_to_write():
            queue_due(db.session, at=now(), place=place())
            db.session.commit()
    return send_what_is_due(MAILING, settings())


def is_anything_to_queue() -> bool:
    """Tell whether a day has come or an edition is out, by a transaction that only reads and has ended."""
    with only_reading():
        return bool(due_subscriptions(db.session, at=now()) or unsent_editions(db.session))


def made(prepared: Prepared) -> Mail | str:
    """Return the mail as it is sent, or why nobody wants it any more."""
    if prepared.document is None:
        return prepared.because or ""
    pdf, sender = one_page_pdf(prepared.document), sender_address(settings())
    return report_mail(current_app.jinja_env, prepared, prepared.document, pdf=pdf, sender=sender)


MAILING = Mailing[Prepared](
    job="delivery",
    due=lambda session, at: due_mail(session, ReportMail, at=at),
    prepare=lambda session, mail_id: prepared_mail(session, mail_id=mail_id, place=place()),
    make=made,
    claim=lambda session, prepared, at: claim_mail(session, prepared=prepared, at=at),
    note=lambda session, prepared, fate, reason, at: note_fate(
        session, prepared=prepared, fate=fate, reason=reason, at=at, place=place()
    ),
)
