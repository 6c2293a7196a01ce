"""The wish that a scoring be computed again, left for the worker; pages ask for it without loading statistics."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.clock import now
from app.scoring.models import Scoring, ScoringCheck


def wish_for_check(session: Session, *, scoring: Scoring) -> ScoringCheck:
    """Leave the fact that a scoring is to be computed again; an older wish, answered or not, gives way."""
    session.execute(delete(ScoringCheck).where(ScoringCheck.scoring_id == scoring.id))
    wish = ScoringCheck(scoring_id=scoring.id, asked_at=now())
    session.add(wish)
    session.flush()
    return wish
