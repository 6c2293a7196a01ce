"""Writing a scoring: its figures, its accounts and its respondents, in bulk."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.columns import insert_columns, positions
from app.core.database import insert_rows
from app.health.models import HealthComputation
from app.scoring import queries
from app.scoring.models import AccountScore, Analysis, ChosenFigures, RespondentScore, Scoring, ScoringCheck
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.marks import mark_of_text, marks_of
from app.scoring.rules.portfolio import Figures
from app.scoring.rules.quality import Flag, Flags
from app.scoring.services.columns import People, Picture, rolled_up
from app.studies.models import Study

Row = dict[str, Any]


Scored = type[AccountScore | RespondentScore | Analysis]

KEYS: Mapping[Scored, str] = {AccountScore: "account_id", RespondentScore: "respondent_id", Analysis: "topic"}
"""The tables of a scoring, each with the column that tells its rows apart."""


@dataclass(frozen=True)
class Computation:
    """All that a study's answers came to: its columns, what is unusual about responses, and every figure."""

    picture: Picture
    flags: Flags
    figures: Figures
    analyses: Mapping[str, Figures]


def store_scoring(
    session: Session, study: Study, health: HealthComputation, found: Computation, *, at: datetime
) -> Scoring:
    """Store a scoring, with its accounts, respondents and topics, in the place of the study's present one."""
    scoring = queries.scoring_of(session, study) or Scoring(study_id=study.id)
    scoring.health_computation_id, scoring.scored_at, scoring.figures = health.id, at, found.figures
    session.add(scoring)
    session.flush()
    for each in (AccountScore, Analysis, ScoringCheck, ChosenFigures):
        session.execute(delete(each).where(each.scoring_id == scoring.id))
    accounts = account_columns(found.picture)
    rows = zip(repeat(scoring.id), *accounts.values(), strict=False)
    insert_columns(session, AccountScore, ("scoring_id", *accounts), rows)
    insert_rows(session, Analysis, [{"scoring_id": scoring.id} | row for row in analysis_rows(found)])
    _store_respondents(session, scoring.id, found.picture.people, found.flags)
    return scoring


def _store_respondents(session: Session, scoring_id: int, people: People, flags: Flags) -> None:
    """Write those respondents whose scores are others than they were: of a million, one answer changes one."""
    here = np.flatnonzero(people.has_response)
    ids, marks, before = people.ids[here], _marks(people, flags, here), np.zeros(len(here), dtype=np.int64)
    stored, old = queries.respondent_marks(session, scoring_id)
    known = np.isin(ids, stored)
    before[known] = old[positions(stored, ids[known])]
    stands = before == marks
    queries.forget_respondents(session, scoring_id, np.setdiff1d(stored, ids[stands], assume_unique=True).tolist())
    rows = respondent_rows(people, flags, here[~stands], marks[~stands], scoring_id)
    insert_columns(session, RespondentScore, ("scoring_id", *RESPONDENT), rows)


def _marks(people: People, flags: Flags, here: IntArray) -> IntArray:
    """A mark of all that is stored of each respondent, as the database holds it: with a sign."""
    start = np.full(len(here), mark_of_text(" ".join(people.heard.names)))
    for position, each in flags.items():
        start[np.searchsorted(here, position)] ^= mark_of_text(_flags(each))
    heard = people.heard
    numbers = np.column_stack([heard.voice[here], heard.core_share[here], heard.dimensions[here]])
    signed: IntArray = marks_of(start, numbers).view(np.int64)
    return signed


def tables_of(found: Computation) -> Iterator[tuple[Scored, Iterable[Row]]]:
    """Yield each table of a scoring with the rows that it would have, without the scoring that they belong to."""
    accounts = account_columns(found.picture)
    yield AccountScore, (_as_row(tuple(accounts), values) for values in zip(*accounts.values(), strict=True))
    people = found.picture.people
    here = np.flatnonzero(people.has_response)
    rows = respondent_rows(people, found.flags, here, np.zeros(len(here), dtype=np.int64))
    yield RespondentScore, (_as_row(RESPONDENT, values) for values in rows)
    yield Analysis, analysis_rows(found)


def analysis_rows(found: Computation) -> list[Row]:
    """Return one row per topic."""
    return [{"topic": topic, "figures": figures} for topic, figures in found.analyses.items()]


def account_columns(picture: Picture) -> dict[str, list[Any]]:
    """Return what is stored of the drawn accounts, column by column; dimensions as the text of a document."""
    drawn, people, voices, compared = picture.drawn, picture.people, picture.voices, picture.compared
    numbers = {
        "voice": voices.voice,
        "voice_se": compared.voice_se,
        "voice_shrunken": compared.voice_shrunken,
        "role_range": voices.role_range,
        "health": drawn.health,
        "equated_health": compared.equated_health,
        "gap": compared.gap,
        "gap_shrunken": compared.gap_shrunken,
        "gap_se": compared.gap_se,
        "p_low": compared.p_low,
        "p_high": compared.p_high,
        "cross_check_p": compared.cross_check_p,
    }
    names = people.heard.names
    scores = [rolled_up(people, people.heard.dimensions[:, i], drawn).voice for i in range(len(names))]
    return {name: _nulls(column) for name, column in numbers.items()} | {
        "account_id": list(drawn.account_ids),
        "respondents": voices.respondents.tolist(),
        "role_coverage": [round(each, 12) for each in voices.coverage.tolist()],
        "voice_band": list(compared.voice_bands),
        "health_band": list(drawn.health_bands),
        "tier": list(compared.tiers),
        "quadrant": list(compared.quadrants),
        "dimensions": _documents(names, np.column_stack([*scores, np.empty((len(drawn.account_ids), 0))])),
    }


RESPONDENT = ("respondent_id", "voice", "core_share", "flags", "dimensions", "mark")
AT_ONCE = 50_000
"""People whose rows exist at one time while they are written."""


def respondent_rows(
    people: People, flags: Flags, here: IntArray, marks: IntArray, *owner: int
) -> Iterator[tuple[Any, ...]]:
    """Yield one row per respondent `here`, as `RESPONDENT` names it, after its owner; documents as text.

    A million dictionaries would not fit in memory, and to write each as a document takes three times as long.
    """
    for start in range(0, len(here), AT_ONCE):
        some = here[start : start + AT_ONCE]
        yield from zip(
            *(repeat(each, len(some)) for each in owner),
            people.ids[some].tolist(),
            _nulls(people.heard.voice[some]),
            _nulls(people.heard.core_share[some]),
            [_flags(flags[position]) if position in flags else None for position in some.tolist()],
            _documents(people.heard.names, people.heard.dimensions[some]),
            marks[start : start + AT_ONCE].tolist(),
            strict=True,
        )


DOCUMENTS = frozenset({"flags", "dimensions"})


def _as_row(names: Sequence[str], values: Sequence[Any]) -> Row:
    """One row by names, its documents read."""
    return {
        name: json.loads(value) if name in DOCUMENTS and value is not None else value
        for name, value in zip(names, values, strict=True)
    }


def _flags(flags: Sequence[Flag]) -> str:
    return json.dumps([{"kind": str(flag.kind), "reason": flag.reason} for flag in flags])


def _documents(names: Sequence[str], scores: FloatArray) -> list[str]:
    """Each row's scores as the text of a document, by the names of those that are there."""
    present = ~np.isnan(scores)
    pattern = present @ (1 << np.arange(len(names), dtype=np.int64))
    texts = np.empty(len(scores), dtype=object)
    for each in np.unique(pattern):
        rows = pattern == each
        inside = [i for i in range(len(names)) if each >> i & 1]
        form = "{" + ", ".join(f"{json.dumps(names[i]).replace('%', '%%')}: %r" for i in inside) + "}"
        texts[rows] = _written(form, scores[rows][:, inside])
    found: list[str] = texts.tolist()
    return found


def _written(form: str, scores: FloatArray) -> NDArray[Any]:
    """Each row in a form; of scales with a few steps the same rows come again and again, and are written once."""
    code = np.zeros(len(scores), dtype=np.int64)
    for column in scores.T:
        steps, place = np.unique(column, return_inverse=True)
        code = np.unique(code * len(steps) + place, return_inverse=True)[1]
    _, first = np.unique(code, return_index=True)
    texts = np.array([form % tuple(row) for row in scores[first].tolist()], dtype=object)
    found: NDArray[Any] = texts[code]
    return found


def _nulls(column: FloatArray) -> list[float | None]:
    plain = column.astype(object)
    plain[np.isnan(column)] = None
    found: list[float | None] = plain.tolist()
    return found
