"""The line of health on the page of an account: the last computation of each week."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customer360.queries.account import MOST_WEEKS, account_facts
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore
from app.health.services import load_scorecard
from app.users.models import User
from app.users.policy import scope_of
from tests.health.test_views import CARD
from tests.users.people import ADMIN, add_people

MONDAY = date(2026, 6, 1)
"""A day on which the weeks counted from 1970-01-01, a Thursday, are in their middle."""


def add_days(session: Session, scores: dict[int, float | None]) -> None:
    """An account with these scores, by the days since MONDAY on which they were computed, in that order."""
    add_people(session)
    account = Account(crm_id="A1", name="Alder")
    session.add(account)
    card = load_scorecard(session, document=CARD)
    for place, (days, score) in enumerate(scores.items()):
        on = MONDAY + timedelta(days=days)
        computation = HealthComputation(scorecard_version_id=card.id, as_of=on, content_sha256=str(place))
        session.add(computation)
        session.flush()
        session.add(
            HealthScore(computation_id=computation.id, account_id=account.id, score=score, measures=[], missing=[])
        )
    session.flush()


def trend(session: Session) -> list[tuple[int, float]]:
    admin = session.scalars(sa.select(User).where(User.email == ADMIN)).one()
    facts = account_facts(session, scope=scope_of(admin), crm_id="A1", role="admin")
    return [((on - MONDAY).days, score) for on, score in facts.present.trend]


def test_of_each_week_the_last_computation_stays(session: Session) -> None:
    # The weeks end on Wednesdays: the days 0 to 2, 3 to 9, 10 to 16. Day 1 was computed again after day 12.
    add_days(session, {0: 10, 1: 20, 3: 30, 9: None, 12: 50, 13: 60, 2: 25})
    assert trend(session) == [(2, 25), (13, 60)], "a week whose last computation gave no score has none"


def test_what_was_computed_once_a_month_stays_whole(session: Session) -> None:
    add_days(session, {days: float(days) for days in range(0, 300, 30)})
    assert trend(session) == [(days, float(days)) for days in range(0, 300, 30)]


def test_a_line_looks_back_on_a_year_and_a_month(session: Session) -> None:
    add_days(session, dict.fromkeys(range(0, 7 * (MOST_WEEKS + 5), 7), 50.0))
    found = trend(session)
    assert len(found) == MOST_WEEKS
    assert found[-1] == (7 * (MOST_WEEKS + 4), 50.0)
