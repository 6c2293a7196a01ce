"""Playbooks written and changed, switched on and off, and ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.playbooks.models import Playbook
from app.playbooks.queries import playbook_of
from app.playbooks.rules.definition import Definition
from app.users.services.audit import record_event, wait_for_turn

LONGEST_KEY = 64


def begin_playbook(session: Session, *, definition: Definition, form_key: str, user_id: int, at: datetime) -> Playbook:
    """Keep a new playbook, switched off; the same form again returns what it made."""
    wait_for_turn(session)
    key = form_key[:LONGEST_KEY] or None
    known = session.scalar(select(Playbook).where(Playbook.form_key == key)) if key else None
    if known is not None:
        return known
    playbook = Playbook(
        name=definition.name,
        definition=definition.document,
        is_on=False,
        runs_as=user_id,
        created_at=at,
        created_by=user_id,
        changed_at=at,
        form_key=key,
    )
    session.add(playbook)
    session.flush()
    _record(session, "playbook.begun", playbook, user_id)
    return playbook


def change_playbook(session: Session, *, playbook_id: int, definition: Definition, user_id: int, at: datetime) -> bool:
    """Change what a playbook says; from now on it sees what its writer may see. False where nothing differs."""
    wait_for_turn(session)
    playbook = playbook_of(session, playbook_id, is_locked=True)
    if playbook.name == definition.name and playbook.definition == definition.document:
        return False
    playbook.name, playbook.definition = definition.name, definition.document
    playbook.runs_as, playbook.changed_at, playbook.ran_at, playbook.matched = user_id, at, None, None
    session.flush()
    _record(session, "playbook.changed", playbook, user_id)
    return True


def switch_playbook(session: Session, *, playbook_id: int, is_on: bool, user_id: int) -> bool:
    """Switch a playbook on, as who does it, or off; False where it is so already. What it raised stays."""
    wait_for_turn(session)
    playbook = playbook_of(session, playbook_id, is_locked=True)
    if playbook.is_on == is_on:
        return False
    playbook.is_on = is_on
    if is_on:
        playbook.runs_as, playbook.ran_at, playbook.matched = user_id, None, None
    session.flush()
    _record(session, "playbook.on" if is_on else "playbook.off", playbook, user_id)
    return True


def end_playbook(session: Session, *, playbook_id: int, user_id: int, at: datetime) -> None:
    """Take a playbook off the list and off; what it raised stays."""
    wait_for_turn(session)
    playbook = playbook_of(session, playbook_id, is_locked=True)
    playbook.is_on, playbook.ended_at = False, at
    session.flush()
    _record(session, "playbook.ended", playbook, user_id)


def _record(session: Session, name: str, playbook: Playbook, user_id: int) -> None:
    signs = [each["sign"] for each in playbook.definition["signs"]]
    record_event(
        session,
        actor_id=user_id,
        action=name,
        object_type="playbook",
        object_id=playbook.id,
        fields={"signs": signs, "kind": playbook.definition["kind"]},
    )
