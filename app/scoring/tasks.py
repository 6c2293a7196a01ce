"""Jobs of scoring: what was scored before is scored again when its responses change."""

from app.core.database import db
from app.scoring.services import rescore_changed


def rescore() -> list[str]:
    """Score again every study whose responses changed; running it twice changes nothing."""
    keys = rescore_changed(db.session)
    db.session.commit()
    return keys
