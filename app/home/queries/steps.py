"""How far a workspace has come."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.health.models import ScorecardVersion
from app.home.rules.steps import Done
from app.studies.models import Study
from app.studies.scope import whole_studies
from app.users.rules import Scope


def steps_done(session: Session, scope: Scope) -> Done:
    """What there is already; studies are those that the reader sees whole."""
    theirs = whole_studies(scope)
    row = session.execute(
        sa.select(
            _any(Account),
            _any(Contact),
            _any(ScorecardVersion),
            _any(Study, theirs),
            _any(Study, theirs, Study.drawn_at.is_not(None)),
        )
    ).one()
    return Done(*(bool(each) for each in row))


def _any(model: Any, *conditions: Any) -> Any:
    return sa.select(sa.exists(sa.select(model.id).where(*conditions))).scalar_subquery()
