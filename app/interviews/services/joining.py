"""Interviews with several people of one account become one conversation; what each says stays their own."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.models import Conversation
from app.interviews.queries.conversations import could_be_held_with, held_with
from app.interviews.queries.talks import Talk
from app.users.rules import Scope
from app.users.services.audit import record_event, wait_for_turn


def hold_together(session: Session, *, talk: Talk, scope: Scope, with_ids: Collection[int]) -> int:
    """Make one conversation of an interview and others of its account, and return with how many it is held now.

    With none it is held alone; those that were submitted stay in the conversation. Refused for interviews that are not
    the caller's own, or of another account or study.
    """
    wait_for_turn(session)
    possible = {row.id for row in could_be_held_with(session, scope=scope, talk=talk)}
    if not set(with_ids) <= possible:
        raise Refusal("Choose among your own open interviews at this account.", "held_with")
    submitted = {row.id for row in held_with(session, scope=scope, talk=talk)} - possible
    members = {talk.id, *with_ids, *submitted} if with_ids else set()
    session.execute(delete(Conversation).where(Conversation.interview_id.in_({talk.id, *possible, *members})))
    session.add_all(Conversation(interview_id=each, held_with_id=min(members)) for each in members)
    session.flush()
    record_event(
        session,
        actor_id=scope.user_id,
        action="interview.hold_together",
        object_type="interview",
        object_id=talk.id,
        fields={"interviews": sorted(members)},
    )
    return max(0, len(members) - 1)
