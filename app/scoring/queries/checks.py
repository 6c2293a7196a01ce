"""The rows of a scoring as they are stored, and the wishes to compute one again."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.scoring.models import (
    Scoring,
    ScoringCheck,
)
from app.scoring.queries import PORTION
from app.studies.models import Study


def stored_rows(session: Session, scoring: Scoring, table: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of one of a scoring's tables as plain values, a portion at a time."""
    rows = select(*table.__table__.columns).where(table.scoring_id == scoring.id)
    # Whoever has seen enough stops: what the database holds open for the rest is let go with it.
    with session.execute(rows, execution_options={"yield_per": PORTION}) as found:
        for row in found.mappings():
            yield dict(row)


def check_of(session: Session, study_id: int) -> ScoringCheck | None:
    """Return the wish to compute the study's present scoring again, with what came of it; None where nobody asked."""
    return session.scalar(
        select(ScoringCheck).join(Scoring, Scoring.id == ScoringCheck.scoring_id).where(Scoring.study_id == study_id)
    )


def studies_to_check(session: Session) -> Sequence[Study]:
    """Return the studies whose scoring somebody wants computed again."""
    waiting = (
        select(Study)
        .join(Scoring, Scoring.study_id == Study.id)
        .join(ScoringCheck, ScoringCheck.scoring_id == Scoring.id)
        .where(ScoringCheck.checked_at.is_(None))
    )
    return session.scalars(waiting.order_by(Study.id)).all()
