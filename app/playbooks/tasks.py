"""The job of playbooks: each that is on looks once a day and after each scoring; twice raises nothing twice."""

import logging

from flask import current_app

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, only_reading, turn_to_write
from app.core.errors import Missing
from app.playbooks.queries import due_playbooks
from app.playbooks.services.running import run_playbook

log = logging.getLogger(__name__)


def playbooks() -> int:
    """Run what is due, and return how many actions were raised."""
    settings: Settings = current_app.config["SETTINGS"]
    with only_reading():
        due = due_playbooks(db.session, at=now())
    raised = sum(_run(each, settings.base_url) for each in due)
    if raised:
        current_app.extensions["bell"].ring_soon("letters")
    return raised


def _run(playbook_id: int, base_url: str) -> int:
    with turn_to_write():
        try:
            found = run_playbook(db.session, playbook_id=playbook_id, at=now(), base_url=base_url)
        except Missing:
            db.session.rollback()
            return 0
        db.session.commit()
    log.info("Playbook %s caught %s accounts and raised %s actions", playbook_id, found.caught, found.actions)
    return found.actions
