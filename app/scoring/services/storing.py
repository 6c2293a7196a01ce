"""Writing a scoring: its figures, its accounts and its respondents, in bulk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.health.models import HealthComputation
from app.scoring import queries
from app.scoring.models import AccountScore, Analysis, RespondentScore, Scoring
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.portfolio import Figures
from app.scoring.rules.quality import Flags
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


def replace_scoring(
    session: Session, study: Study, health: HealthComputation, found: Computation, *, at: datetime
) -> Scoring:
    """Put a new scoring, with its accounts, respondents and topics, in the place of the study's present one."""
    old = queries.scoring_of(session, study)
    if old is not None:
        for each in KEYS:
            session.execute(delete(each).where(each.scoring_id == old.id))
        session.delete(old)
        session.flush()
    scoring = Scoring(study_id=study.id, health_computation_id=health.id, scored_at=at, figures=found.figures)
    session.add(scoring)
    session.flush()
    for table, rows in tables_of(found).items():
        insert_rows(session, table, [{"scoring_id": scoring.id} | row for row in rows])
    return scoring


def tables_of(found: Computation) -> dict[Scored, list[Row]]:
    """Return the rows of a computation's tables, without the scoring that they belong to."""
    return {
        AccountScore: account_rows(found.picture),
        RespondentScore: respondent_rows(found.picture.people, found.flags),
        Analysis: [{"topic": topic, "figures": figures} for topic, figures in found.analyses.items()],
    }


def account_rows(picture: Picture) -> list[Row]:
    """Return one row per drawn account."""
    drawn, people, voices, compared = picture.drawn, picture.people, picture.voices, picture.compared
    columns = {
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
    plain = {name: _nulls(column) for name, column in columns.items()}
    dimensions = {
        name: _nulls(rolled_up(people, people.heard.dimensions[:, i], drawn).voice)
        for i, name in enumerate(people.heard.names)
    }
    return [
        {name: column[i] for name, column in plain.items()}
        | {
            "account_id": account_id,
            "respondents": int(voices.respondents[i]),
            "role_coverage": round(float(voices.coverage[i]), 12),
            "voice_band": compared.voice_bands[i],
            "health_band": drawn.health_bands[i],
            "tier": compared.tiers[i],
            "quadrant": compared.quadrants[i],
            "dimensions": {name: column[i] for name, column in dimensions.items() if column[i] is not None},
        }
        for i, account_id in enumerate(drawn.account_ids)
    ]


def respondent_rows(people: People, flags: Flags) -> list[Row]:
    """Return one row per respondent who answered, with what is unusual about the response."""
    voice, core_share = _nulls(people.heard.voice), _nulls(people.heard.core_share)
    dimensions = people.heard.dimensions
    return [
        {
            "respondent_id": respondent_id,
            "voice": voice[i],
            "core_share": core_share[i],
            "flags": [{"kind": str(flag.kind), "reason": flag.reason} for flag in flags[i]] if i in flags else None,
            "dimensions": {
                name: float(dimensions[i, j])
                for j, name in enumerate(people.heard.names)
                if not np.isnan(dimensions[i, j])
            },
        }
        for i, respondent_id in enumerate(people.ids)
        if people.has_response[i]
    ]


def _nulls(column: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in column.tolist()]
