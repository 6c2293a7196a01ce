"""Jobs of scoring: what was scored before is scored again when its responses change."""

from app.core.database import db


def rescore() -> list[str]:
    """Score again every study whose responses changed; running it twice changes nothing."""
    # Statistics load in the worker, when there is work: every other process only names this job.
    from app.scoring.services import rescore_changed

    keys = rescore_changed(db.session)
    db.session.commit()
    return keys
