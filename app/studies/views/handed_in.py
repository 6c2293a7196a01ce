"""What the pages of studies need from scoring, which lies above this feature and is handed in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.studies.models import Study
from app.users.rules import Scope


@dataclass(frozen=True)
class FromScoring:
    """When studies were scored, and the voices of the study scored last, this one aside.

    `low_core_shares` gives the share of core questions answered where it is under four fifths, by respondent; `flagged`
    the responses that are unusual.
    """

    scored_at: Callable[[Session, Collection[int]], Mapping[int, datetime]]
    last_voices: Callable[[Session, Study], Mapping[str, float]]
    low_core_shares: Callable[[Session, Study], Mapping[int, float]]
    flagged: Callable[[Session, Study, Scope], Sequence[Row[Any]]]
