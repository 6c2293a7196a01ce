"""What a report looks like in the mail: its first page in words, as text and as HTML, with the page itself attached."""

from jinja2 import Environment

from app.core.mail import Attachment, Mail, Person, one_line
from app.reports.delivering import Prepared
from app.reports.rules.document import Document
from app.reports.rules.report import report
from app.reports.rules.words import shortened

OURS = "Parallax"
"""Who writes where the workspace has not said its name."""
LONGEST_SUBJECT = 150


def report_mail(templates: Environment, prepared: Prepared, document: Document, *, pdf: bytes, sender: str) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    made = report(document)
    edition = f", edition {prepared.number}" if prepared.number else ""
    organisation = one_line(prepared.organisation or OURS)
    subject = shortened(one_line(f"{made.name}{edition}: {first_sentence(made.headline)}"), LONGEST_SUBJECT)
    page = {"report": made, "mail": prepared, "subject": subject, "edition": edition, "organisation": organisation}
    name = f"gap-report-{prepared.study}{f'-edition-{prepared.number}' if prepared.number else ''}.pdf"
    return Mail(
        sender=Person(sender, organisation),
        to=prepared.to,
        subject=subject,
        text=templates.get_template("emails/reports/report.txt").render(page),
        html=templates.get_template("emails/reports/report.html").render(page),
        message_id=prepared.message_id,
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": "en",
            "List-Unsubscribe": f"<{prepared.stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        attachments=(Attachment(name, "application/pdf", pdf),),
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop: what fits into a list of mails."""
    return text.partition(". ")[0].removesuffix(".")
