"""What is said of relationships: what their types bring, and by which rule figures roll up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.display import instant
from app.core.documents import FieldError
from app.core.errors import Refusal
from app.health.models import ScorecardVersion
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.models import QuestionnaireVersion
from app.relationships.models import RelationshipChange, RelationshipType, RollUpChoice
from app.relationships.queries.types import roll_up_now, type_definition
from app.relationships.rules.rollup import RollUp
from app.relationships.rules.types import LONGEST_TYPE, Definition, parse_definition, type_key
from app.users.services.audit import record_event, wait_for_turn


class Stale(Refusal):
    """Somebody else saved the same since its page was opened."""


def save_type(
    session: Session, *, actor_id: int | None, type_: str, definition: Mapping[str, Any], based_on: int
) -> RelationshipType | None:
    """Store what a type brings as its next revision; the same again is no revision, nothing of nothing is None.

    `based_on` is the revision that its author looked at, 0 where there was none: Stale, naming who saved since and
    when. Refusal where the document is no definition, or names a scorecard or survey that was not published.
    """
    key = type_key(type_)
    if not key or len(key) > LONGEST_TYPE or "\0" in key:
        raise Refusal(f"A type is a name of at most {LONGEST_TYPE} characters.", "type")
    wanted = _checked(session, definition)
    wait_for_turn(session)
    present = type_definition(session, key)
    if present.definition == wanted:
        return _kept(session, key, present.revision)
    if present.revision != based_on:
        raise Stale(_meanwhile("this type", present.author, present.made_at), "based_on")
    kept = RelationshipType(
        key=key, revision=present.revision + 1, definition=wanted.document(), made_at=now(), made_by=actor_id
    )
    session.add(kept)
    note_relationships(session)
    record_event(
        session,
        actor_id=actor_id,
        action="relationships.type",
        object_type="relationship_type",
        object_id=key,
        fields={"revision": kept.revision, **wanted.document()},
    )
    return kept


def note_relationships(session: Session) -> None:
    """Note that something was told of relationships or their types: their health is due again.

    Whoever writes what it is computed from says so, in the same transaction.
    """
    session.add(RelationshipChange())
    session.flush()


def save_roll_up(session: Session, *, actor_id: int | None, rule: RollUp | str) -> RollUpChoice | None:
    """Store by which rule the workspace rolls figures up; the rule that holds again is no revision.

    None where the worst is chosen and nobody had chosen before: it holds anyway. Refusal where there is no such rule.
    """
    if rule not in list(RollUp):
        raise Refusal("Choose one of the rules: worst, mean, or weighted by ARR.", "rule")
    wait_for_turn(session)
    present = roll_up_now(session)
    if present.rule == rule:
        return session.scalar(select(RollUpChoice).where(RollUpChoice.revision == present.revision))
    kept = RollUpChoice(revision=present.revision + 1, rule=str(rule), made_at=now(), made_by=actor_id)
    session.add(kept)
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="relationships.roll_up",
        object_type="relationship_roll_up",
        object_id=kept.revision,
        fields={"before": str(present.rule), "after": str(rule)},
    )
    return kept


def _checked(session: Session, document: Mapping[str, Any]) -> Definition:
    try:
        definition = parse_definition(document)
    except FieldError as error:
        raise Refusal(str(error), error.field or "fields") from error
    # Built-in questionnaires are published when the first study asks them.
    offered = {"survey": built_in_documents()}
    for key, model, field in (
        (definition.scorecard, ScorecardVersion, "scorecard"),
        (definition.survey, QuestionnaireVersion, "survey"),
    ):
        if (
            key
            and key not in offered.get(field, ())
            and session.scalar(select(model.id).where(model.key == key).limit(1)) is None
        ):
            raise Refusal(f"There is no published {_KINDS[field]} “{key}”; choose one of the list.", field)
    return definition


_KINDS = {"scorecard": "scorecard", "survey": "questionnaire"}


def _kept(session: Session, key: str, revision: int) -> RelationshipType | None:
    return session.scalar(
        select(RelationshipType).where(RelationshipType.key == key, RelationshipType.revision == revision)
    )


def _meanwhile(what: str, author: str | None, at: datetime | None) -> str:
    who = author or "Somebody"
    when = f" on {instant(at)}" if at else ""
    return f"{who} saved {what}{when}, after you opened it. Nothing of yours is lost: look at both."
