"""One person: what there is of them, a copy of it, and its erasure in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.actions.services import erase_actions
from app.core.database import overwrite_what_goes
from app.core.errors import Missing
from app.core.outbox import mails_to
from app.customers.models import Contact
from app.customers.services import erased_key, forget_conversations
from app.interviews.services import withdraw_interviews
from app.interviews.services.appointments import forget_places
from app.interviews.services.attempts import forget_calls
from app.plans.services import forget_agreements
from app.pulse.services.saying import forget_judgements
from app.responses.services.blanking import Blanked, closed_questions, erase_responses, words_of
from app.scoring.services.sentiments import forget_marks
from app.studies.rules.budget import Consent
from app.studies.services.letters import erase_letters
from app.subjects.queries import NAMING_KINDS, Subject, hanging_on, logins_of, mentions, subject_of
from app.subjects.queries import copy as copied
from app.subjects.queries.judging import judging_places
from app.subjects.rules import ERASED_NAME, Place, Traces
from app.surveys.services.withdrawing import withdraw
from app.transfer.services.uploads import forget_waiting
from app.users.services import record_event


@dataclass(frozen=True)
class Erased:
    """What an erasure took away, and the files that the caller removes once it has committed."""

    traces: Traces
    mails: Sequence[Path]
    uploads: Sequence[str]


def traces_of(session: Session, *, address: str, outbox: Path) -> Traces:
    """Count what there is of a person; nothing changes. Missing where nobody has this address."""
    subject, mails = _known(session, address, outbox)
    blanked = words_of(session, subject.response_ids, closed=closed_questions(session))
    found = hanging_on(session, subject)
    places = judging_places(session, contact_ids=subject.contact_ids, words=subject.words)
    return _traces(subject, blanked, mails, mentions(session, subject), places, **found)


def copy_of(session: Session, *, address: str, outbox: Path, at: datetime) -> dict[str, Any]:
    """Return everything that is on record about a person as a JSON document; Missing where nobody has this address.

    Staff with the same address are named and no more.
    """
    subject, mails = _known(session, address, outbox)
    document = {
        "address": subject.address,
        "made_at": at,
        "contacts": copied.contact_lines(session, subject),
        "conversations": copied.conversation_lines(session, subject),
        "plans_agreed": copied.plan_lines(session, subject),
        "studies": copied.study_lines(session, subject),
        "invitations": copied.mail_lines(session, subject),
        "links": copied.link_lines(session, subject),
        "judgements": copied.judgement_lines(session, subject),
        "named_by": copied.referral_lines(session, subject),
        "interviews": copied.interview_lines(session, subject),
        "appointments": copied.appointment_lines(session, subject),
        "calls": copied.call_lines(session, subject),
        "predictions": copied.prediction_lines(session, subject),
        "follow_ups": copied.action_lines(session, subject),
        "letters": copied.letter_lines(session, subject),
        "answers_about_promises": copied.promise_lines(session, subject),
        "responses": copied.response_lines(session, subject),
        "mails_in_outbox": [path.name for path in mails],
        "logins": list(logins_of(session, subject.address)),
        "mentioned_by_others": mentions(session, subject),
    }
    found: dict[str, Any] = copied.plain(document)
    return found


def erase_person(session: Session, *, address: str, outbox: Path, at: datetime, actor_id: int | None = None) -> Erased:
    """Take away all that tells who a person is, and every word of theirs; numbers and what was chosen stay.

    The rows stay, marked, so that figures hold and no file brings them back. Missing where nobody has this address.
    """
    overwrite_what_goes(session)
    subject, mails = _known(session, address, outbox, is_locked=True)
    named = mentions(session, subject)
    places = judging_places(session, contact_ids=subject.contact_ids, words=subject.words)
    studies = hanging_on(session, subject)["studies"]
    interviews = withdraw_interviews(session, contact_ids=subject.contact_ids)
    forget_places(session, contact_ids=subject.contact_ids, at=at)
    forget_calls(session, contact_ids=subject.contact_ids)
    withdrawn = withdraw(session, contact_ids=subject.contact_ids, at=at)
    erase_actions(session, contact_ids=subject.contact_ids, at=at)
    erase_letters(session, contact_ids=subject.contact_ids)
    forget_conversations(session, contact_ids=subject.contact_ids)
    forget_agreements(session, contact_ids=subject.contact_ids)
    forget_judgements(session, contact_ids=subject.contact_ids)
    words = subject.words
    blanked = erase_responses(session, subject.response_ids, closed=closed_questions(session), words=words, at=at)
    forget_marks(session, subject.response_ids)
    for contact in subject.contacts:
        _erase_contact(contact, words, at)
    session.flush()
    session.expire_all()
    uploads = forget_waiting(session, kinds=NAMING_KINDS, actor_id=actor_id)
    counts = {
        "studies": studies,
        "interviews": interviews,
        "mails_waiting": withdrawn.mails,
        "links": withdrawn.links,
        "uploads_waiting": len(uploads),
    }
    traces = _traces(subject, blanked, mails, named, places, **counts)
    _record(session, subject, traces, actor_id)
    return Erased(traces, mails, uploads)


def _known(session: Session, address: str, outbox: Path, *, is_locked: bool = False) -> tuple[Subject, Sequence[Path]]:
    subject = subject_of(session, address, is_locked=is_locked)
    mails = mails_to(outbox, [subject.address]) if subject.address else []
    if not subject.contacts and not mails:
        raise Missing("Nobody on record has this address; check how it is written.", "email")
    return subject, mails


def _erase_contact(contact: Contact, words: Sequence[str], at: datetime) -> None:
    if any(word in contact.crm_id.lower() for word in words):
        contact.crm_id = erased_key(contact.crm_id)
    contact.name, contact.searched = ERASED_NAME, ERASED_NAME.lower()
    contact.email = contact.phone = contact.language = contact.timezone = None
    # Without a role nobody is drawn again, and without consent nobody is asked.
    contact.role, contact.is_primary, contact.consent = None, False, Consent.NO.value
    contact.custom = {}
    contact.erased_at = at


def _traces(
    subject: Subject,
    blanked: Blanked,
    mails: Sequence[Path],
    named: dict[str, int],
    places: Sequence[Place],
    **counts: int,
) -> Traces:
    return Traces(
        contacts=len(subject.contacts),
        responses=blanked.responses,
        answers_in_words=blanked.answers,
        notes_and_quotes=blanked.remarks,
        reasons=blanked.reasons,
        mails_in_outbox=len(mails),
        mentions=named,
        places=places,
        **counts,
    )


def _record(session: Session, subject: Subject, traces: Traces, actor_id: int | None) -> None:
    counts = {name: number for name, number in traces.document().items() if isinstance(number, int) and number}
    record_event(
        session,
        actor_id=actor_id,
        action="subject.erased",
        object_type="contact",
        object_id=subject.contact_ids[0] if subject.contacts else 0,
        fields={"contacts_erased": subject.contact_ids, "counts": counts},
    )
