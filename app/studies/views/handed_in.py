"""What the pages of studies need from scoring, which lies above this feature and is handed in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.studies.models import Study


class Score(Protocol):
    """Turns the answers of a study into figures."""

    def __call__(self, session: Session, *, study: Study, actor_id: int | None = None) -> Any:
        """Score the study, or refuse."""


@dataclass(frozen=True)
class FromScoring:
    """When studies were scored, the voices of the study scored last (this one aside), and scoring itself."""

    scored_at: Callable[[Session, Collection[int]], Mapping[int, datetime]]
    last_voices: Callable[[Session, Study], Mapping[str, float]]
    score_study: Score
