"""One mail after another: claimed before the server is spoken to, and what became of it noted after."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from app.core.mail import Person
from app.core.retries import pause_after
from app.studies.models import Invitation, MailStop, Study
from app.studies.queries.budget import full_strata
from app.studies.rules.budget import Facts, Stop
from app.studies.rules.hours import next_working, zone_of
from app.studies.rules.links import Purpose, open_address, survey_address, unsubscribe_address
from app.studies.services.links import tokens_of_one
from app.studies.services.open_links import open_tokens
from app.surveys.mails import Letter
from app.surveys.queries.mails import due_invitation, mail_facts, own_wordings, waits
from app.surveys.rules.invitations.sending import Unwanted, kind_of, unwanted_because
from app.surveys.services.invitations import Place


class Fate(StrEnum):
    """What becomes of a claimed mail."""

    SENT = "sent"
    LATER = "later"
    RETURNED = "returned"
    DEAD = "dead"
    UNWANTED = "unwanted"
    PUT_OFF = "put_off"


@dataclass(frozen=True)
class Claimed:
    """A mail that is this worker's for now.

    `letter` is what to send; where it is None, `fate` and `reason` tell what became of the mail instead.
    """

    invitation_id: int
    contact_id: int
    version_id: int
    tries: int
    zone: tuple[str | None, str | None]
    letter: Letter | None
    fate: Fate = Fate.SENT
    reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a claimed mail, and the server's words where it was not sent."""

    claimed: Claimed
    fate: Fate
    reason: str | None = None


def claim_mail(session: Session, *, at: datetime, place: Place) -> Claimed | None:
    """Claim the mail that is due first, and look again whether it is still wanted; None where nothing is due.

    The caller commits before it speaks to the server: a crash after that leaves the claim, which goes stale, and the
    mail is sent again with the same Message-ID.
    """
    identity = due_invitation(session, at=at)
    if identity is None:
        return None
    session.execute(update(Invitation).where(Invitation.id == identity).values(claimed_at=at))
    return _claimed(session, mail_facts(session, identity), at, place)


def note_outcome(session: Session, *, outcome: Outcome, at: datetime, place: Place) -> None:
    """Note what became of a claimed mail: sent, to be tried again later, given up, or not wanted any more."""
    claimed, fate, reason = outcome.claimed, outcome.fate, outcome.reason
    if fate is Fate.SENT:
        _write(session, claimed, sent_at=at, reason=None)
    elif fate is Fate.UNWANTED:
        _write(session, claimed, cancelled_at=at, reason=reason)
    elif fate is Fate.PUT_OFF:
        _write(session, claimed, due_at=_working(claimed, at, place), claimed_at=None)
    elif fate is Fate.LATER:
        _note_failure(session, claimed, reason, at, place)
    else:
        _write(session, claimed, tries=claimed.tries + 1, failed_at=at, reason=reason)
        if fate is Fate.DEAD:
            _write(session, claimed, bounced_at=at)
            stop_mailing(session, contact_id=claimed.contact_id, reason=Stop.BOUNCED, at=at)


def stop_mailing(session: Session, *, contact_id: int, reason: Stop, at: datetime) -> bool:
    """Note that a person is not to be mailed any more; False where that stood there already.

    Who unsubscribed stays unsubscribed, whatever becomes of their address.
    """
    known = session.get(MailStop, contact_id, with_for_update=True)
    if known is None:
        session.add(MailStop(contact_id=contact_id, reason=reason.value, stopped_at=at))
    elif known.reason in {reason, Stop.UNSUBSCRIBED}:
        return False
    else:
        known.reason, known.stopped_at = reason.value, at
    session.flush()
    return True


def _claimed(session: Session, row: Row[Any], at: datetime, place: Place) -> Claimed:
    study: Study = row.Study
    addresses = _addresses(session, row, place)
    because = unwanted_because(
        _facts(row, row.stratum in full_strata(session, study)),
        at=at,
        closes_on=study.closes_on,
        closed_at=study.closed_at,
        has_link=addresses is not None,
    )
    zone = (row.timezone, row.country)
    common = (row.invitation_id, row.contact_id, study.version_id, row.tries, zone)
    if because or addresses is None:
        because = because or Unwanted.NO_LINK
        return Claimed(*common, None, Fate.UNWANTED, because.value)
    if next_working(at, zone_of(*zone), at_any_hour=place.at_any_hour) > at:
        return Claimed(*common, None, Fate.PUT_OFF)
    return Claimed(*common, _letter(session, row, addresses))


def _addresses(session: Session, row: Row[Any], place: Place) -> tuple[str, str] | None:
    """Where the survey is found, and the way out of mails; None where either link was withdrawn."""
    study: Study = row.Study
    tokens = tokens_of_one(session, respondent_id=row.respondent_id, secret=place.secret)
    if study.is_anonymous:
        shared = open_tokens(session, study=study, secret=place.secret, stratum=row.stratum).get(row.stratum)
        survey = open_address(place.base_url, shared) if shared else None
    else:
        own = tokens.get(Purpose.SURVEY)
        survey = survey_address(place.base_url, own) if own else None
    leave = tokens.get(Purpose.UNSUBSCRIBE)
    return (survey, unsubscribe_address(place.base_url, leave)) if survey and leave else None


def _facts(row: Row[Any], is_quota_full: bool) -> Facts:
    return Facts(
        consent=row.consent,
        stop=row.stop,
        has_address=bool(row.email),
        has_answered=row.submitted_at is not None,
        has_refused=row.has_refused,
        is_quota_full=is_quota_full,
    )


def _letter(session: Session, row: Row[Any], addresses: tuple[str, str]) -> Letter:
    kind = kind_of(row.number)
    return Letter(
        to=Person(row.email, row.name),
        account=row.account,
        organisation=row.organisation,
        owner=Person(row.owner_email, row.owner) if row.owner_email else None,
        closes_on=row.Study.closes_on,
        kind=kind,
        language=row.language,
        message_id=row.message_id,
        link=addresses[0],
        unsubscribe=addresses[1],
        is_anonymous=row.Study.is_anonymous,
        own=own_wordings(session, row.Study.id, kind),
    )


def _note_failure(session: Session, claimed: Claimed, reason: str | None, at: datetime, place: Place) -> None:
    tries = claimed.tries + 1
    pause = pause_after(tries)
    if pause is None:
        _write(session, claimed, tries=tries, failed_at=at, reason=reason)
    else:
        due_at = _working(claimed, at + pause, place)
        _write(session, claimed, tries=tries, due_at=due_at, claimed_at=None, reason=reason)


def _working(claimed: Claimed, at: datetime, place: Place) -> datetime:
    return next_working(at, zone_of(*claimed.zone), at_any_hour=place.at_any_hour)


def _write(session: Session, claimed: Claimed, **values: Any) -> None:
    """Note facts about a mail; only its having been sent may be noted after it was stopped meanwhile."""
    is_it = (Invitation.id == claimed.invitation_id,)
    if "sent_at" not in values and "bounced_at" not in values:
        is_it = (*is_it, waits())  # type: ignore[assignment]  # A longer tuple of conditions.
    session.execute(update(Invitation).where(*is_it).values(**values))
