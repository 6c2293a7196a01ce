"""Somebody is asked by mail who else should be heard: queued here, sent by the worker."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.core.retries import pause_after
from app.customers.models import Account, Contact
from app.stakeholders.models import NamesRequest
from app.stakeholders.queries.due import due
from app.stakeholders.queries.people import last_request
from app.stakeholders.rules.letters import checked_letter
from app.studies.models import MailStop
from app.studies.queries.budget import budget_of
from app.studies.rules.budget import Budget, Facts, Held, held_words, not_to_be_mailed
from app.users.models import User
from app.users.services import record_event


@dataclass(frozen=True)
class Claimed:
    """A mail that is this worker's for now; `held` tells why it is not to be sent after all."""

    id: int
    tries: int
    subject: str
    body: str
    message_id: str
    to: tuple[str, str]
    sender: tuple[str, str]
    held: Held | None


def refusal_to_ask(session: Session, *, contact: Contact, at: datetime) -> str | None:
    """Why a person is not asked for names now, in a sentence; None where they may be.

    What they said about being asked counts, and that they are not asked again within the days of the contact budget.
    """
    budget = budget_of(session)
    stop = session.scalar(select(MailStop.reason).where(MailStop.contact_id == contact.id))
    held = not_to_be_mailed(Facts(consent=contact.consent, stop=stop, has_address=bool(contact.email)))
    if held:
        return held_words(held, budget)
    return _asked_lately(last_request(session, contact_id=contact.id), budget, at)


def ask_for_names(
    session: Session, *, account: Account, contact_id: int, subject: str, body: str, host: str, at: datetime, by: int
) -> NamesRequest:
    """Queue the mail that asks a contact of the account for names, in these words; Refusal where it may not go out."""
    contact = session.scalar(
        select(Contact)
        .where(Contact.id == contact_id, Contact.account_id == account.id, Contact.erased_at.is_(None))
        .with_for_update()
    )
    if contact is None:
        raise Missing("There is no such person at this account.", "contact")
    letter = checked_letter(subject, body)
    because = refusal_to_ask(session, contact=contact, at=at)
    if because:
        raise Refusal(because, "contact")
    request = NamesRequest(
        account_id=account.id,
        contact_id=contact.id,
        asked_by=by,
        subject=letter.subject,
        body=letter.body,
        message_id=f"<names-{uuid.uuid4().hex}@{host}>",
        created_at=at,
        due_at=at,
    )
    session.add(request)
    session.flush()
    record_event(
        session,
        actor_id=by,
        action="contact.ask_for_names",
        object_type="contact",
        object_id=contact.id,
        fields={"account": account.crm_id},
    )
    return request


def claim_request(session: Session, *, at: datetime) -> Claimed | None:
    """Claim the mail that is due first, looking again whether it may go out; None where nothing is due."""
    row = session.execute(
        select(
            NamesRequest, Contact, MailStop.reason, User.email, func.coalesce(func.nullif(User.name, ""), User.email)
        )
        .join(Contact, Contact.id == NamesRequest.contact_id)
        .join(User, User.id == NamesRequest.asked_by)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .where(due(at))
        .order_by(NamesRequest.due_at, NamesRequest.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=NamesRequest)
    ).first()
    if row is None:
        return None
    request, contact, stop, sender_email, sender_name = row
    request.claimed_at = at
    session.flush()
    held = not_to_be_mailed(Facts(consent=contact.consent, stop=stop, has_address=bool(contact.email)))
    return Claimed(
        request.id,
        request.tries,
        request.subject,
        request.body,
        request.message_id,
        (contact.email or "", contact.name),
        (sender_email, sender_name),
        held,
    )


def note_sent(session: Session, claimed: Claimed, *, at: datetime) -> None:
    """Note that a mail went out."""
    _write(session, claimed, sent_at=at, reason=None)


def note_later(session: Session, claimed: Claimed, *, reason: str, at: datetime) -> None:
    """Note that the server did not take a mail now: it is tried again after a pause, and given up after many."""
    tries = claimed.tries + 1
    pause = pause_after(tries)
    if pause is None:
        _write(session, claimed, tries=tries, failed_at=at, reason=reason)
    else:
        _write(session, claimed, tries=tries, due_at=at + pause, claimed_at=None, reason=reason)


def note_given_up(session: Session, claimed: Claimed, *, reason: str, at: datetime) -> None:
    """Note that a mail will never arrive, or may not go out any more."""
    field = "cancelled_at" if claimed.held else "failed_at"
    _write(session, claimed, **{field: at}, reason=reason)


def withdraw_requests(session: Session, *, contact_ids: list[int], at: datetime) -> int:
    """Stop all such mails to these people, blank the words of those that went out, and return how many there were."""
    theirs = NamesRequest.contact_id.in_(contact_ids)
    found = session.scalars(
        update(NamesRequest).where(theirs).values(subject="", body="", reason=None).returning(NamesRequest.id)
    ).all()
    waits = (NamesRequest.sent_at.is_(None), NamesRequest.failed_at.is_(None), NamesRequest.cancelled_at.is_(None))
    session.execute(update(NamesRequest).where(theirs, *waits).values(cancelled_at=at))
    return len(found)


def _asked_lately(last: NamesRequest | None, budget: Budget, at: datetime) -> str | None:
    if last is None or last.failed_at is not None or last.created_at <= at - timedelta(days=budget.person_days):
        return None
    days = (at - last.created_at).days
    when = "today" if not days else "yesterday" if days == 1 else f"{days} days ago"
    return f"They were asked for names {when}; wait {budget.person_days} days before you ask again."


def _write(session: Session, claimed: Claimed, **values: Any) -> None:
    session.execute(update(NamesRequest).where(NamesRequest.id == claimed.id).values(**values))
