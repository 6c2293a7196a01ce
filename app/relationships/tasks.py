"""The job of relationships: today's health of each, and again when something was told."""

from app.core.clock import today
from app.core.database import db, only_reading
from app.relationships.queries.computing import noted_changes, scorecards_due
from app.relationships.services.computing import computed_relationships, forget_noted, store_relationships


def relationships() -> int:
    """Compute today's health of relationships where it is due; returns how many have a score. Twice changes nothing.

    The long part only reads, so that nobody waits for the write lock meanwhile.
    """
    with only_reading():
        noted = noted_changes(db.session)
        due = scorecards_due(db.session, today(), is_noted=bool(noted))
        computed = computed_relationships(db.session, due)
    if not noted and not computed:
        return 0
    scored = store_relationships(db.session, computed)
    forget_noted(db.session, noted)
    db.session.commit()
    return scored
