"""Drafts of scorecards: begun, saved part by part, discarded, and published as the next version."""

import json
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.documents import KEY, FieldError, canonical_sha256
from app.core.errors import Refusal
from app.health.models import ScorecardDraft, ScorecardVersion
from app.health.queries.drafts import draft_by_form, has_draft
from app.health.queries.versions import newest_versions
from app.health.rules.editing import Sheet, basis_of, part_of, with_part
from app.health.rules.readiness import reading_of
from app.health.rules.scorecard import MOST_MEASURES, parse_scorecard, to_document
from app.health.services import compute_health, load_scorecard
from app.users.services import record_event

LARGEST = 400_000
LONGEST_NOTE = 2_000


class Stale(Refusal):
    """Somebody else saved the same part since the caller read it."""


def create_draft(session: Session, *, sheet: Sheet, based_on: int | None, form_key: str, by: int) -> ScorecardDraft:
    """Begin a draft; the same form sent again gives the same draft. Refusal where its key has one or is no key."""
    if form_key and (same := draft_by_form(session, form_key)):
        return same
    if not KEY.fullmatch(sheet["key"]) or len(sheet["key"]) > 80:
        raise Refusal("Use letters, digits, _ . or -, beginning with a letter.", "key")
    if has_draft(session, sheet["key"]):
        raise Refusal("Somebody is writing a draft of this scorecard already; go on with that one.", "key")
    _check_size(sheet)
    draft = ScorecardDraft(
        key=sheet["key"], definition=sheet, based_on=based_on, form_key=form_key or None, changed_by=by
    )
    session.add(draft)
    session.flush()
    _record(session, draft, "create", by)
    return draft


def save_part(
    session: Session, *, draft: ScorecardDraft, place: str, typed: dict[str, Any], basis: str, by: int
) -> ScorecardDraft:
    """Store one part as it was typed, whether or not it could be published.

    `basis` is what the caller's page showed (`basis_of`); Stale where a colleague saved that part since. What says the
    same as what is stored is no change.
    """
    current = part_of(draft.definition, place)
    changed = with_part(draft.definition, place, typed)
    if basis_of(current) not in {basis, basis_of(part_of(changed, place))}:
        raise Stale("A colleague changed this part meanwhile; look at both.", "basis")
    return save_sheet(session, draft=draft, sheet=changed, by=by)


def save_sheet(session: Session, *, draft: ScorecardDraft, sheet: Sheet, by: int) -> ScorecardDraft:
    """Store what the whole draft says now; the caller holds its lock. The same again is no new revision."""
    if sheet == draft.definition:
        return draft
    _check_size(sheet)
    draft.definition = sheet
    draft.revision += 1
    draft.changed_at = now()
    draft.changed_by = by
    session.flush()
    return draft


def discard_draft(session: Session, *, draft: ScorecardDraft, revision: int, by: int) -> None:
    """Throw a draft away; what was published stays. Stale where somebody saved since."""
    _check_revision(session, draft, revision)
    session.delete(draft)
    session.flush()
    _record(session, draft, "discard", by)


def publish_draft(
    session: Session, *, draft: ScorecardDraft, revision: int, note: str, as_of: date, by: int
) -> ScorecardVersion:
    """Publish a draft as its key's next version with a note on what changed, compute health by it, and end the draft.

    Refusal where something stands in the way or nothing changed, Stale where somebody saved since the caller looked.
    """
    _check_revision(session, draft, revision)
    reading = reading_of(draft.definition)
    if reading.problems:
        raise Refusal(reading.problems[0].sentence, "")
    if len(note) > LONGEST_NOTE:
        raise Refusal(f"Write at most {LONGEST_NOTE:,} characters.", "note")
    newest = newest_versions(session).get(draft.key)
    if newest is not None and newest.content_sha256 == _digest(reading.document):
        raise Refusal(f"The draft says what version {newest.version} says; there is nothing to publish.", "")
    version = load_scorecard(session, document=reading.document, actor_id=by)
    version.note = note or None
    session.delete(draft)
    session.flush()
    compute_health(session, version=version, as_of=as_of)
    return version


def _digest(document: dict[str, Any]) -> str:
    try:
        return canonical_sha256(to_document(parse_scorecard(document)))
    except FieldError as error:
        raise Refusal(str(error), error.field) from error


def _check_revision(session: Session, draft: ScorecardDraft, revision: int) -> None:
    # Asked of the database, under a lock: what this session read may be older than what a colleague has saved.
    stored = session.scalar(select(ScorecardDraft.revision).where(ScorecardDraft.id == draft.id).with_for_update())
    if stored != revision:
        raise Stale("A colleague changed this draft meanwhile; look at it again.", "revision")


def _check_size(sheet: Sheet) -> None:
    if len(sheet["measures"]) > MOST_MEASURES:
        raise Refusal(f"A scorecard has at most {MOST_MEASURES} measures.", "measures")
    if len(json.dumps(sheet)) > LARGEST:
        raise Refusal("The draft has grown too large to be kept; shorten its texts.", "name")


def _record(session: Session, draft: ScorecardDraft, action: str, by: int) -> None:
    record_event(
        session,
        actor_id=by,
        action=f"scorecard.draft.{action}",
        object_type="scorecard",
        object_id=draft.key,
        fields={"revision": draft.revision},
    )
