"""Scoring single accounts at once, by the parameters of the portfolio's last scoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from app.core.columns import insert_columns
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.scoring import queries
from app.scoring.models import AccountScore, RespondentScore
from app.scoring.rules.frozen import Frozen, account_figures, quadrant_of, read_frozen
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.rollup_arrays import AccountVoices, account_voices
from app.scoring.services.columns import People, people_columns
from app.scoring.services.storing import RESPONDENT, respondent_rows
from app.studies.models import Study

PARAMETERS = "parameters"
"""Under which name a scoring keeps what single accounts are scored by, beside its topics."""

MOST = 200
"""Accounts that are scored one by one; where more changed, the portfolio is scored anyhow."""

_DOORS = frozenset(map(str, AskedIn))


@dataclass(frozen=True)
class Asked:
    """What a study asks: its questionnaire's version as the rules know it, and the row of each question."""

    definition: Questionnaire
    question_ids: Mapping[str, int]


def rescore_accounts(session: Session, *, study: Study, asked: Asked, account_ids: Sequence[int]) -> int:
    """Score some accounts of a scored study anew and return how many: their people, voice, gap and flag.

    σ² within accounts, the scale of health and what scores are shrunken to are those of the last scoring, as is the
    account's health; the portfolio's figures, and how each flag stands against the others, follow with the next. Left
    to that are accounts with imported answers: what was put to their people is only seen from everybody's.
    """
    scoring_id = queries.scoring_id_of(session, study)
    stored = queries.analysis_of(session, study.id, PARAMETERS)
    if scoring_id is None or stored is None or not 0 < len(account_ids) <= MOST:
        return 0
    rows = queries.scored_accounts(session, scoring_id, study, account_ids)
    ids = [row.account_id for row in rows]
    some = queries.Some(accounts=ids)
    people = people_columns(
        session, study, ids, definition=asked.definition, question_ids=asked.question_ids, some=some
    )
    if not _DOORS.issuperset(people.doors.tolist()):
        return 0
    _write(session, scoring_id, people, _figures(read_frozen(stored), people, rows))
    return len(ids)


def _figures(frozen: Frozen, people: People, rows: queries.Rows) -> list[dict[str, Any]]:
    voices = _rolled_up(people, people.heard.voice, len(rows))
    sides = {
        name: _rolled_up(people, people.heard.dimensions[:, i], len(rows)) for i, name in enumerate(people.heard.names)
    }
    found = []
    for place, row in enumerate(rows):
        figures = account_figures(frozen, voices, place, row.health, row.stratum)
        found.append(
            figures
            | {
                "of_account": row.account_id,
                "respondents": int(voices.respondents[place]),
                "role_coverage": round(float(voices.coverage[place]), 12),
                "voice": _null(voices.voice[place]),
                "role_range": _null(voices.role_range[place]),
                "quadrant": quadrant_of(row.health_band, figures["voice_band"]),
                "dimensions": {
                    name: float(side.voice[place]) for name, side in sides.items() if not np.isnan(side.voice[place])
                },
            }
        )
    return found


def _rolled_up(people: People, scores: FloatArray, n: int) -> AccountVoices:
    said = ~np.isnan(scores)
    return account_voices(people.account[said], people.role[said], scores[said], people.role_weights, n)


def _null(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _write(session: Session, scoring_id: int, people: People, figures: list[dict[str, Any]]) -> None:
    """Put the accounts' and their people's new rows in the place of the old ones; what was flagged stays flagged."""
    if not figures:
        return
    flags = queries.flags_of_people(session, scoring_id, people.ids.tolist())
    table: Any = AccountScore.__table__
    changes: dict[str, Any] = {name: bindparam(name) for name in figures[0] if name != "of_account"}
    whose = (table.c.scoring_id == scoring_id) & (table.c.account_id == bindparam("of_account"))
    session.connection().execute(update(table).where(whose).values(changes), figures)
    gone = RespondentScore.respondent_id.in_(people.ids.tolist())
    session.execute(delete(RespondentScore).where(RespondentScore.scoring_id == scoring_id, gone))
    written = ((*row[:4], flags.get(row[1]), *row[5:]) for row in respondent_rows(people, {}, scoring_id))
    insert_columns(session, RespondentScore, ("scoring_id", *RESPONDENT), written)
