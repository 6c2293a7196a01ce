"""What the first page of a gap report reads, however many accounts were drawn: the calls, and who is surely low."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.reports.models import Edition
from app.reports.rules.document import TIERS
from app.scoring.models import AccountScore
from app.studies.models import Study

_FLAGGED = TIERS[:3]
_SURE = TIERS[:2]
_TIER = sa.case({name: place for place, name in enumerate(_FLAGGED)}, value=AccountScore.tier)
_STAKE = sa.func.coalesce(Account.arr, 0) * sa.func.coalesce(AccountScore.p_low, 0)
_IS_ELSEWHERE = sa.case((AccountScore.quadrant == "hidden_risk", 0), else_=1)


def urgent_ids(session: Session, scoring_id: int, most: int) -> list[int]:
    """The ids of the accounts that are to be called first, at most so many: by tier, then by revenue at stake."""
    score = AccountScore
    return list(
        session.scalars(
            sa.select(score.account_id)
            .join(Account, Account.id == score.account_id)
            .where(score.scoring_id == scoring_id, score.tier.in_(_FLAGGED), score.p_low >= score.p_high)
            .order_by(_TIER, _IS_ELSEWHERE, _STAKE.desc(), Account.crm_id)
            .limit(most)
        )
    )


def surely_low(session: Session, scoring_id: int) -> list[dict[str, Any]]:
    """The accounts that lie below their health for sure or probably, as far as they are compared, in order."""
    score = AccountScore
    rows = session.execute(
        sa.select(Account.crm_id.label("account_id"), Account.name, score.tier, score.p_low, score.p_high)
        .join(score, score.account_id == Account.id)
        .where(score.scoring_id == scoring_id, score.tier.in_(_SURE), score.p_low >= score.p_high)
        .order_by(_IS_ELSEWHERE, _TIER, _STAKE.desc(), Account.crm_id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (the public mapping of a row)


def last_published(session: Session, study: Study) -> Any | None:
    """The newest edition of a study without its data: (id, number, sha256, published_at), or None."""
    return session.execute(
        sa.select(Edition.id, Edition.number, Edition.sha256, Edition.published_at)
        .where(Edition.study_id == study.id)
        .order_by(Edition.number.desc())
        .limit(1)
    ).one_or_none()


def edition_text(session: Session, edition_id: int) -> str:
    """The frozen data of an edition."""
    return session.scalars(sa.select(Edition.document).where(Edition.id == edition_id)).one()
