"""Publishing which scorecard scores which account."""

from typing import Any

from sqlalchemy.orm import Session

from app.core.documents import FieldError, canonical_sha256
from app.core.errors import Refusal
from app.health.models import ScorecardChoice
from app.health.queries.choice import known_scorecards, newest_choice
from app.health.rules.choice import choice_document, parse_choice
from app.users.services import record_event


def publish_choice(session: Session, *, document: dict[str, Any], actor_id: int | None = None) -> ScorecardChoice:
    """Publish a choice of scorecards as its next version; what says the same as the newest is that one.

    Refused where the document is no choice, and where it names a scorecard that was never published.
    """
    try:
        choice = parse_choice(document)
    except FieldError as error:
        raise Refusal(str(error), error.field) from error
    known = known_scorecards(session)
    for key in choice.scorecards:
        if key not in known:
            raise Refusal(f"There is no scorecard “{key}”; publish it first, or choose another.", "scorecard")
    definition = choice_document(choice)
    digest = canonical_sha256(definition)
    newest = newest_choice(session)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    published = ScorecardChoice(
        version=newest.version + 1 if newest else 1,
        definition=definition,
        content_sha256=digest,
        created_by=actor_id,
    )
    session.add(published)
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="scorecard.choose",
        object_type="scorecard_choice",
        object_id=str(published.version),
        fields={"version": published.version, "content_sha256": digest, "scorecards": list(choice.scorecards)},
    )
    return published
