"""What a letter looks like in the mail: the same words as text and as HTML, with the link where it goes."""

from jinja2 import Environment
from markupsafe import Markup, escape

from app.core.mail import Mail, Person, one_line
from app.questionnaires.rules.languages import direction_of
from app.studies.rules.letters import LINK, LetterKind, paragraphs
from app.studies.services.letters import Ready

OURS = "Parallax"
"""Who writes where the workspace has not said its name."""
UNASKED = (LetterKind.ACTION, LetterKind.REMINDER)
"""The letters that nobody wrote by hand."""


def letter_mail(templates: Environment, ready: Ready, sender: str) -> Mail:
    """A letter as it is sent, multipart, answered to who wrote it."""
    page = {
        "subject": one_line(ready.wording.subject),
        "paragraphs": shown_paragraphs(ready.wording.body, ready.link),
        "language": ready.language,
        "direction": direction_of(ready.language),
        "organisation": ready.organisation,
    }
    return Mail(
        sender=Person(sender, one_line(ready.organisation or OURS)),
        to=ready.to,
        subject=one_line(ready.wording.subject),
        text=ready.wording.body.replace(LINK, ready.link or LINK) + "\n",
        html=templates.get_template("emails/studies/letter.html").render(page),
        message_id=ready.message_id,
        reply_to=ready.writer,
        headers=headers_of(ready),
    )


def shown_paragraphs(body: str, link: str | None) -> list[Markup]:
    """The paragraphs of a body as HTML, its link to be clicked; where a letter has none, the words stay as typed."""
    anchor = Markup('<a href="{0}">{0}</a>').format(link) if link else escape(LINK)
    return [
        Markup("<br>").join(anchor.join(escape(part) for part in line.split(LINK)) for line in lines)
        for lines in paragraphs(body)
    ]


def headers_of(ready: Ready) -> dict[str, str]:
    """The language of a letter, and whether nobody wrote it by hand."""
    headers = {"Content-Language": ready.language}
    return headers | {"Auto-Submitted": "auto-generated"} if ready.kind in UNASKED else headers
