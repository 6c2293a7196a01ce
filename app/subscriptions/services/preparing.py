"""One mail with a page after another: queued by its day, made for its reader, claimed, and its fate noted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.mail import Person
from app.core.posting import Fate, fate_values
from app.core.waiting import claim, note
from app.reports.rules.delivery import arrival
from app.studies.rules.links import page_address, page_token
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.queries.mails import figures_told, is_within, mail_facts
from app.subscriptions.queries.subscriptions import due_by_day, due_by_renewal, wish_of
from app.subscriptions.rules.wishes import Unsent, next_by_day
from app.subscriptions.rules.words import Figures, Moved, figures_document, figures_of, moved
from app.surveys.services.invitations import Place
from app.users.queries import scope_of, why_barred
from app.users.rules import Scope

ID_BYTES = 16
FALLBACK_HOST = "localhost"


@dataclass(frozen=True)
class Laid:
    """The page of an account as it is laid out for a reader: its HTML for paper, what it is called, and its figures."""

    html: str
    file_name: str
    figures: Figures


@dataclass(frozen=True)
class Access:
    """By which scope a reader sees the account now, or why they get nothing."""

    scope: Scope | None = None
    because: Unsent | None = None


@dataclass(frozen=True)
class Prepared:
    """A mail as its reader may have it; without a page it is not sent after all, `access` says why."""

    mail_id: int
    tries: int
    access: Access
    to: Person
    name: str
    organisation: str | None
    ordered_by: str | None
    rhythm: str
    message_id: str
    page_address: str
    settings_address: str
    stop_address: str
    laid: Laid | None
    moved: Moved | None


LayOut = Callable[[Scope, str], Laid]
"""Lays out the page of an account, by its CRM id, for a reader; whoever draws pages hands it in."""


def is_anything_due(session: Session, *, at: datetime) -> bool:
    """Tell whether somebody's day has come."""
    return bool(due_by_day(session, at=at) or due_by_renewal(session, at=at))


def queue_due(session: Session, *, at: datetime, place: Place) -> int:
    """Note the mails whose day has come, and return how many are new.

    Running it twice, or twice at once, notes none twice. What was missed while no worker ran is one mail.
    """
    due = due_by_day(session, at=at)
    occasions = [(each.id, each.next_at.date().isoformat()) for each in due]
    occasions += due_by_renewal(session, at=at)
    if due:
        any_hour = place.at_any_hour
        later = [{"id": row.id, "next_at": next_by_day(wish_of(row), at.date(), at_any_hour=any_hour)} for row in due]
        session.execute(sa.update(PageSubscription), later)
    return _queued(session, occasions, at, place) if occasions else 0


def prepared_mail(session: Session, *, mail_id: int, place: Place, lay_out: LayOut) -> Prepared:
    """Return a mail with the page that its reader may see now, or why there is none; reads only."""
    row = mail_facts(session, mail_id)
    mail, kept, account, person = row.PageMail, row.PageSubscription, row.Account, row.User
    access = _access(session, row)
    laid = lay_out(access.scope, account.crm_id) if access.scope else None
    page = f"{place.base_url}/accounts/{quote(account.crm_id, safe='')}"
    token = page_token(place.secret, subscription_id=kept.id, nonce=kept.nonce)
    return Prepared(
        mail_id=mail.id,
        tries=mail.tries,
        access=access,
        to=Person(person.email, person.name or ""),
        name=account.name,
        organisation=row.organisation,
        ordered_by=row.ordered_by if kept.made_by != kept.user_id else None,
        rhythm=wish_of(kept).words,
        message_id=mail.message_id,
        page_address=page,
        settings_address=f"{page}/subscribe",
        stop_address=page_address(place.base_url, kept.id, token),
        laid=laid,
        moved=moved(laid.figures, figures_of(figures_told(session, kept.id))) if laid else None,
    )


def claim_mail(session: Session, *, prepared: Prepared, at: datetime) -> bool:
    """Claim a mail that was prepared; False where its reader may see something else by now, or as `claim` has it."""
    if _access(session, mail_facts(session, prepared.mail_id)) != prepared.access:
        return False
    return claim(session, PageMail, prepared.mail_id, at=at)


def note_fate(
    session: Session, *, prepared: Prepared, fate: Fate, reason: str | None, at: datetime, place: Place
) -> None:
    """Note what became of a claimed mail, and with one that was sent the figures that it told."""
    values: dict[str, Any] = fate_values(fate, tries=prepared.tries + 1, reason=reason, at=at)
    if "due_at" in values:
        values["due_at"] = arrival(values["due_at"], at_any_hour=place.at_any_hour)
    if fate is Fate.SENT and prepared.laid:
        values["figures"] = figures_document(prepared.laid.figures)
    note(session, PageMail, prepared.mail_id, fate=fate, values=values)


def _queued(session: Session, occasions: list[tuple[int, str]], at: datetime, place: Place) -> int:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    host = urlsplit(place.base_url).hostname or FALLBACK_HOST
    common = {"due_at": arrival(at, at_any_hour=place.at_any_hour), "created_at": at, "tries": 0}
    rows = [
        common
        | {"subscription_id": subscription, "occasion": occasion}
        | {"message_id": f"<page-{secrets.token_hex(ID_BYTES)}@{host}>"}
        for subscription, occasion in occasions
    ]
    once = dialect.insert(PageMail).on_conflict_do_nothing(index_elements=["subscription_id", "occasion"])
    return len(session.execute(once.values(rows).returning(PageMail.id)).all())


def _access(session: Session, row: Any) -> Access:
    kept, person = row.PageSubscription, row.User
    if kept.ended_at is not None:
        return Access(because=Unsent.ENDED)
    if (barred := why_barred(session, person)) is not None:
        return Access(because=Unsent(barred))
    scope = scope_of(person)
    if not is_within(session, scope=scope, account_id=row.Account.id):
        return Access(because=Unsent.NO_ACCESS)
    return Access(scope)
