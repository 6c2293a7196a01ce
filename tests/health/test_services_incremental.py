"""Health computed again for what changed is the health of all, to the same hash; the job finds what is due."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.customers.models import Account
from app.health.models import HealthChange, HealthComputation, HealthScore, SupportCase, Telemetry
from app.health.queries import newest_scorecard
from app.health.services import compute_health, load_scorecard
from app.health.services.choosing import publish_choice
from app.health.services.incremental import compute_changed, note_changed
from app.health.tasks import health

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]
SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [
        {"key": "usage", "metric": "usage", "points": LINE, "weight": 3, "aggregate": "mean", "per": "seats"},
        {"key": "logins", "metric": "logins", "points": LINE, "weight": 1, "half_life_days": 20},
        {"key": "mood", "metric": "csm.sentiment", "points": LINE, "weight": 1},
        {"key": "cases", "metric": "cases.open", "points": [[0, 100], [5, 0]], "weight": 1},
    ],
}


def put(session: Session, account_id: int, metric: str, value: float, day: date = DAY) -> None:
    session.add(Telemetry(account_id=account_id, metric=metric, period_end=day, value=value))
    session.flush()


def fill(session: Session, accounts: int = 6, day: date = DAY) -> list[int]:
    rows = [Account(crm_id=f"A{i}", name=f"A{i}", seats=i + 1) for i in range(accounts)]
    session.add_all(rows)
    session.flush()
    for place, row in enumerate(rows):
        put(session, row.id, "usage", 7.1 * place, day)
        put(session, row.id, "logins", 1.7 * place, day - timedelta(days=9 * place))
    load_scorecard(session, document=SCORECARD)
    return [row.id for row in rows]


def compared(session: Session) -> tuple[HealthComputation, HealthComputation]:
    """Return the newest computation, and what computing everything comes to: the same one, if all is well."""
    newest = session.scalars(select(HealthComputation).order_by(HealthComputation.id.desc()).limit(1)).one()
    return newest, compute_health(session, version=newest_scorecard(session, "default"), as_of=DAY)


def change(session: Session, kind: str, ids: list[int]) -> list[int]:
    """Change something, and return the accounts whose telemetry is another."""
    if kind == "a value":
        put(session, ids[2], "usage", 55.5, DAY - timedelta(days=1))
        return [ids[2]]
    if kind == "a last row":
        put(session, ids[5], "logins", 3.25)
        return [ids[5]]
    if kind == "judgement":
        put(session, ids[1], "csm.sentiment", 10)
        return [ids[1]]
    if kind == "the first case":
        session.add(SupportCase(crm_id="c", account_id=ids[0], opened_at=now() - timedelta(days=3_000)))
        session.flush()
        return []
    if kind == "seats":
        session.execute(update(Account).where(Account.id == ids[3]).values(seats=50))
        return [ids[3]]
    session.add(Account(crm_id="new", name="New", seats=3))
    session.flush()
    return []


@pytest.mark.parametrize("kind", ["a value", "a last row", "judgement", "the first case", "seats", "a new account"])
def test_what_changed_is_computed_to_the_same_hash_as_all(session: Session, kind: str) -> None:
    ids = fill(session)
    version = newest_scorecard(session, "default")
    first = compute_health(session, version=version, as_of=DAY)
    changed = change(session, kind, ids)
    second = compute_changed(session, version=version, as_of=DAY, account_ids=changed)
    assert second.id != first.id
    newest, whole = compared(session)
    assert second is newest is whole
    rows = session.scalar(select(func.count()).select_from(HealthScore).where(HealthScore.computation_id == second.id))
    assert rows == session.scalar(select(func.count()).select_from(Account))


def test_nothing_changed_is_nothing_stored(session: Session) -> None:
    ids = fill(session)
    version = newest_scorecard(session, "default")
    first = compute_health(session, version=version, as_of=DAY)
    assert compute_changed(session, version=version, as_of=DAY, account_ids=ids) is first


def test_telemetry_of_others_is_not_read_again(session: Session) -> None:
    """What nobody noted is found by the next whole computation: that is what reading less means."""
    ids = fill(session)
    version = newest_scorecard(session, "default")
    first = compute_health(session, version=version, as_of=DAY)
    put(session, ids[0], "csm.sentiment", 5)
    assert compute_changed(session, version=version, as_of=DAY, account_ids=[ids[1]]) is first
    assert compute_health(session, version=version, as_of=DAY) is not first


def test_an_account_is_noted_once(session: Session) -> None:
    ids = fill(session)
    note_changed(session, accounts=select(Account.id).where(Account.id.in_(ids[:2])))
    note_changed(session, accounts=select(Account.id).where(Account.id.in_(ids[1:3])))
    assert sorted(session.scalars(select(HealthChange.account_id))) == ids[:3]


def test_the_job_computes_todays_health_once_and_again_for_what_changed(application: Flask, session: Session) -> None:
    ids = fill(session, day=today())
    session.commit()
    with application.app_context():
        assert health() == ["default"]
        assert health() == []
        publish_choice(db.session, document={"default": "default"})
        db.session.commit()
        assert health() == []  # The choice says what was shown without it.
        put(db.session, ids[0], "csm.sentiment", 5, today())
        note_changed(db.session, accounts=select(Account.id).where(Account.id == ids[0]))
        db.session.commit()
        assert health() == ["default"]
        assert db.session.scalar(select(func.count()).select_from(HealthComputation)) == 2
        assert db.session.scalar(select(func.count()).select_from(HealthChange)) == 0
        assert health() == []


@pytest.mark.parametrize(
    ("metric", "days_ago", "published", "due"),
    [
        pytest.param("usage", 0, ["default"], ["default"], id="measured today"),
        pytest.param("usage", 89, ["default"], ["default"], id="measured within the window"),
        pytest.param("usage", 90, ["default"], [], id="measured before the window"),
        pytest.param("other", 0, ["default"], [], id="another metric"),
        pytest.param("csm.sentiment", 0, ["default"], [], id="judgement alone is no telemetry"),
        pytest.param("usage", 0, [], [], id="no scorecard"),
        pytest.param("usage", 0, ["enterprise", "a"], ["a"], id="no default scorecard"),
        pytest.param("usage", 0, ["enterprise", "default"], ["default"], id="the default of two"),
    ],
)
def test_without_a_choice_the_job_computes_what_pages_show_where_something_was_measured_lately(
    application: Flask, session: Session, *, metric: str, days_ago: int, published: list[str], due: list[str]
) -> None:
    session.add(Account(crm_id="A", name="A", seats=1))
    session.flush()
    put(session, session.scalars(select(Account.id)).one(), metric, 5, today() - timedelta(days=days_ago))
    for key in published:
        load_scorecard(session, document=SCORECARD | {"key": key})
    session.commit()
    with application.app_context():
        assert health() == due
        assert health() == []


def test_without_a_choice_the_scorecard_of_the_newest_computation_is_computed(
    application: Flask, session: Session
) -> None:
    """A portfolio of years ago has health on record and keeps it: today nothing is known of it."""
    fill(session, day=today() - timedelta(days=10))
    other = load_scorecard(session, document=SCORECARD | {"key": "enterprise"})
    compute_health(session, version=other, as_of=today() - timedelta(days=1))
    session.commit()
    with application.app_context():
        assert health() == ["enterprise"]
        assert health() == []


@pytest.mark.parametrize(
    ("measures", "days_ago", "due"),
    [
        pytest.param(["cases.open"], 5, True, id="a case of late"),
        pytest.param(["cases.open"], 2000, False, id="a case of years ago"),
        pytest.param(["cases.open", "usage"], 5, True, id="cases beside telemetry that is not there"),
        pytest.param(["cases.open", "usage", "account.margin"], 2000, False, id="neither case nor telemetry of late"),
        pytest.param(["account.margin"], 2000, True, id="figures of accounts are those of today"),
    ],
)
def test_cases_count_by_what_happened_and_figures_of_accounts_where_nothing_else_is_read(
    application: Flask, session: Session, measures: list[str], days_ago: int, due: bool
) -> None:
    session.add(Account(crm_id="A", name="A"))
    session.flush()
    at = now() - timedelta(days=days_ago)
    account_id = session.scalars(select(Account.id)).one()
    session.add(SupportCase(crm_id="c", account_id=account_id, opened_at=at, closed_at=at))
    listed = [{"key": f"m{i}", "metric": metric, "points": LINE, "weight": 1} for i, metric in enumerate(measures)]
    load_scorecard(session, document={"key": "default", "measures": listed})
    session.commit()
    with application.app_context():
        assert bool(health()) is due
