"""One report by mail after another: queued by its day or edition, made for its reader, claimed, and its fate noted."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.core.mail import Person
from app.core.posting import Fate, fate_values
from app.core.waiting import claim, note
from app.reports.models import Edition, ReportMail, ReportSubscription
from app.reports.publishing import edition_document
from app.reports.queries import assigned_ids
from app.reports.queries.delivery import due_subscriptions, mail_facts, unsent_editions
from app.reports.rules.delivery import Rhythm, Unsent, Wish, arrival
from app.reports.rules.document import Document
from app.reports.rules.editions import may_read, told_again
from app.reports.services import gap_report
from app.reports.subscribing import next_at, wish_of
from app.scoring.queries import scoring_of
from app.studies.models import Study
from app.studies.rules.links import stop_address, stop_token
from app.studies.scope import may_see_all, study_in_scope
from app.surveys.services.invitations import Place
from app.users.models import User
from app.users.queries import scope_of, why_barred
from app.users.rules import Scope

ID_BYTES = 16
FALLBACK_HOST = "localhost"


@dataclass(frozen=True)
class Access:
    """What a reader may see of a study: `only` are the ids of accounts, None is all; or why they get nothing."""

    scope: Scope | None = None
    only: frozenset[int] | None = None
    because: Unsent | None = None

    @property
    def reader(self) -> str | None:
        """The address by which the reader sees assigned accounts alone; None for whoever sees all."""
        return None if self.only is None or self.scope is None else self.scope.email


@dataclass(frozen=True)
class Prepared:
    """A mail as its reader may have it; where `because` stands, it is not sent after all."""

    mail_id: int
    tries: int
    access: Access
    to: Person
    study: str
    name: str
    number: int | None
    organisation: str | None
    ordered_by: str | None
    rhythm: str
    message_id: str
    report_address: str
    settings_address: str
    stop_address: str
    document: Document | None
    because: str | None


def nothing_to_send(session: Session, study: Study) -> Unsent | None:
    """Return why there is no report of a study to send at the moment; None where there is one."""
    scoring = scoring_of(session, study)
    if scoring is None:
        return Unsent.UNSCORED
    return None if (scoring.figures.get("sample") or {}).get("responded") else Unsent.EMPTY


def queue_due(session: Session, *, at: datetime, place: Place) -> int:
    """Note the mails whose day has come or whose edition is out, and return how many are new.

    Running it twice, or twice at once, notes none twice. What was missed while no worker ran is one mail.
    """
    due = due_subscriptions(session, at=at)
    occasions = [(each.id, None, each.next_at.date().isoformat()) for each in due]
    occasions += [(each.id, each.edition_id, f"edition {each.number}") for each in unsent_editions(session)]
    if due:
        next_ones = ((each.id, Wish(Rhythm(each.rhythm), each.day)) for each in due)
        later = [{"id": key, "next_at": next_at(wish, at, place.at_any_hour)} for key, wish in next_ones]
        session.execute(sa.update(ReportSubscription), later)
    return _queued(session, occasions, at, place) if occasions else 0


def prepared_mail(session: Session, *, mail_id: int, place: Place) -> Prepared:
    """Return a mail with the document that its reader may see now, or why there is none; reads only.

    Words of customers stay in the house: what a mail took away could never be taken back from it.
    """
    row = mail_facts(session, mail_id)
    mail, kept, study, edition, person = row.ReportMail, row.ReportSubscription, row.Study, row.Edition, row.User
    access = _access(session, kept, study, person)
    document, because = _document(session, study, edition, access)
    page = f"{place.base_url}/studies/{study.key}/gaps"
    token = stop_token(place.secret, subscription_id=kept.id, nonce=kept.nonce)
    return Prepared(
        mail_id=mail.id,
        tries=mail.tries,
        access=access,
        to=Person(person.email, person.name),
        study=study.key,
        name=study.name,
        number=edition.number if edition else None,
        organisation=row.organisation,
        ordered_by=row.ordered_by if kept.made_by != kept.user_id else None,
        rhythm=wish_of(kept).words,
        message_id=mail.message_id,
        report_address=f"{page}/editions/{edition.number}" if edition else page,
        settings_address=f"{page}/delivery",
        stop_address=stop_address(place.base_url, kept.id, token),
        document=document,
        because=because,
    )


def claim_mail(session: Session, *, prepared: Prepared, at: datetime) -> bool:
    """Claim a mail that was prepared; False where its reader may see something else by now, or as `claim` has it."""
    row = mail_facts(session, prepared.mail_id)
    if _access(session, row.ReportSubscription, row.Study, row.User) != prepared.access:
        return False
    return claim(session, ReportMail, prepared.mail_id, at=at)


def note_fate(
    session: Session, *, prepared: Prepared, fate: Fate, reason: str | None, at: datetime, place: Place
) -> None:
    """Note what became of a claimed mail: sent, to be tried again later, given up, or not wanted any more."""
    values = fate_values(fate, tries=prepared.tries + 1, reason=reason, at=at)
    if "due_at" in values:
        values["due_at"] = arrival(values["due_at"], at_any_hour=place.at_any_hour)
    note(session, ReportMail, prepared.mail_id, fate=fate, values=values)


def _queued(session: Session, occasions: Sequence[tuple[int, int | None, str]], at: datetime, place: Place) -> int:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    host = urlsplit(place.base_url).hostname or FALLBACK_HOST
    common = {"due_at": arrival(at, at_any_hour=place.at_any_hour), "created_at": at, "tries": 0}
    rows = [
        common
        | {"subscription_id": subscription, "edition_id": edition, "occasion": occasion}
        | {"message_id": f"<report-{secrets.token_hex(ID_BYTES)}@{host}>"}
        for subscription, edition, occasion in occasions
    ]
    once = dialect.insert(ReportMail).on_conflict_do_nothing(index_elements=["subscription_id", "occasion"])
    return len(session.execute(once.values(rows).returning(ReportMail.id)).all())


def _access(session: Session, kept: ReportSubscription, study: Study, person: User) -> Access:
    if kept.ended_at is not None:
        return Access(because=Unsent.ENDED)
    if (barred := why_barred(session, person)) is not None:
        return Access(because=Unsent(barred))
    scope = scope_of(person)
    try:
        study_in_scope(session, scope=scope, key=study.key)
    except Missing:
        return Access(because=Unsent.NO_ACCESS)
    return Access(scope, None if may_see_all(scope, study) else frozenset(assigned_ids(session, study, scope)))


def _document(
    session: Session, study: Study, edition: Edition | None, access: Access
) -> tuple[Document | None, str | None]:
    because = access.because or (nothing_to_send(session, study) if edition is None else None)
    if because is not None:
        return None, because.value
    try:
        if edition is None:
            document = gap_report(session, study=study, only_accounts=access.only)
        elif not may_read(edition.choice, access.reader):
            return None, Unsent.OTHER_PART.value
        else:
            document = edition_document(session, edition=edition, only=access.only)
    except Refusal as refusal:
        return None, refusal.sentence
    if not document["sample"].get("responded"):
        return None, Unsent.EMPTY.value
    return told_again(document, {}), None
