"""Whether judgement is sealed: hidden from everybody who may set weights, until weights are published."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.health.models import JudgementSeal, ScorecardDraft, ScorecardVersion
from app.health.queries.recent import recent_metrics
from app.health.rules.scorecard import is_judgement, weighs_judgement
from app.health.rules.starter import Measured
from app.users.rules import Permission, Scope


def open_seal(session: Session) -> JudgementSeal | None:
    """The seal that holds, or None; there is one at a time."""
    return session.scalar(
        sa.select(JudgementSeal).where(JudgementSeal.lifted_at.is_(None)).order_by(JudgementSeal.id).limit(1)
    )


def is_sealed() -> sa.ColumnElement[bool]:
    """Whether a seal holds, as part of a statement."""
    return sa.exists().where(JudgementSeal.lifted_at.is_(None))


def sees_judgement(session: Session, scope: Scope) -> bool:
    """Whether the caller may see what CSMs think now: everybody, but while a seal holds not who may set weights.

    Each page that shows judgement asks this. Scores need not ask it: while a seal holds, none contains judgement.
    """
    return not scope.can(Permission.STUDIES) or open_seal(session) is None


def metrics_shown(session: Session) -> list[Measured]:
    """The metrics that telemetry has lately brought, as who sets weights may see them: sealed ones are left out."""
    found = recent_metrics(session)
    return found if open_seal(session) is None else [each for each in found if not is_judgement(each.metric)]


def sealable_keys(session: Session) -> list[str]:
    """The scorecards of which weights can be published, by key: those on record and those that are being written."""
    keys = sa.union(sa.select(ScorecardVersion.key), sa.select(ScorecardDraft.key))
    return sorted(session.scalars(keys))


def weighing_version(session: Session) -> ScorecardVersion | None:
    """A published version that weighs judgement, the newest first; None where none ever did."""
    versions = session.scalars(sa.select(ScorecardVersion).order_by(ScorecardVersion.id.desc()))
    return next((each for each in versions if weighs_judgement(each.definition)), None)
