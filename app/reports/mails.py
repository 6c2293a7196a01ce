"""What a report looks like in the mail: its first page in words, as text and as HTML, with the page itself attached."""

from jinja2 import Environment

from app.core.letters import asked_for
from app.core.mail import Attachment, Mail, one_line
from app.reports.delivering import Prepared
from app.reports.rules.document import Document
from app.reports.rules.report import report
from app.reports.rules.words import shortened

LONGEST_SUBJECT = 150


def report_mail(templates: Environment, prepared: Prepared, document: Document, *, pdf: bytes, sender: str) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    made = report(document)
    edition = f", edition {prepared.number}" if prepared.number else ""
    name = f"gap-report-{prepared.study}{f'-edition-{prepared.number}' if prepared.number else ''}.pdf"
    return asked_for(
        templates,
        "reports/report",
        prepared,
        {"report": made, "edition": edition},
        subject=shortened(one_line(f"{made.name}{edition}: {first_sentence(made.headline)}"), LONGEST_SUBJECT),
        sender=sender,
        attachments=(Attachment(name, "application/pdf", pdf),),
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop: what fits into a list of mails."""
    return text.partition(". ")[0].removesuffix(".")
