"""What an alert looks like in the mail: a line for each account, as text and as HTML."""

from jinja2 import Environment

from app.alerts.rules.words import headline_of, subject_of
from app.alerts.services.preparing import Prepared
from app.core.letters import asked_for
from app.core.mail import Mail, one_line


def alert_mail(templates: Environment, prepared: Prepared, *, sender: str, is_sample: bool) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    return asked_for(
        templates,
        "alerts/moved",
        prepared,
        {"headline": headline_of(prepared.lines, prepared.left), "sample_data": is_sample},
        subject=one_line(subject_of(prepared.lines, prepared.left)),
        sender=sender,
    )
