"""What an alert looks like in the mail: a line for each account, as text and as HTML."""

from jinja2 import Environment

from app.alerts.rules.words import headline_of, subject_of
from app.alerts.services.preparing import Prepared
from app.core.mail import Mail, Person, one_line

OURS = "Parallax"
"""Who writes where the workspace has not said its name."""


def alert_mail(templates: Environment, prepared: Prepared, *, sender: str, is_sample: bool) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    organisation = one_line(prepared.organisation or OURS)
    subject = one_line(subject_of(prepared.lines, prepared.left))
    page = {
        "mail": prepared,
        "subject": subject,
        "headline": headline_of(prepared.lines, prepared.left),
        "organisation": organisation,
        "sample_data": is_sample,
    }
    return Mail(
        sender=Person(sender, organisation),
        to=prepared.to,
        subject=subject,
        text=templates.get_template("emails/alerts/moved.txt").render(page),
        html=templates.get_template("emails/alerts/moved.html").render(page),
        message_id=prepared.message_id,
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": "en",
            "List-Unsubscribe": f"<{prepared.stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
