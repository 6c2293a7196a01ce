"""Scorecard versions and the health of accounts, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase, Telemetry
from app.health.queries import (
    band_counts,
    health_explanation,
    health_of,
    measured_values,
    missing_counts,
    newest_computation,
    newest_scorecard,
)
from app.health.rules.scorecard import Aggregate, Measure
from app.health.services import compute_health, load_scorecard
from app.users.models import AuditEvent

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]
USAGE = {"key": "usage", "metric": "active_users", "points": LINE, "weight": 3}
MISSING = float("nan")


def scorecard(*measures: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"key": "default", "measures": list(measures) or [USAGE], **changes}


def account(session: Session, crm_id: str, **columns: Any) -> int:
    row = Account(crm_id=crm_id, name=crm_id, **columns)
    session.add(row)
    session.flush()
    return row.id


def measured(session: Session, account_id: int, *values: tuple[int, float], metric: str = "active_users") -> None:
    """Add telemetry: (days before DAY, value)."""
    session.add_all(
        Telemetry(account_id=account_id, metric=metric, period_end=DAY - timedelta(days=days), value=value)
        for days, value in values
    )
    session.flush()


def case(session: Session, account_id: int, opened: str, closed: str | None = None, csat: float | None = None) -> None:
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    count = session.scalar(select(func.count()).select_from(SupportCase))
    session.add(
        SupportCase(
            crm_id=f"case {count}",
            account_id=account_id,
            opened_at=instant(opened),
            closed_at=instant(closed) if closed else None,
            csat=csat,
        )
    )
    session.flush()


def value_of(session: Session, account_id: int, metric: str, aggregate: Aggregate, window_days: int = 90) -> float:
    measure = Measure(
        key="m", name="m", metric=metric, points=((0, 0),), weight=1, aggregate=aggregate, window_days=window_days
    )
    return float(measured_values(session, measure=measure, as_of=DAY, account_ids=np.array([account_id]))[0])


def test_the_first_load_is_version_1_and_is_logged(session: Session) -> None:
    version = load_scorecard(session, document=scorecard())
    assert (version.key, version.version, version.is_circular) == ("default", 1, False)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "scorecard.load")).one()
    assert event.fields == {"version": 1, "content_sha256": version.content_sha256, "is_circular": False}


def test_the_same_content_again_is_no_new_version(session: Session) -> None:
    first = load_scorecard(session, document=scorecard())
    spelt_out = scorecard({**USAGE, "aggregate": "last", "window_days": 90, "weight": 3.0}, name="default")
    assert load_scorecard(session, document=spelt_out) is first


def test_other_content_is_the_next_version_and_so_is_the_way_back(session: Session) -> None:
    first = load_scorecard(session, document=scorecard())
    load_scorecard(session, document=scorecard({**USAGE, "weight": 5}))
    third = load_scorecard(session, document=scorecard())
    assert third.version == 3
    assert third.content_sha256 == first.content_sha256
    assert newest_scorecard(session, "default") is third


def test_a_bad_scorecard_is_refused_and_nothing_is_stored(session: Session) -> None:
    with pytest.raises(Refusal, match="“usage”: “weight” must be above 0") as refused:
        load_scorecard(session, document=scorecard({**USAGE, "weight": 0}))
    assert refused.value.field == "weight"
    assert session.scalar(select(func.count()).select_from(ScorecardVersion)) == 0


def test_a_missing_scorecard_tells_how_to_load_one(session: Session) -> None:
    with pytest.raises(Missing, match="flask scorecard load"):
        newest_scorecard(session, "default")


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [
        pytest.param(Aggregate.LAST, 40.0, id="last"),
        pytest.param(Aggregate.SUM, 90.0, id="sum"),
        pytest.param(Aggregate.MEAN, 30.0, id="mean"),
        pytest.param(Aggregate.SLOPE, 10.0, id="slope per 30 days"),
    ],
)
def test_rows_of_the_window_become_one_value(session: Session, aggregate: Aggregate, value: float) -> None:
    ours = account(session, "A")
    measured(session, ours, (60, 20.0), (30, 30.0), (0, 40.0))
    measured(session, ours, (0, 7.0), metric="another metric")
    assert value_of(session, ours, "active_users", aggregate) == pytest.approx(value, rel=1e-12)


def test_a_slope_is_ordinary_least_squares(session: Session) -> None:
    ours = account(session, "A")
    days, values = [80, 61, 33, 12, 1], [5.0, 9.0, 2.0, 11.0, 7.0]
    measured(session, ours, *zip(days, values, strict=True))
    expected = np.polyfit([-day for day in days], values, 1)[0] * 30
    assert value_of(session, ours, "active_users", Aggregate.SLOPE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("days_ago", "is_inside"),
    [
        pytest.param(-1, False, id="tomorrow"),
        pytest.param(0, True, id="the day itself"),
        pytest.param(29, True, id="the first day"),
        pytest.param(30, False, id="the day before the window"),
    ],
)
@pytest.mark.parametrize("aggregate", [Aggregate.LAST, Aggregate.SUM, Aggregate.MEAN])
def test_the_window_is_open_at_its_start(
    session: Session, aggregate: Aggregate, days_ago: int, is_inside: bool
) -> None:
    ours = account(session, "A")
    measured(session, ours, (days_ago, 5.0))
    expected = 5.0 if is_inside else MISSING
    assert value_of(session, ours, "active_users", aggregate, 30) == pytest.approx(expected, nan_ok=True)


def test_one_row_has_no_slope(session: Session) -> None:
    ours = account(session, "A")
    measured(session, ours, (0, 5.0))
    assert np.isnan(value_of(session, ours, "active_users", Aggregate.SLOPE))


def test_values_near_the_largest_float_do_not_overflow(session: Session) -> None:
    ours = account(session, "A")
    measured(session, ours, (0, 1.7e308), (1, 1.7e308), (2, -3.0))
    for aggregate in Aggregate:
        assert np.isfinite(value_of(session, ours, "active_users", aggregate))


def test_cases_are_counted_and_timed(session: Session) -> None:
    ours = account(session, "A")
    case(session, ours, "2025-06-01", None, csat=1.0)
    case(session, ours, "2026-01-05T12:00", "2026-01-08", csat=4.0)
    case(session, ours, "2026-03-01", "2026-03-11", csat=2.0)
    case(session, ours, "2026-03-31T23:59", "2026-04-01")
    case(session, ours, "2026-04-01", None)
    assert value_of(session, ours, "cases.open", Aggregate.LAST) == 2
    assert value_of(session, ours, "cases.opened", Aggregate.SUM) == 3
    assert value_of(session, ours, "cases.days_to_close", Aggregate.MEAN) == pytest.approx((2.5 + 10) / 2)
    assert value_of(session, ours, "cases.days_to_close", Aggregate.LAST) == pytest.approx(10)
    assert value_of(session, ours, "cases.csat", Aggregate.MEAN) == pytest.approx(3)
    assert value_of(session, ours, "cases.csat", Aggregate.LAST) == pytest.approx(2)


def test_no_cases_are_a_true_count_of_0_once_any_case_is_known(session: Session) -> None:
    silent, other = account(session, "A"), account(session, "B")
    assert np.isnan(value_of(session, silent, "cases.open", Aggregate.LAST))
    assert np.isnan(value_of(session, silent, "cases.opened", Aggregate.LAST))
    case(session, other, "2026-04-01")
    assert np.isnan(value_of(session, silent, "cases.open", Aggregate.LAST))
    case(session, other, "2026-03-01")
    assert value_of(session, silent, "cases.open", Aggregate.LAST) == 0
    assert value_of(session, silent, "cases.opened", Aggregate.LAST) == 0
    assert np.isnan(value_of(session, silent, "cases.days_to_close", Aggregate.LAST))


def test_health_covers_all_accounts_and_explains_itself(session: Session) -> None:
    well, gone, unknown = account(session, "A", seats=2), account(session, "B", status="churned"), account(session, "C")
    measured(session, well, (1, 80.0))
    measured(session, gone, (1, 10.0))
    logins = {"key": "logins", "metric": "logins", "points": LINE, "weight": 1, "per": "seats", "group": "adoption"}
    measured(session, well, (1, 40.0), metric="logins")
    measured(session, gone, (1, 40.0), metric="logins")
    version = load_scorecard(session, document=scorecard(USAGE, logins))
    computation = compute_health(session, version=version, as_of=DAY)
    assert [tuple(row) for row in health_of(session, computation.id)] == [
        (well, 65.0, "amber"),
        (gone, 10.0, "red"),
        (unknown, None, None),
    ]
    assert band_counts(session, computation.id) == {"red": 1, "amber": 1, "green": 0}
    assert missing_counts(session, computation.id) == {"logins": 2, "usage": 1}
    explained = health_explanation(session, computation_id=computation.id, account_id=well)
    assert explained.measures == [
        {"key": "usage", "name": "usage", "group": None, "value": 80.0, "points": 80.0, "weight": 0.75},
        {"key": "logins", "name": "logins", "group": "adoption", "value": 20.0, "points": 20.0, "weight": 0.25},
    ]
    assert (explained.score, explained.band, explained.missing) == (65.0, "amber", [])
    partial = health_explanation(session, computation_id=computation.id, account_id=gone)
    assert partial.missing == [{"key": "logins", "name": "logins", "group": "adoption"}]
    empty = health_explanation(session, computation_id=computation.id, account_id=unknown)
    assert (empty.score, empty.measures, [lacks["key"] for lacks in empty.missing]) == (None, [], ["usage", "logins"])
    with pytest.raises(Missing, match="no health of this account"):
        health_explanation(session, computation_id=computation.id, account_id=unknown + 1)


def test_the_same_inputs_are_not_stored_twice(session: Session) -> None:
    ours = account(session, "A")
    measured(session, ours, (1, 80.0))
    version = load_scorecard(session, document=scorecard())
    first = compute_health(session, version=version, as_of=DAY)
    assert compute_health(session, version=version, as_of=DAY) is first
    measured(session, ours, (0, 20.0))
    second = compute_health(session, version=version, as_of=DAY)
    assert second is not first
    assert newest_computation(session, version=version, as_of=DAY) is second
    assert newest_computation(session, version=version, as_of=DAY - timedelta(days=1)) is None
    assert session.scalar(select(func.count()).select_from(HealthScore)) == 2


def test_a_workspace_without_accounts_has_an_empty_computation(session: Session) -> None:
    version = load_scorecard(session, document=scorecard())
    computation = compute_health(session, version=version, as_of=DAY)
    assert isinstance(computation, HealthComputation)
    assert health_of(session, computation.id) == []


@pytest.mark.parametrize("day", [date.min, date.max], ids=["the first day", "the last day"])
def test_days_at_the_ends_of_the_calendar_are_refused(session: Session, day: date) -> None:
    version = load_scorecard(session, document=scorecard())
    with pytest.raises(Refusal, match="from 1900-01-01"):
        compute_health(session, version=version, as_of=day)
