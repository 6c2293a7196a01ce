"""What the two who meet find in the mail about their appointment, as text, as HTML and for the calendar."""

from zoneinfo import ZoneInfo

from jinja2 import Environment

from app.core.mail import Mail, Person, one_line
from app.interviews.rules.appointment_text import Agreed, Told, entry_of, told
from app.interviews.rules.appointment_words import Kind
from app.interviews.rules.calendar import calendar_text
from app.interviews.rules.meeting import WAYS
from app.interviews.rules.moments import moment_words, utc_words
from app.interviews.services.appointment_mails import ClaimedMail
from app.questionnaires.rules.languages import direction_of


def appointment_mail(templates: Environment, claimed: ClaimedMail, agreed: Agreed, *, sender: str, base: str) -> Mail:
    """Return the mail as it is sent: to the interviewer a few lines, to the contact with an entry for the calendar."""
    is_for_contact = agreed.kind is not Kind.INTERVIEWER
    words = told(agreed) if is_for_contact else _for_interviewer(agreed, claimed, base)
    entry = entry_of(agreed, words, stamp=claimed.created_at)
    page = {"told": words, "direction": direction_of(words.language)}
    return Mail(
        sender=Person(sender, one_line(words.sender)),
        to=Person(*(agreed.contact if is_for_contact else agreed.interviewer)),
        subject=one_line(words.subject),
        text=templates.get_template("emails/interviews/appointment.txt").render(page),
        html=templates.get_template("emails/interviews/appointment.html").render(page),
        message_id=claimed.message_id,
        reply_to=Person(*agreed.interviewer) if is_for_contact else None,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": words.language},
        calendar=(calendar_text(entry), entry.method.value) if entry else None,
    )


def _for_interviewer(agreed: Agreed, claimed: ClaimedMail, base: str) -> Told:
    local = moment_words(agreed.starts_at, ZoneInfo(agreed.timezone), "en")
    facts = (
        ("Their time", local),
        ("In UTC", utc_words(agreed.starts_at, "en")),
        ("How", f"{WAYS[agreed.way]}, {agreed.place}"),
        ("How long", f"{agreed.minutes} minutes"),
        ("Phone on record", claimed.phone or "none"),
        ("The guide", f"{base.rstrip('/')}/interviews/{claimed.interview_id}"),
    )
    return Told(
        language="en",
        subject=f"In an hour: {agreed.contact[1]}, {agreed.account}",
        greeting=f"Hello {agreed.interviewer[1]},",
        opening=f"your interview with {agreed.contact[1]} of {agreed.account} begins soon:",
        facts=facts,
        ending="Nothing is to be done now; this only reminds you.",
        regards="",
        interviewer="Parallax",
        organisation=agreed.organisation or "Parallax",
        summary="",
    )
