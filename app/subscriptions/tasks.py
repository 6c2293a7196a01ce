"""The job of pages by mail: each is made for its reader and sent when due; running it twice sends none twice."""

from flask import current_app

from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Mail, sender_address
from app.core.mailing import Mailing, send_what_is_due
from app.core.pdf import render_pdf
from app.core.waiting import due_mail
from app.core.workspace import the_workspace
from app.customer360.rendering import paper_html, paper_of
from app.subscriptions.mails import page_mail
from app.subscriptions.models import PageMail
from app.subscriptions.rules.words import Figures
from app.subscriptions.services.preparing import (
    Laid,
    Prepared,
    claim_mail,
    is_anything_due,
    note_fate,
    prepared_mail,
    queue_due,
)
from app.surveys.here import place, settings
from app.users.rules import Scope


def pages() -> int:
    """Send the pages that are due and return how many went out; the rest of many is left to the next turn."""
    if is_anything_to_queue():
        with turn_to_write():
            queue_due(db.session, at=now(), place=place())
            db.session.commit()
    return send_what_is_due(MAILING, settings())


def is_anything_to_queue() -> bool:
    """Tell whether somebody's day has come, by a transaction that only reads and has ended."""
    with only_reading():
        return is_anything_due(db.session, at=now())


def laid_out(scope: Scope, crm_id: str) -> Laid:
    """Return the page of an account as it is on paper for a reader; its links need to know where the product is."""
    with current_app.test_request_context(base_url=settings().base_url):
        paper = paper_of(scope, crm_id, has_words=False)
        return Laid(paper_html(paper), paper.file_name, Figures(paper.made_on.isoformat(), paper.health, paper.voice))


def made(prepared: Prepared) -> Mail | str:
    """Return the mail as it is sent, or why nobody wants it any more."""
    laid, moved = prepared.laid, prepared.moved
    if laid is None or moved is None:
        return prepared.access.because.value if prepared.access.because else ""
    is_sample = the_workspace(db.session).is_sample
    pdf, sender = render_pdf(laid.html), sender_address(settings())
    return page_mail(current_app.jinja_env, prepared, laid, moved, pdf=pdf, sender=sender, is_sample=is_sample)


MAILING = Mailing[Prepared](
    job="pages",
    due=lambda session, at: due_mail(session, PageMail, at=at),
    prepare=lambda session, mail_id: prepared_mail(session, mail_id=mail_id, place=place(), lay_out=laid_out),
    make=made,
    claim=lambda session, prepared, at: claim_mail(session, prepared=prepared, at=at),
    note=lambda session, prepared, fate, reason, at: note_fate(
        session, prepared=prepared, fate=fate, reason=reason, at=at, place=place()
    ),
)
