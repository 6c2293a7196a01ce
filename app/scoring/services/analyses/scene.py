"""What an analysis may look at: one study, its columns, and the versions behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.health.models import HealthComputation
from app.questionnaires.rules.definition import Questionnaire
from app.scoring.services.columns import Picture
from app.studies.models import Study

Figures = dict[str, Any]


@dataclass(frozen=True)
class Beside:
    """What features that scoring does not know hand in: functions that read their rows; None: not handed in.

    `predictions` takes a session and a study's id and returns (interview_id, author_id, is_csm, account_id, key, said,
    recommend, renewal_intent, satisfaction) for each number said and each prediction of it.
    """

    predictions: Callable[[Session, int], Sequence[Any]] | None = None


@dataclass(frozen=True)
class Scene:
    """A study at the moment of its scoring. `question_ids` gives the row of each of the definition's questions."""

    session: Session
    study: Study
    picture: Picture
    definition: Questionnaire
    question_ids: Mapping[str, int]
    health: HealthComputation
    beside: Beside = field(default_factory=Beside)


Analyse = Callable[[Scene], Figures]
"""Returns a topic's figures. What is said of single accounts stands in `accounts`, each entry with its row in `id`, so
that a page can leave out whom its reader may not see."""
