"""A name that somebody mentioned becomes a contact of the account."""

import uuid
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.core.errors import Refusal
from app.customers.models import Account, Contact
from app.customers.services import note_searched
from app.stakeholders.models import Referral
from app.stakeholders.rules.names import Named, checked_name
from app.studies.rules.budget import Consent
from app.users.services import record_event

SAME_ADDRESS = "Somebody with this address is on record at this account already, so nobody was added."
SAME_NAME = "Somebody of this name is on record here already; if this is another person, add their e-mail address."


def add_name(
    session: Session,
    *,
    account_id: int,
    typed: Named,
    at: datetime,
    by: int,
    referred_by: int | None = None,
    interview_id: int | None = None,
) -> Contact:
    """Make a contact of a name that was mentioned, and note by whom and where; whether they agree is not known yet.

    Refused where it cannot be kept, or where the account has somebody with this address or of this name already.
    """
    named = checked_name(typed)
    # Of two who add the same person at once the second must see what the first did.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    _refuse_known(session, account_id, named)
    contact = Contact(
        crm_id=f"named-{uuid.uuid4().hex[:16]}",
        account_id=account_id,
        name=named.name,
        role=named.role or None,
        email=named.email or None,
        phone=named.phone or None,
        consent=Consent.UNKNOWN.value,
    )
    session.add(contact)
    session.flush()
    referral = Referral(
        contact_id=contact.id, referred_by=referred_by, interview_id=interview_id, noted_by=by, noted_at=at
    )
    session.add(referral)
    session.flush()
    note_searched(session)
    record_event(
        session,
        actor_id=by,
        action="contact.named",
        object_type="contact",
        object_id=contact.id,
        fields={"account": account_id, "interview": interview_id, "referred_by": referred_by},
    )
    return contact


def _refuse_known(session: Session, account_id: int, named: Named) -> None:
    same_address = small_letters(func.coalesce(Contact.email, "")) == named.email.lower()
    same_name = small_letters(Contact.name) == named.name.lower()
    wanted = or_(same_address, same_name) if named.email else same_name
    for name, email in session.execute(
        select(Contact.name, Contact.email).where(Contact.account_id == account_id, wanted)
    ):
        if named.email and (email or "").lower() == named.email.lower():
            raise Refusal(SAME_ADDRESS, "email")
        if not named.email and name.lower() == named.name.lower():
            raise Refusal(SAME_NAME, "name")
