"""Publishing a gap report: an edition is frozen, read again with the words as they stand, and shared by links."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.reports.models import Edition, EditionLink
from app.reports.queries.editions import crm_ids, newest_edition, next_number
from app.reports.queries.said import said_in
from app.reports.rules.choosing import Chosen
from app.reports.rules.document import Document
from app.reports.rules.editions import DAYS, changes, frozen, sha256_of, statements_of, told_again
from app.reports.services import gap_report
from app.scoring.queries import scored_at
from app.scoring.rules.choice import Choice
from app.studies.models import Study
from app.users.rules.sign_ins import token_sha256
from app.users.services.audit import record_event

LONGEST_LABEL = 200


@dataclass(frozen=True)
class Changed:
    """What an edition changed in sentences, and the number of the edition that it is held against."""

    number: int
    sentences: list[str]


def publish_edition(
    session: Session, *, study: Study, at: datetime, by: int | None, chosen: Chosen | None = None
) -> Edition:
    """Freeze the study's present gap report, or that of a part of it, as the study's next edition, numbered from 1 on.

    Refuses a study without a report, and where the newest edition of the same part holds the same figures.
    """
    session.refresh(study, with_for_update={"key_share": True})
    text, choice = frozen(gap_report(session, study=study, chosen=chosen)), chosen.choice if chosen else Choice()
    newest, digest = newest_edition(session, study, choice_key=choice.key), sha256_of(text)
    if newest is not None and newest.sha256 == digest:
        raise Refusal(f"Edition {newest.number} holds the same figures. Publish again when the report has changed.")
    edition = Edition(
        study_id=study.id,
        number=next_number(session, study),
        choice=choice.query or None,
        choice_key=choice.key,
        document=text,
        sha256=digest,
        scored_at=scored_at(session, [study.id])[study.id],
        published_at=at,
        published_by=by,
    )
    session.add(edition)
    session.flush()
    # Which CSM's accounts it is of is told by the edition; the log holds no addresses.
    fields = {"number": edition.number, "sha256": digest, "filters": sorted(choice.query)}
    record_event(session, actor_id=by, action="report.publish", object_type="study", object_id=study.key, fields=fields)
    return edition


def edition_document(
    session: Session, *, edition: Edition, only: Collection[int] | None = None, is_outside: bool = False
) -> Document:
    """Return an edition as a reader sees it: the frozen figures, and the words that may still be quoted.

    `only` are the ids of the accounts that the reader may see, None is all. Refuses an edition whose text is no longer
    what was published.
    """
    if sha256_of(edition.document) != edition.sha256:
        raise Refusal(
            f"Edition {edition.number} is not what was published: its hash differs. Restore it from a backup."
        )
    document: Document = json.loads(edition.document)
    said = said_in(session, statements_of(document), only)
    words = {statement: (each.words, each.permission) for statement, each in said.items()}
    seen = None if only is None else crm_ids(session, only)
    return told_again(document, words, only=seen, is_outside=is_outside)


def changes_since(session: Session, *, study: Study, edition: Edition) -> Changed | None:
    """Return what an edition changed against the one before it of the same part of the study; None for the first."""
    before = newest_edition(session, study, below=edition.number, choice_key=edition.choice_key)
    if before is None:
        return None
    return Changed(before.number, changes(json.loads(before.document), json.loads(edition.document)))


def share_edition(
    session: Session, *, study: Study, edition: Edition, made_for: str, days: int, at: datetime, by: int | None
) -> str:
    """Make a link by which people outside read an edition for some days, and return its token: it is stored nowhere.

    Refuses a link for nobody, and a number of days that is not offered.
    """
    made_for = " ".join(made_for.split())
    if not made_for or len(made_for) > LONGEST_LABEL:
        raise Refusal(f"Say in at most {LONGEST_LABEL} characters for whom the link is.", "made_for")
    if days not in DAYS:
        raise Refusal("Choose for how long the link opens.", "days")
    token = secrets.token_urlsafe(32)
    link = EditionLink(
        edition_id=edition.id,
        token_sha256=token_sha256(token),
        made_for=made_for,
        made_at=at,
        made_by=by,
        expires_at=at + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    fields = {"number": edition.number, "link": link.id, "days": days}
    record_event(session, actor_id=by, action="report.share", object_type="study", object_id=study.key, fields=fields)
    return token


def revoke_link(
    session: Session, *, study: Study, edition: Edition, link_id: int, at: datetime, by: int | None
) -> None:
    """Close a link at once; closing it twice changes nothing. Missing where the edition has no such link."""
    link = session.get(EditionLink, link_id)
    if link is None or link.edition_id != edition.id:
        raise Missing("There is no such link to this edition.", "link")
    if link.revoked_at is None:
        link.revoked_at = at
        session.flush()
        fields = {"number": edition.number, "link": link.id}
        record_event(
            session, actor_id=by, action="report.unshare", object_type="study", object_id=study.key, fields=fields
        )
