"""What exports read of a scored study: the scores of its people and the gaps of its accounts."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.responses.models import Response
from app.scoring.models import AccountScore, RespondentScore, Scoring
from app.studies.models import Respondent, SampledAccount, Study

STREAMED = 2_000
_DRAW = (SampledAccount.stratum, SampledAccount.stratum_size, SampledAccount.weight)


def is_scored(session: Session, study: Study) -> bool:
    """Whether a study has been scored."""
    return bool(session.scalar(sa.select(sa.exists().where(Scoring.study_id == study.id))))


def score_rows(session: Session, study: Study) -> Iterator[Any]:
    """Stream the people whom a scoring heard: who, of which stratum, voice, share of the core asked, and dimensions."""
    wanted = (
        sa.select(
            Response.external_id,
            Account.crm_id,
            Contact.crm_id,
            Respondent.role,
            Response.mode,
            *_DRAW,
            RespondentScore.voice,
            RespondentScore.core_share,
            RespondentScore.dimensions,
        )
        .join(Respondent, Respondent.id == RespondentScore.respondent_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(Scoring, Scoring.id == RespondentScore.scoring_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(SampledAccount, _is_drawn(Respondent.account_id))
        .where(Scoring.study_id == study.id, Response.submitted_at.is_not(None))
        .order_by(Account.crm_id, Contact.crm_id)
    )
    yield from session.execute(wanted.execution_options(yield_per=STREAMED))


def gap_rows(session: Session, study: Study) -> Iterator[Any]:
    """Stream every drawn account of a scored study, with what the gap report says of it."""
    score = AccountScore
    wanted = (
        sa.select(Account.crm_id, Account.name, *_DRAW, Account.arr, Account.currency)
        .add_columns(score.health, score.health_band, score.voice, score.voice_band, score.respondents)
        .add_columns(score.role_coverage, score.equated_health, score.gap, score.gap_shrunken, score.gap_se)
        .add_columns(score.p_low, score.p_high, score.tier, score.quadrant)
        .join(Account, Account.id == score.account_id)
        .join(Scoring, Scoring.id == score.scoring_id)
        .join(SampledAccount, _is_drawn(score.account_id))
        .where(Scoring.study_id == study.id)
        .order_by(Account.crm_id)
    )
    yield from session.execute(wanted.execution_options(yield_per=STREAMED))


def _is_drawn(account_id: Any) -> sa.ColumnElement[bool]:
    return sa.and_(SampledAccount.study_id == Scoring.study_id, SampledAccount.account_id == account_id)
