"""What the mail with a page looks like: two sentences, as text and as HTML, with the page as PDF."""

from jinja2 import Environment

from app.core.letters import asked_for
from app.core.mail import Attachment, Mail, one_line
from app.reports.rules.words import shortened
from app.subscriptions.rules.words import LONGEST_SUBJECT, Moved
from app.subscriptions.services.preparing import Laid, Prepared


def page_mail(
    templates: Environment, prepared: Prepared, laid: Laid, moved: Moved, *, pdf: bytes, sender: str, is_sample: bool
) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    return asked_for(
        templates,
        "subscriptions/page",
        prepared,
        {"moved": moved, "sample_data": is_sample},
        subject=shortened(one_line(f"{prepared.name}: {moved.subject}"), LONGEST_SUBJECT),
        sender=sender,
        attachments=(Attachment(laid.file_name, "application/pdf", pdf),),
    )
