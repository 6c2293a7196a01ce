"""The responses of a study as columns, and what is unusual about them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.core.columns import positions
from app.scoring.queries import quality as queries
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.quality import LONG_TEXT, Flags, Sent, candidates, doubled, flags_of, near
from app.scoring.services.columns import Asked, People
from app.studies.models import Study

SCALE = "scale_"
"""How the kinds of question begin that are answered at a place on a scale."""


def quality_flags(session: Session, study: Study, people: People, asked: Asked) -> tuple[Flags, int]:
    """Return the flags of respondents by their position among the study's people, and how many responses were sent."""
    here = np.flatnonzero(people.has_response)
    flags = flags_of(_sent(session, study, people, here, asked))
    return {int(here[position]): each for position, each in flags.items()}, len(here)


def _sent(session: Session, study: Study, people: People, here: IntArray, asked: Asked) -> Sent:
    questions = asked.definition.questions
    ids, account, numbers = people.ids[here], people.account[here], people.heard.raw[here]
    seconds, answered = np.full(len(here), np.nan), np.zeros(len(here), dtype=np.int64)
    who, longest, numbered = queries.timed_responses(session, study)
    seconds[positions(ids, who)], answered[positions(ids, who)] = longest, numbered
    scales = [i for i, question in enumerate(questions) if question.kind.startswith(SCALE)]
    alike = candidates(account, numbers)
    place = {int(ids[position]): position for position in alike}
    words = _words(session, study, asked.open_questions, ids)
    named = sorted({*alike, *(position for position, _ in words)})
    told = queries.names_of(session, [int(ids[position]) for position in named])
    at = {position: told[int(ids[position])][1].timestamp() for position in named}
    contents = _contents(session, [int(ids[position]) for position in near(alike, account, at)])
    return Sent(
        account=account,
        version=people.version[here],
        seconds=seconds,
        answered=answered,
        positions=_positions(numbers[:, scales], [questions[i] for i in scales]),
        reverse=np.array([questions[i].reverse for i in scales], dtype=np.bool_),
        texts=words,
        contents={place[respondent]: frozenset(content) for respondent, content in contents.items()},
        ids={position: told[int(ids[position])][0] for position in named},
        at=at,
    )


def _words(session: Session, study: Study, texts: Sequence[int], ids: IntArray) -> list[tuple[int, str]]:
    """Long words that stand in several responses, by position.

    What a choice or an order stores is text too, and the same with many: only open questions are looked at.
    """
    several = doubled(queries.long_texts(session, study, texts, LONG_TEXT))
    rows = queries.long_texts(session, study, texts, LONG_TEXT, several)
    return [(int(np.searchsorted(ids, respondent)), words) for respondent, words in rows]


def _positions(numbers: FloatArray, questions: Sequence[Any]) -> FloatArray:
    low = np.array([question.minimum for question in questions], dtype=np.float64)
    high = np.array([question.maximum for question in questions], dtype=np.float64)
    places: FloatArray = (numbers - low) / (high - low)
    return places


def _contents(session: Session, respondents: Sequence[int]) -> Mapping[int, set[Any]]:
    contents: dict[int, set[Any]] = defaultdict(set)
    for respondent, *answer in queries.whole_answers(session, respondents):
        contents[respondent].add(tuple(answer))
    return contents
