"""Testing a scorecard on a real database: what was measured in time, what came too late, and who takes weights up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account, Outcome
from app.health.models import ScorecardVersion, SupportCase, Telemetry
from app.health.queries.before import decided_accounts, measured_before
from app.health.rules.scorecard import Aggregate, Measure
from app.health.services import load_scorecard
from app.scoring.models import Distress, DistressScore, Validation
from app.scoring.queries import distress_of, present_distress
from app.scoring.services.distressing import computed_distress, is_due, store_distress
from app.scoring.services.validating import (
    accept_weights,
    ask_validation,
    refusal_of,
    reweighted,
    store_validation,
    validation_of,
)
from app.scoring.tasks import distress, validate
from app.users.models import AuditEvent
from tests.conftest import Fill

DAY = date(2026, 3, 31)
POINTS = [[0, 0], [100, 100]]
SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [
        {"key": "use", "metric": "use", "points": POINTS, "weight": 10, "name": "Use"},
        {"key": "noise", "metric": "noise", "points": POINTS, "weight": 60, "name": "Noise", "tier": "secondary"},
    ],
}


def portfolio(session: Session, *, renewals: int = 40, losses: int = 30, lead: int = 90) -> ScorecardVersion:
    """Accounts whose use tells what became of them, measured so many days before."""
    chance = np.random.default_rng(3)
    for i in range(renewals + losses):
        account = Account(crm_id=f"A{i}", name=f"Account {i}", seats=100)
        session.add(account)
        session.flush()
        kept = i < renewals
        session.add(Outcome(account_id=account.id, outcome_date=DAY, outcome="renewed" if kept else "churned"))
        for metric, value in (("use", chance.normal(70 if kept else 40, 15)), ("noise", chance.normal(50, 15))):
            session.add(
                Telemetry(
                    account_id=account.id, metric=metric, period_end=DAY - timedelta(days=lead), value=float(value)
                )
            )
    session.flush()
    return load_scorecard(session, document=SCORECARD)


def validated(session: Session, version: ScorecardVersion) -> Validation:
    validation = ask_validation(session, version=version, as_of=DAY)
    figures = validation_of(session, version=version, as_of=DAY)
    store_validation(session, validation=validation, figures=figures)
    return validation


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_weights_are_taken_up_by_a_person_and_never_twice(session: Session) -> None:
    version = portfolio(session)
    validation = validated(session, version)
    figures: dict[str, Any] = validation.figures or {}
    assert figures["factors"][0]["verdict"] == "signal"
    assert figures["factors"][0]["weight"] == pytest.approx(10 / 40)
    shares = figures["suggestion"]["weights"]
    assert shares["use"] > 0.25
    assert session.scalar(select(ScorecardVersion.version).order_by(ScorecardVersion.id.desc())) == 1

    published = accept_weights(session, validation=validation)

    weights = {measure["key"]: measure["weight"] for measure in published.definition["measures"]}
    assert published.version == 2
    assert weights["use"] == pytest.approx(40 * shares["use"], abs=1e-3)
    assert weights["noise"] == pytest.approx(80 * shares["noise"], abs=1e-3)
    assert (
        session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == "scorecard.accept_weights"
    )
    with pytest.raises(Refusal, match="published already"):
        accept_weights(session, validation=validation)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_weights_of_a_scorecard_that_has_changed_are_refused(session: Session) -> None:
    version = portfolio(session)
    validation = validated(session, version)
    load_scorecard(session, document={**SCORECARD, "name": "Another"})
    with pytest.raises(Refusal, match="has changed"):
        accept_weights(session, validation=validation)


@pytest.mark.parametrize(
    ("lead", "n", "late"),
    [
        pytest.param(90, 70, 0, id="90 days before is in time"),
        pytest.param(89, 0, 70, id="89 days before is too late"),
        pytest.param(0, 0, 70, id="the outcome's own day is too late"),
        pytest.param(-5, 0, 70, id="after the outcome is too late"),
        pytest.param(179, 70, 0, id="the first day of the window"),
        pytest.param(180, 0, 0, id="before the window is no value"),
    ],
)
def test_what_was_measured_in_time(session: Session, lead: int, n: int, late: int) -> None:
    version = portfolio(session, lead=lead)
    decided = decided_accounts(session, as_of=DAY, lead_days=90)
    before = measured_before(session, measure=measure_of(version), decided=decided)
    known = ~np.isnan(before.values)
    assert (known.sum(), (before.late & ~known).sum()) == (n, late)


def measure_of(version: ScorecardVersion) -> Measure:
    first = version.definition["measures"][0]
    return Measure(first["key"], first["name"], first["metric"], ((0.0, 0.0), (100.0, 100.0)), 1.0)


def test_the_latest_outcome_decides_and_of_one_day_the_loss(session: Session) -> None:
    for i, outcomes in enumerate(
        [
            [(0, "renewed")],
            [(0, "renewed"), (0, "churned")],
            [(9, "churned"), (0, "expanded")],
            [(0, "contracted")],
            [(0, "new")],
            [(-1, "churned"), (3, "renewed")],
        ]
    ):
        account = Account(crm_id=f"A{i}", name="A")
        session.add(account)
        session.flush()
        for ago, outcome in outcomes:
            session.add(Outcome(account_id=account.id, outcome_date=DAY - timedelta(days=ago), outcome=outcome))
    session.flush()
    decided = decided_accounts(session, as_of=DAY, lead_days=90)
    assert decided.kept.tolist() == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("metric", "aggregate", "expected"),
    [
        pytest.param("cases.open", Aggregate.LAST, 2.0, id="open on that day"),
        pytest.param("cases.opened", Aggregate.LAST, 3.0, id="opened in the window"),
        pytest.param("cases.days_to_close", Aggregate.MEAN, 10.0, id="days to close"),
        pytest.param("cases.csat", Aggregate.MEAN, 4.0, id="rated cases"),
    ],
)
def test_cases_are_counted_as_they_stood_then(
    session: Session, metric: str, aggregate: Aggregate, expected: float
) -> None:
    account = Account(crm_id="A", name="A")
    session.add(account)
    session.flush()
    session.add(Outcome(account_id=account.id, outcome_date=DAY, outcome="renewed"))
    for number, (opened, closed, csat) in enumerate([(120, 110, 4.0), (100, 5, 1.0), (95, None, None), (10, 2, 1.0)]):
        session.add(
            SupportCase(
                crm_id=str(number),
                account_id=account.id,
                opened_at=at(opened),
                closed_at=None if closed is None else at(closed),
                csat=csat,
            )
        )
    session.flush()
    measure = Measure("m", "M", metric, ((0.0, 0.0), (1.0, 1.0)), 1.0, aggregate)
    before = measured_before(session, measure=measure, decided=decided_accounts(session, as_of=DAY, lead_days=90))
    assert (before.values.tolist(), before.late.tolist()) == ([expected], [True])


def at(ago: int) -> datetime:
    return datetime(2026, 3, 31, 12, tzinfo=UTC) - timedelta(days=ago)


@pytest.mark.parametrize(("renewals", "losses"), [(0, 0), (40, 9), (9, 40), (30, 0)])
def test_too_few_outcomes_are_refused_in_words(session: Session, renewals: int, losses: int) -> None:
    version = portfolio(session, renewals=renewals, losses=losses)
    figures = validation_of(session, version=version, as_of=DAY)
    assert (refusal_of(figures) or "").startswith(f"Too few outcomes to test a health score: {losses} losses")
    assert "factors" not in figures


def test_a_test_that_waits_is_asked_for_once(session: Session) -> None:
    version = portfolio(session, renewals=1, losses=1)
    first = ask_validation(session, version=version, as_of=DAY)
    assert ask_validation(session, version=version, as_of=DAY) is first


def test_other_weights_leave_the_rest_of_the_scorecard_as_it_is(session: Session) -> None:
    version = portfolio(session, renewals=1, losses=1)
    same = reweighted(version.definition, {"use": 0.25, "noise": 0.75})
    assert same == version.definition


def add_waiting(session: Session) -> None:
    ask_validation(session, version=portfolio(session, renewals=3, losses=3), as_of=DAY)
    session.add(SupportCase(crm_id="1", account_id=1, opened_at=at(3)))


def test_the_worker_computes_what_was_asked_for_once(application: Any, session: Session, fill: Fill) -> None:
    fill(add_waiting)
    with application.app_context():
        assert len(validate()) == 1
        assert validate() == []
        assert distress() is True
        assert distress() is False
    stored = session.scalars(select(Validation)).one()
    assert (stored.figures or {})["is_refused"] is True
    assert present_distress(session) is not None


def test_distress_is_computed_anew_when_cases_change(session: Session) -> None:
    for i in range(12):
        session.add(Account(crm_id=f"A{i}", name=f"Account {i}", seats=10, status="churned" if i == 11 else "active"))
    session.flush()
    assert not is_due(session, as_of=DAY)
    with pytest.raises(Refusal, match="No support case"):
        computed_distress(session, as_of=DAY)
    ids = list(session.scalars(select(Account.id).order_by(Account.id)))
    for i, account_id in enumerate(ids[1:], start=1):
        for number in range(i):
            session.add(SupportCase(crm_id=f"{i}-{number}", account_id=account_id, opened_at=at(number * 9)))
    session.flush()
    assert is_due(session, as_of=DAY)
    store_distress(session, computed_distress(session, as_of=DAY))
    assert not is_due(session, as_of=DAY)
    silent, worst = distress_of(session, ids[0]), distress_of(session, ids[10])
    assert silent is not None
    assert worst is not None
    assert (silent.band, worst.band, worst.rank) == ("silent", "high", 1)
    assert distress_of(session, ids[11]) is None
    session.scalars(select(SupportCase)).first().closed_at = at(0)  # type: ignore[union-attr]
    session.flush()
    assert is_due(session, as_of=DAY)
    store_distress(session, computed_distress(session, as_of=DAY))
    assert session.scalar(select(Distress.id)) is not None
    assert len(session.scalars(select(DistressScore)).all()) == 11
