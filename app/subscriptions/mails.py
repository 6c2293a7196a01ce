"""What the mail with a page looks like: two sentences, as text and as HTML, with the page as PDF."""

from jinja2 import Environment

from app.core.mail import Attachment, Mail, Person, one_line
from app.reports.rules.words import shortened
from app.subscriptions.rules.words import LONGEST_SUBJECT, Moved
from app.subscriptions.services.preparing import Laid, Prepared

OURS = "Parallax"
"""Who writes where the workspace has not said its name."""


def page_mail(
    templates: Environment, prepared: Prepared, laid: Laid, moved: Moved, *, pdf: bytes, sender: str, is_sample: bool
) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    organisation = one_line(prepared.organisation or OURS)
    subject = shortened(one_line(f"{prepared.name}: {moved.subject}"), LONGEST_SUBJECT)
    page = {
        "mail": prepared,
        "moved": moved,
        "subject": subject,
        "organisation": organisation,
        "sample_data": is_sample,
    }
    return Mail(
        sender=Person(sender, organisation),
        to=prepared.to,
        subject=subject,
        text=templates.get_template("emails/subscriptions/page.txt").render(page),
        html=templates.get_template("emails/subscriptions/page.html").render(page),
        message_id=prepared.message_id,
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": "en",
            "List-Unsubscribe": f"<{prepared.stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        attachments=(Attachment(laid.file_name, "application/pdf", pdf),),
    )
