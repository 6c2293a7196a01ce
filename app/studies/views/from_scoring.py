"""What the pages of studies take from scoring, which lies above this feature and is handed in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.studies.models import Study


class ScoredAt(Protocol):
    """Tells when studies were scored."""

    def __call__(self, session: Session, study_ids: Collection[int], /) -> Mapping[int, datetime]:
        """Return the instants by study id; studies that were not scored are left out."""


class Score(Protocol):
    """Turns the answers of a study into figures."""

    def __call__(self, session: Session, *, study: Study, actor_id: int | None = None) -> Any:
        """Score the study, or refuse."""


class LastVoices(Protocol):
    """Tells what accounts said in the study that was scored last."""

    def __call__(self, session: Session, study: Study, /) -> Mapping[str, float]:
        """Return voices by the CRM's account id."""


@dataclass(frozen=True)
class FromScoring:
    """The three functions that scoring lends."""

    scored_at: ScoredAt
    score_study: Score
    last_voices: LastVoices
