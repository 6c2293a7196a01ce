"""Wishes that pages leave for the worker, without loading statistics: a check of a scoring, figures of a part of it."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.clock import now
from app.scoring.models import ChosenFigures, Scoring, ScoringCheck
from app.scoring.queries.choosing import figures_wanted


def wish_for_check(session: Session, *, scoring: Scoring) -> ScoringCheck:
    """Leave the fact that a scoring is to be computed again; an older wish, answered or not, gives way."""
    session.execute(delete(ScoringCheck).where(ScoringCheck.scoring_id == scoring.id))
    wish = ScoringCheck(scoring_id=scoring.id, asked_at=now())
    session.add(wish)
    session.flush()
    return wish


def wish_for_figures(session: Session, *, scoring: Scoring, key: str, query: Mapping[str, str]) -> ChosenFigures:
    """Leave the wish for the figures of a part of a scoring; the same part is wished for once."""
    found = figures_wanted(session, scoring.id, key)
    if found is None:
        found = ChosenFigures(scoring_id=scoring.id, key=key, query=dict(query), asked_at=now())
        session.add(found)
        session.flush()
    return found


def give_up_figures(session: Session, *, scoring: Scoring, key: str) -> None:
    """Take such a wish back; what the worker is computing for it is then thrown away. Twice changes nothing."""
    session.execute(delete(ChosenFigures).where(ChosenFigures.scoring_id == scoring.id, ChosenFigures.key == key))
