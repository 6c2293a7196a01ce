"""The responses of a study as columns, and what is unusual about them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.columns import positions
from app.scoring.queries import quality as queries
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.marks import marks_of
from app.scoring.rules.quality import Content, Flags, Sent, candidates, flags_of, near, repeated
from app.scoring.services.columns import Asked, Picture, Spoken
from app.studies.models import Study

SCALE = "scale_"
"""How the kinds of question begin that are answered at a place on a scale."""


def quality_flags(session: Session, study: Study, picture: Picture, asked: Asked) -> tuple[Flags, int]:
    """Return the flags of respondents by their position among the study's people, and how many responses were sent."""
    here = np.flatnonzero(picture.people.has_response)
    flags = flags_of(_sent(session, study, picture, here, asked))
    return {int(here[position]): each for position, each in flags.items()}, len(here)


def _sent(session: Session, study: Study, picture: Picture, here: IntArray, asked: Asked) -> Sent:
    people, spoken, questions = picture.people, picture.spoken, asked.definition.questions
    ids, account, numbers = people.ids[here], people.account[here], people.heard.raw[here]
    seconds, answered = np.full(len(here), np.nan), np.zeros(len(here), dtype=np.int64)
    who, longest, numbered = queries.timed_responses(session, study)
    seconds[positions(ids, who)], answered[positions(ids, who)] = longest, numbered
    scales = [i for i, question in enumerate(questions) if question.kind.startswith(SCALE)]
    alike = candidates(account, numbers, _words_of(spoken, len(people.ids))[here])
    texts = _texts(session, spoken, ids)
    named = sorted({*alike, *(position for position, _ in texts)})
    told = queries.names_of(session, [int(ids[position]) for position in named])
    at = {position: told[int(ids[position])][1].timestamp() for position in named}
    looped = {section.key for section in asked.definition.sections if section.per}
    single = [i for i, question in enumerate(questions) if question.section not in looped]
    contents = _contents(session, ids, near(alike, account, at), numbers, single)
    return Sent(
        account=account,
        version=people.version[here],
        seconds=seconds,
        answered=answered,
        positions=_positions(numbers[:, scales], [questions[i] for i in scales]),
        reverse=np.array([questions[i].reverse for i in scales], dtype=np.bool_),
        texts=texts,
        contents=contents,
        ids={position: told[int(ids[position])][0] for position in named},
        at=at,
    )


def _texts(session: Session, spoken: Spoken, ids: IntArray) -> list[tuple[int, str]]:
    """Long words that may stand in several responses, by position: what people wrote, and not what they chose."""
    long = np.flatnonzero(spoken.is_long)
    several = spoken.answer[long[repeated(spoken.mark[long])]]
    return [(int(np.searchsorted(ids, who)), words) for who, words in queries.texts_of(session, several.tolist())]


def _words_of(spoken: Spoken, people: int) -> NDArray[np.uint64]:
    """A mark of each person's open answers, whatever their order."""
    marks = marks_of(spoken.mark.view(np.uint64), spoken.question[:, np.newaxis].astype(np.float64))
    found = np.zeros(people, dtype=np.uint64)
    np.bitwise_xor.at(found, spoken.person, marks)
    return found


def _positions(numbers: FloatArray, questions: Sequence[Any]) -> FloatArray:
    low = np.array([question.minimum for question in questions], dtype=np.float64)
    high = np.array([question.maximum for question in questions], dtype=np.float64)
    places: FloatArray = (numbers - low) / (high - low)
    return places


def _contents(
    session: Session, ids: IntArray, alike: Sequence[int], numbers: FloatArray, single: Sequence[int]
) -> dict[int, Content]:
    """All answers of some responses, by position: numbers as we have them already, and what is stored beside them."""
    place = {int(ids[position]): position for position in alike}
    beside: dict[int, set[Any]] = defaultdict(set)
    for respondent, *answer in queries.answers_beside_numbers(session, list(place)):
        beside[place[respondent]].add(tuple(answer))
    rows = numbers[np.ix_(alike, single)]
    given = (~np.isnan(rows)).sum(axis=1).tolist()
    return {
        position: Content(n + len(beside[position]), row.tobytes(), frozenset(beside[position]))
        for position, n, row in zip(alike, given, rows, strict=True)
    }
