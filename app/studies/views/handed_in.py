"""What the pages of studies need from scoring, which lies above this feature and is handed in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.studies.models import Study


@dataclass(frozen=True)
class FromScoring:
    """When studies were scored, and the voices of the study scored last, this one aside."""

    scored_at: Callable[[Session, Collection[int]], Mapping[int, datetime]]
    last_voices: Callable[[Session, Study], Mapping[str, float]]
