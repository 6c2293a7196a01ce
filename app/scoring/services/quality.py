"""The responses of a study as columns, and what is unusual about them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.questionnaires.rules.definition import Questionnaire
from app.scoring.queries import Rows
from app.scoring.queries import quality as queries
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.quality import LONG_TEXT, Flags, Sent, candidates, flags_of
from app.scoring.services.columns import People
from app.studies.models import Study

SCALE = "scale_"
"""How the kinds of question begin that are answered at a place on a scale."""


def quality_flags(session: Session, study: Study, people: People, definition: Questionnaire) -> tuple[Flags, int]:
    """Return the flags of respondents by their position among the study's people, and how many responses were sent."""
    rows = queries.sent_responses(session, study)
    flags = flags_of(_sent(session, study, rows, people, definition))
    index = {respondent_id: position for position, respondent_id in enumerate(people.ids)}
    return {index[rows[position].respondent_id]: each for position, each in flags.items()}, len(rows)


def _sent(session: Session, study: Study, rows: Rows, people: People, definition: Questionnaire) -> Sent:
    place = {row.respondent_id: position for position, row in enumerate(rows)}
    at = [position for position, respondent_id in enumerate(people.ids) if respondent_id in place]
    counts = {row[0]: row[1] for row in queries.answer_counts(session, study)}
    account, numbers = people.account[at], people.heard.raw[at]
    when = np.array([row.submitted_at.timestamp() for row in rows], dtype=np.float64)
    scales = [i for i, question in enumerate(definition.questions) if question.kind.startswith(SCALE)]
    alike = [rows[position].respondent_id for position in candidates(account, when, numbers)]
    contents = _contents(session, study, alike)
    # What a choice or an order stores is text too, and the same with many.
    words = [question.key for question in definition.questions if question.kind == "text"]
    return Sent(
        ids=[row.external_id for row in rows],
        account=account,
        version=np.array([row.version_id for row in rows], dtype=np.int64),
        at=when,
        seconds=np.array([np.nan if row.seconds is None else row.seconds for row in rows], dtype=np.float64),
        answered=np.array([counts.get(row.respondent_id, 0) for row in rows], dtype=np.int64),
        positions=_positions(numbers[:, scales], [definition.questions[i] for i in scales]),
        reverse=np.array([definition.questions[i].reverse for i in scales], dtype=np.bool_),
        texts=[(place[row[0]], row[1]) for row in queries.long_texts(session, study, words, LONG_TEXT)],
        contents={place[respondent]: frozenset(content) for respondent, content in contents.items()},
    )


def _positions(numbers: FloatArray, questions: Sequence[Any]) -> FloatArray:
    low = np.array([question.minimum for question in questions], dtype=np.float64)
    high = np.array([question.maximum for question in questions], dtype=np.float64)
    places: FloatArray = (numbers - low) / (high - low)
    return places


def _contents(session: Session, study: Study, respondents: Sequence[int]) -> Mapping[int, set[Any]]:
    contents: dict[int, set[Any]] = defaultdict(set)
    for respondent, *answer in queries.whole_answers(session, study, respondents):
        contents[respondent].add(tuple(answer))
    return contents
