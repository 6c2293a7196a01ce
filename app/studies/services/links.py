"""Links to a survey: issued per respondent, listed as often as wanted, revoked one by one."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_rows
from app.core.errors import Missing, Refusal
from app.studies.models import Link, Study
from app.studies.queries import study_named
from app.studies.queries.links import invited_respondents, links_of_one, living_links, respondent_of_contact
from app.studies.rules.links import NEVER, Purpose, link_expiry, link_token, survey_address
from app.users.rules.sign_ins import token_sha256
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

NONCE_BYTES = 16
COLUMNS = ("account_id", "contact_id", "name", "email", "role", "url", "expires_at")
"""The header of the file in which links are handed out."""


@dataclass(frozen=True)
class IssuedLink:
    """A respondent's link as it is handed to whoever sends the mails."""

    account_id: str
    contact_id: str
    name: str
    email: str | None
    role: str
    url: str
    expires_at: datetime

    def cells(self) -> tuple[str, ...]:
        """The link as a row under `COLUMNS`."""
        expires_at = self.expires_at.isoformat().replace("+00:00", "Z")
        return (self.account_id, self.contact_id, self.name, self.email or "", self.role, self.url, expires_at)


@dataclass(frozen=True)
class IssuedLinks:
    """All links of a study, by account and contact, and how many of them are new."""

    links: list[IssuedLink]
    new: int


def issue_links(
    session: Session, *, study: Study, secret: str, base_url: str, actor_id: int | None = None
) -> IssuedLinks:
    """List the link of everybody whom a study asks by survey, and issue those that are missing.

    A link that was issued stays as it is and is listed again. After the secret key has changed, old links cannot be
    listed any more: they still open, and a new one is issued beside each. Refused before the draw, and where the study
    is anonymous.
    """
    # The turn comes before the study's lock, as where people are queued: else the two could wait for each other.
    wait_for_turn(session)
    study = study_named(session, study.key, is_locked=True)
    if study.drawn_at is None:
        raise Refusal(f"Study “{study.key}” has not been drawn yet, so nobody has a link.", "study")
    if study.is_anonymous:
        raise Refusal(
            f"Study “{study.key}” is anonymous, so nobody has a link of their own; each stratum has an open one. "
            f"See: flask study open-links {study.key}",
            "study",
        )
    people = invited_respondents(session, study)
    tokens, new = issue_tokens(session, study=study, secret=secret, people=[person.id for person in people])
    if new:
        _record(session, study, "links.issue", actor_id, {"issued": new, "listed": len(people)})
    expires_at = link_expiry(study.closes_on)
    listed = [
        IssuedLink(
            account_id=person.account_id,
            contact_id=person.contact_id,
            name=person.name,
            email=person.email,
            role=person.role,
            url=survey_address(base_url, tokens[person.id]),
            expires_at=expires_at,
        )
        for person in people
    ]
    return IssuedLinks(listed, new)


def issue_tokens(
    session: Session, *, study: Study, secret: str, people: Collection[int], purpose: Purpose = Purpose.SURVEY
) -> tuple[dict[int, str], int]:
    """Give each of these respondents the token of a living link of one purpose, and tell how many links are new.

    The caller holds the study's lock, so that nobody gets two at once. A link to unsubscribe never ends.
    """
    known = living_tokens(session, study=study, secret=secret, purpose=purpose)
    missing = {person: secrets.token_urlsafe(NONCE_BYTES) for person in people if person not in known}
    made = {person: _token(secret, purpose, person, nonce) for person, nonce in missing.items()}
    if missing:
        _store(session, purpose, missing, made, link_expiry(study.closes_on) if purpose is Purpose.SURVEY else NEVER)
    return {person: made[person] if person in made else known[person] for person in people}, len(missing)


def revoke_links(session: Session, *, study: Study, contact_id: str, actor_id: int | None = None) -> int:
    """End every link of one respondent and return how many that were; the next listing issues a new one.

    Missing where that contact was not drawn.
    """
    wait_for_turn(session)
    study = study_named(session, study.key, is_locked=True)
    respondent_id = respondent_of_contact(session, study, contact_id)
    if respondent_id is None:
        raise Missing(f"Contact “{contact_id}” was not drawn into study “{study.key}”.", "contact")
    alive = (Link.respondent_id == respondent_id, Link.purpose == Purpose.SURVEY, Link.revoked_at.is_(None))
    ended = session.scalars(update(Link).where(*alive).values(revoked_at=now()).returning(Link.id)).all()
    if ended:
        _record(session, study, "links.revoke", actor_id, {"respondent_id": respondent_id, "revoked": len(ended)})
    return len(ended)


def end_links(session: Session, *, respondent_id: int, at: datetime) -> int:
    """End the survey links of one respondent whose response the caller has locked, and return how many that were."""
    alive = (Link.respondent_id == respondent_id, Link.purpose == Purpose.SURVEY, Link.revoked_at.is_(None))
    return len(session.scalars(update(Link).where(*alive).values(revoked_at=at).returning(Link.id)).all())


def living_tokens(session: Session, *, study: Study, secret: str, purpose: Purpose) -> dict[int, str]:
    """The tokens that the present secret key still yields, by respondent; of several the newest."""
    found = {}
    for link in living_links(session, study, purpose=purpose):
        token = _token(secret, purpose, link.respondent_id, link.nonce)
        if token_sha256(token) == link.token_sha256:
            found[link.respondent_id] = token
    return found


def tokens_of_one(session: Session, *, respondent_id: int, secret: str) -> dict[Purpose, str]:
    """The tokens of one respondent's living links, as `living_tokens` finds them, by purpose."""
    found = {}
    for link in links_of_one(session, respondent_id):
        purpose = Purpose(link.purpose)
        token = _token(secret, purpose, respondent_id, link.nonce)
        if token_sha256(token) == link.token_sha256:
            found[purpose] = token
    return found


def _store(
    session: Session, purpose: Purpose, nonces: dict[int, str], tokens: dict[int, str], expires_at: datetime
) -> None:
    shared = {"purpose": purpose.value, "created_at": now(), "expires_at": expires_at}
    rows = [
        {**shared, "respondent_id": person, "nonce": nonce, "token_sha256": token_sha256(tokens[person])}
        for person, nonce in nonces.items()
    ]
    insert_rows(session, Link, rows)


def _token(secret: str, purpose: Purpose, respondent_id: int, nonce: str) -> str:
    return link_token(secret, purpose=purpose, respondent_id=respondent_id, nonce=nonce)


def _record(session: Session, study: Study, action: str, actor_id: int | None, fields: dict[str, int]) -> None:
    record_event(session, actor_id=actor_id, action=action, object_type="study", object_id=study.key, fields=fields)
