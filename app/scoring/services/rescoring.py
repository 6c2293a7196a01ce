"""Scoring single accounts at once, by the parameters of the portfolio's last scoring."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from app.core.columns import insert_columns
from app.scoring.models import AccountScore, RespondentScore
from app.scoring.queries import Rows
from app.scoring.queries import rescoring as queries
from app.scoring.queries.people import MARKS, AnswerColumns
from app.scoring.rules.frozen import Frozen, account_figures, read_frozen
from app.scoring.rules.gaps import quadrant
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.rollup_arrays import AccountVoices, account_voices
from app.scoring.services.columns import DOORS, MODES, Asked, People, Read, gathered, people_of
from app.scoring.services.storing import RESPONDENT, respondent_rows
from app.studies.models import Study
from app.studies.queries.people import HEARD

PARAMETERS = "parameters"
"""Under which name a scoring keeps what single accounts are scored by, beside its topics."""

MOST = 200
"""Accounts that are scored one by one; where more changed, the portfolio is scored anyhow."""

_DOORS = frozenset({*DOORS, None})


def rescore_accounts(session: Session, *, study: Study, asked: Asked, changed: Mapping[int, int]) -> int:
    """Score the accounts of some people of a scored study anew and return how many: voice, gap and flag.

    `changed` are those whose response changed, with their accounts; of the others at these accounts, what they came to
    stands. σ² within accounts, the scale of health and what scores are shrunken to are those of the last scoring, as is
    the account's health; the portfolio's figures, and how each flag stands against the others, follow with the next.
    Left to that are accounts with imported answers: what was put to their people is only seen from everybody's.
    """
    stored, account_ids = queries.parameters_of(session, study, PARAMETERS), sorted(set(changed.values()))
    if stored is None or not 0 < len(account_ids) <= MOST:
        return 0
    rows = queries.scored_accounts(session, stored.id, study, account_ids)
    found = queries.people_at(session, stored.id, study, [row.account_id for row in rows])
    if not _DOORS.issuperset(row.source for row in found):
        return 0
    places = [place for place, row in enumerate(found) if row.id in changed]
    these = [found[place] for place in places]
    read = _read(these, *queries.answers_of(session, [row.id for row in these]), asked)
    people = people_of(read, [row.account_id for row in rows], asked, np.zeros(len(these), dtype=np.int64))
    figures = _figures(read_frozen(stored.figures), _told(found, people, places, rows), rows)
    _write(session, stored.id, people, figures, {row.id: row.flags for row in these if row.flags is not None})
    return len(rows)


@dataclass(frozen=True)
class Told:
    """What the people of some accounts came to: accounts and roles by position, their voice and each dimension."""

    account: IntArray
    role: IntArray
    role_weights: FloatArray
    voice: FloatArray
    names: Sequence[str]
    dimensions: FloatArray


def _told(found: Rows, people: People, places: Sequence[int], accounts: Rows) -> Told:
    """Everybody's scores as they are stored, and at these places what people came to now."""
    names, position = people.heard.names, {row.account_id: place for place, row in enumerate(accounts)}
    voice = np.array([np.nan if row.voice is None else row.voice for row in found], dtype=np.float64)
    scored = [{} if row.dimensions is None else json.loads(row.dimensions) for row in found]
    dimensions = np.array([[each.get(name, np.nan) for name in names] for each in scored], dtype=np.float64)
    dimensions = dimensions.reshape(len(found), len(names))
    voice[places], dimensions[places] = people.heard.voice, people.heard.dimensions
    return Told(
        np.array([position[row.account_id] for row in found], dtype=np.int64),
        np.array([people.roles.index(row.role) for row in found], dtype=np.int64),
        people.role_weights,
        voice,
        names,
        dimensions,
    )


def _read(people: Rows, answers: Rows, noted: Rows, asked: Asked) -> Read:
    """Rows of a few people as the columns that a whole study is read by."""
    roles = sorted(asked.roles)
    facts = [
        (
            row.id,
            row.account_id,
            roles.index(row.role),
            MODES.index(row.mode),
            0 if row.source is None else HEARD,
            -1 if row.source is None else MODES.index(row.answered_mode),
            -1 if row.source is None else DOORS.index(row.source),
            row.version_id or 0,
        )
        for row in people
    ]
    noted_columns = _columns(noted, (np.int64, np.int64))
    return gathered(_columns(facts, (np.int64,) * 8), [_answers(answers)], noted_columns, asked.questions)


def _answers(rows: Rows) -> AnswerColumns:
    who, what_and_marks, number = _columns(rows, (np.int64, np.int64, np.float64))
    return who, what_and_marks // MARKS, number, what_and_marks % MARKS


def _columns(rows: Sequence[Any], types: Sequence[Any]) -> tuple[NDArray[Any], ...]:
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return tuple(np.array(column, kind) for column, kind in zip(columns, types, strict=True))


def _figures(frozen: Frozen, told: Told, rows: Rows) -> list[dict[str, Any]]:
    voices, dimensions = _rolled_up(told, told.voice[:, np.newaxis], len(rows)), _dimensions(told, len(rows))
    found = []
    for place, row in enumerate(rows):
        figures = account_figures(frozen, voices, place, row.health, row.stratum)
        said = zip(told.names, dimensions[:, place].tolist(), strict=True)
        found.append(
            figures
            | {
                "of_account": row.account_id,
                "respondents": int(voices.respondents[place]),
                "role_coverage": round(float(voices.coverage[place]), 12),
                "voice": _null(voices.voice[place]),
                "role_range": _null(voices.role_range[place]),
                "quadrant": quadrant(row.health_band, figures["voice_band"]),
                "dimensions": {name: score for name, score in said if not np.isnan(score)},
            }
        )
    return found


def _dimensions(told: Told, n: int) -> FloatArray:
    """Dimensions × accounts: each rolled up as the voice is."""
    voices: FloatArray = _rolled_up(told, told.dimensions, n).voice
    return voices.reshape(-1, n)


def _rolled_up(told: Told, scores: FloatArray, n: int) -> AccountVoices:
    """Columns of scores over people rolled up at once: the accounts of the first, then those of the next."""
    column, person = np.nonzero(~np.isnan(scores.T))
    place = column * n + told.account[person]
    return account_voices(place, told.role[person], scores[person, column], told.role_weights, n * scores.shape[1])


def _null(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _write(
    session: Session, scoring_id: int, people: People, figures: list[dict[str, Any]], flags: Mapping[int, str]
) -> None:
    """Put the accounts' and their people's new rows in the place of the old ones; what was flagged stays flagged."""
    connection, whose = session.connection(), {"scoring": scoring_id, "people": people.ids.tolist()}
    if figures:
        changing, clearing = _changing(tuple(figures[0])), _clearing()
        connection.execute(changing, [{**each, "of_scoring": scoring_id} for each in figures])
        connection.execute(clearing, whose)
        here = np.flatnonzero(people.has_response)
        written = respondent_rows(people, {}, here, np.zeros(len(here), dtype=np.int64), scoring_id)
        rows = ((*row[:4], flags.get(row[1]), row[5], None) for row in written)
        insert_columns(session, RespondentScore, ("scoring_id", *RESPONDENT), rows)


@cache
def _changing(names: tuple[str, ...]) -> Any:
    table: Any = AccountScore.__table__
    whose = (table.c.scoring_id == bindparam("of_scoring")) & (table.c.account_id == bindparam("of_account"))
    changes: dict[str, Any] = {name: bindparam(name) for name in names if name != "of_account"}
    return update(table).where(whose).values(changes)


@cache
def _clearing() -> Any:
    table: Any = RespondentScore.__table__
    return delete(table).where(
        table.c.scoring_id == bindparam("scoring"), table.c.respondent_id.in_(bindparam("people", expanding=True))
    )
