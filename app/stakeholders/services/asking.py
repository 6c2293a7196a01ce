"""Somebody is asked by mail who else should be heard: looked at here, and queued as a letter that the worker sends."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Account, Contact
from app.studies.models import Letter, MailStop
from app.studies.queries.budget import budget_of
from app.studies.queries.letters import last_letter
from app.studies.rules.budget import Budget, Facts, held_words, not_to_be_mailed
from app.studies.rules.letters import LetterKind, Wording, checked
from app.studies.services.letters import Reader, queue_letter
from app.users.services import record_event


def refusal_to_ask(session: Session, *, contact: Contact, at: datetime) -> str | None:
    """Why a person is not asked for names now, in a sentence; None where they may be.

    What they said about being asked counts, and that they are not asked again within the days of the contact budget.
    """
    budget = budget_of(session)
    stop = session.scalar(select(MailStop.reason).where(MailStop.contact_id == contact.id))
    held = not_to_be_mailed(Facts(consent=contact.consent, stop=stop, has_address=bool(contact.email)))
    if held:
        return held_words(held, budget)
    return _asked_lately(_last_request(session, contact), budget, at)


def ask_for_names(
    session: Session, *, account: Account, contact_id: int, wording: Wording, base_url: str, at: datetime, by: int
) -> bool:
    """Queue the letter that asks a contact of the account for names, in these words; Refusal where it may not go out.

    Its key names the request before it: two at once are one letter, and one after the pause is another.
    """
    contact = session.scalar(
        select(Contact)
        .where(Contact.id == contact_id, Contact.account_id == account.id, Contact.erased_at.is_(None))
        .with_for_update()
    )
    if contact is None:
        raise Missing("There is no such person at this account.", "contact")
    letter = checked(wording)
    because = refusal_to_ask(session, contact=contact, at=at)
    if because:
        raise Refusal(because, "contact")
    last = _last_request(session, contact)
    is_new = queue_letter(
        session,
        kind=LetterKind.NAMES,
        key=f"names-{contact.id}-{last.id if last else 0}",
        reader=Reader(contact_id=contact.id),
        wording=letter,
        base_url=base_url,
        at=at,
        by=by,
    )
    if is_new:
        record_event(
            session,
            actor_id=by,
            action="contact.ask_for_names",
            object_type="contact",
            object_id=contact.id,
            fields={"account": account.crm_id},
        )
    return is_new


def _last_request(session: Session, contact: Contact) -> Letter | None:
    return last_letter(session, contact_id=contact.id, kind=LetterKind.NAMES)


def _asked_lately(last: Letter | None, budget: Budget, at: datetime) -> str | None:
    if last is None or last.failed_at is not None or last.created_at <= at - timedelta(days=budget.person_days):
        return None
    days = (at - last.created_at).days
    when = "today" if not days else "yesterday" if days == 1 else f"{days} days ago"
    return f"They were asked for names {when}; wait {budget.person_days} days before you ask again."
