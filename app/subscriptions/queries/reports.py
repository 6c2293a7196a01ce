"""Reads of the gap reports that come to somebody by mail."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.reports.models import ReportSubscription
from app.reports.rules.delivery import Rhythm, Wish
from app.studies.models import Study
from app.studies.scope import visible_studies
from app.users.rules import Scope


def reports_of(session: Session, *, scope: Scope) -> Sequence[tuple[str, str, str, Any]]:
    """Return (study, name, when, next_at) of the reports that come to the caller, by name, of studies they may see."""
    each = ReportSubscription
    rows = session.execute(
        sa.select(Study.key, Study.name, each.rhythm, each.day, each.next_at)
        .join(Study, Study.id == each.study_id)
        .where(each.user_id == scope.user_id, each.ended_at.is_(None), visible_studies(scope))
        .order_by(sa.func.lower(Study.name), each.id)
    )
    return [(row.key, row.name, Wish(Rhythm(row.rhythm), row.day).words, row.next_at) for row in rows]
