"""What Carl's account A4 has with us: a suite, planning below it, billing below that, and a product beside it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account, Relationship
from app.customers.services import note_searched
from app.health.models import RelationshipHealth, ScorecardVersion
from app.relationships.services import save_type
from app.users.models import User
from tests.customer360.workspace import add_workspace
from tests.users.people import LEADER

SUITE, PLANNING, BILLING, BESIDE = "R/1 suite", "R-2", "R-3 #?", "R-4"
OF_A4 = f"/accounts/A4/relationships/{SUITE.replace(' ', '%20')}"
FIELDS = [{"key": "edition", "label": "Edition"}, {"key": "live_since", "label": "Live since"}]
DEFINITION: dict[str, Any] = {"scorecard": "default", "survey": "relationship", "fields": FIELDS}
SCORES = {SUITE: 80.0, PLANNING: 40.0, BILLING: 60.0}


def add_related(session: Session) -> None:
    """Add the workspace of the accounts' tests with relationships at A4, and one at A3, which is not Carl's."""
    add_workspace(session)
    relate(session)
    by = session.scalars(select(User.id).where(User.email == LEADER)).one()
    save_type(session, actor_id=by, type_="product", definition=DEFINITION, based_on=0)
    note_searched(session)


def relate(session: Session) -> None:
    """Add the relationships and the health of all but one."""
    accounts = {crm_id: key for crm_id, key in session.execute(select(Account.crm_id, Account.id))}  # noqa: C416
    facts: dict[str, Any] = {"account_id": accounts["A4"], "type": "product"}
    rows = [
        Relationship(crm_id=SUITE, name="Suite", arr=30_000, owner_email="tom.quist@x.test", **facts),
        Relationship(crm_id=PLANNING, name="Planning", arr=10_000, parent_crm_id=SUITE, **facts),
        Relationship(crm_id=BILLING, name="<b>Billing</b>", parent_crm_id=PLANNING, **facts),
        Relationship(crm_id=BESIDE, account_id=accounts["A4"], type="Service"),
        Relationship(crm_id="R-9", account_id=accounts["A3"], type="product", name="Planning"),
    ]
    rows[0].custom = {"edition": "Large", "legacy": "kept"}
    session.add_all(rows)
    session.flush()
    version = session.scalars(select(ScorecardVersion).where(ScorecardVersion.key == "default")).one()
    for row in rows:
        for days in (10, 0):
            if row.crm_id in SCORES:
                session.add(health_of(row, version, SCORES[row.crm_id] - days, days))


def health_of(row: Relationship, version: ScorecardVersion, score: float, days: int) -> RelationshipHealth:
    """Return the health of a relationship some days ago."""
    return RelationshipHealth(
        relationship_id=row.id,
        scorecard_version_id=version.id,
        as_of=today() - timedelta(days=days),
        score=score,
        band="green" if score >= 70 else "amber",
        measures=[{"key": "use", "value": score, "points": score, "weight": 1.0}],
        missing=[],
    )
