"""Open links: the one way into an anonymous study for everybody of a stratum, which says of nobody who they are."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_rows
from app.core.errors import Missing, Refusal
from app.studies.models import OpenLink, Study
from app.studies.queries import study_named
from app.studies.queries.open_links import StratumAsked, living_open_links, strata_asked
from app.studies.rules.links import link_expiry, open_address, open_token
from app.studies.services.links import NONCE_BYTES
from app.users.rules.sign_ins import token_sha256
from app.users.services import record_event

OPEN_COLUMNS = ("stratum", "accounts", "people", "url", "expires_at")
"""The header of the file in which open links are handed out."""


@dataclass(frozen=True)
class IssuedOpenLink:
    """The open link of a stratum, and how many accounts and people of the draw it is meant for."""

    stratum: str
    accounts: int
    people: int
    url: str
    expires_at: datetime

    def cells(self) -> tuple[str, ...]:
        """The link as a row under `OPEN_COLUMNS`."""
        expires_at = self.expires_at.isoformat().replace("+00:00", "Z")
        return (self.stratum, str(self.accounts), str(self.people), self.url, expires_at)


@dataclass(frozen=True)
class IssuedOpenLinks:
    """All open links of a study, by stratum, and how many of them are new."""

    links: list[IssuedOpenLink]
    new: int


def issue_open_links(
    session: Session, *, study: Study, secret: str, base_url: str, actor_id: int | None = None
) -> IssuedOpenLinks:
    """List the open link of each stratum, and issue those that are missing; one that was issued stays as it is.

    Refused before the draw, and for a study that is not anonymous.
    """
    study = study_named(session, study.key, is_locked=True)
    if refusal := refusal_to_open(study):
        raise Refusal(refusal, "study")
    known = open_tokens(session, study=study, secret=secret)
    strata = strata_asked(session, study)
    missing = [stratum.name for stratum in strata if stratum.name not in known]
    made = {stratum: _new_link(session, study, stratum, secret) for stratum in missing}
    if made:
        _record(session, study, "open_links.issue", actor_id, {"issued": len(made), "listed": len(strata)})
    return IssuedOpenLinks(_listed(study, strata, known | made, base_url), len(made))


def listed_open_links(session: Session, *, study: Study, secret: str, base_url: str) -> list[IssuedOpenLink]:
    """The open links that there are, by stratum; nothing is stored."""
    return _listed(study, strata_asked(session, study), open_tokens(session, study=study, secret=secret), base_url)


def revoke_open_link(session: Session, *, study: Study, stratum: str, actor_id: int | None = None) -> int:
    """End the open links of one stratum and return how many that were; the next listing issues a new one.

    Missing where nothing was drawn from that stratum; refused as `issue_open_links` refuses.
    """
    study = study_named(session, study.key, is_locked=True)
    if refusal := refusal_to_open(study):
        raise Refusal(refusal, "study")
    if stratum not in {each.name for each in strata_asked(session, study)}:
        raise Missing(f"Study “{study.key}” has no stratum “{stratum[:80]}”.", "stratum")
    alive = (OpenLink.study_id == study.id, OpenLink.stratum == stratum, OpenLink.revoked_at.is_(None))
    ended = session.scalars(update(OpenLink).where(*alive).values(revoked_at=now()).returning(OpenLink.id)).all()
    if ended:
        _record(session, study, "open_links.revoke", actor_id, {"revoked": len(ended)})
    return len(ended)


def open_tokens(session: Session, *, study: Study, secret: str, stratum: str | None = None) -> dict[str, str]:
    """The tokens that the present secret key still yields, by stratum; of several the newest."""
    found = {}
    for link in living_open_links(session, study, stratum):
        token = open_token(secret, study_id=study.id, stratum=link.stratum, nonce=link.nonce)
        if token_sha256(token) == link.token_sha256:
            found[link.stratum] = token
    return found


def refusal_to_open(study: Study) -> str | None:
    """Why a study has no open links; None where it has."""
    if not study.is_anonymous:
        return f"Study “{study.key}” is not anonymous: its people have personal links. See: flask study links"
    if study.drawn_at is None:
        return f"Study “{study.key}” has not been drawn yet, so no stratum has a link."
    return None


def _listed(study: Study, strata: list[StratumAsked], tokens: dict[str, str], base_url: str) -> list[IssuedOpenLink]:
    expires_at = link_expiry(study.closes_on)
    return [
        IssuedOpenLink(each.name, each.accounts, each.people, open_address(base_url, tokens[each.name]), expires_at)
        for each in strata
        if each.name in tokens
    ]


def _new_link(session: Session, study: Study, stratum: str, secret: str) -> str:
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    token = open_token(secret, study_id=study.id, stratum=stratum, nonce=nonce)
    row = {"study_id": study.id, "stratum": stratum, "nonce": nonce, "token_sha256": token_sha256(token)}
    insert_rows(session, OpenLink, [{**row, "created_at": now()}])
    return token


def _record(session: Session, study: Study, action: str, actor_id: int | None, fields: dict[str, int]) -> None:
    record_event(session, actor_id=actor_id, action=action, object_type="study", object_id=study.key, fields=fields)
