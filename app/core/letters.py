"""The mail to somebody who asked for it: the same words as text and as HTML, and a way out with one click."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jinja2 import Environment

from app.core.mail import Attachment, Mail, Person, one_line

OURS = "Parallax"
"""Who writes where the workspace has not said its name."""


class Wanted(Protocol):
    """What is known of a mail before it is written; `stop_address` is its way out."""

    @property
    def to(self) -> Person:
        """Who gets it."""

    @property
    def organisation(self) -> str | None:
        """The name of the workspace, where it has one."""

    @property
    def message_id(self) -> str:
        """By which it is known again."""

    @property
    def stop_address(self) -> str:
        """Where its one button leads."""


def asked_for(
    templates: Environment,
    template: str,
    wanted: Wanted,
    page: Mapping[str, Any],
    *,
    subject: str,
    sender: str,
    attachments: Sequence[Attachment] = (),
) -> Mail:
    """The mail that the two templates of a name make of a page, which gets mail, subject and organisation beside it."""
    organisation = one_line(wanted.organisation or OURS)
    whole = {"mail": wanted, "subject": subject, "organisation": organisation, **page}
    return Mail(
        sender=Person(sender, organisation),
        to=wanted.to,
        subject=subject,
        text=templates.get_template(f"emails/{template}.txt").render(whole),
        html=templates.get_template(f"emails/{template}.html").render(whole),
        message_id=wanted.message_id,
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": "en",
            "List-Unsubscribe": f"<{wanted.stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        attachments=tuple(attachments),
    )
