"""Health with groups, decay, exceptions, judgement and money, computed and stored on both databases."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Opportunity
from app.health.models import HealthScore, Telemetry
from app.health.queries import health_explanation
from app.health.services import compute_health, load_scorecard

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]


def measure(key: str, weight: float = 1, **more: Any) -> dict[str, Any]:
    return {"key": key, "metric": key, "points": LINE, "weight": weight, **more}


def account(session: Session, crm_id: str, **columns: Any) -> int:
    row = Account(crm_id=crm_id, name=crm_id, **columns)
    session.add(row)
    session.flush()
    return row.id


def put(session: Session, account_id: int, days_ago: int = 0, **values: float) -> None:
    day = DAY - timedelta(days=days_ago)
    session.add_all(
        Telemetry(account_id=account_id, metric=metric.replace("__", "."), period_end=day, value=value)
        for metric, value in values.items()
    )
    session.flush()


def scored(session: Session, *measures: dict[str, Any], **more: Any) -> dict[int, HealthScore]:
    version = load_scorecard(session, document={"key": "default", "measures": list(measures), **more})
    computation = compute_health(session, version=version, as_of=DAY)
    rows = session.scalars(select(HealthScore).where(HealthScore.computation_id == computation.id))
    return {row.account_id: row for row in rows}


def test_groups_share_and_empty_ones_give_their_weight_away(session: Session) -> None:
    whole, half = account(session, "A"), account(session, "B")
    put(session, whole, usage=100, breadth=0, tickets=50)
    put(session, half, tickets=50)
    found = scored(
        session,
        measure("usage", 3, group="adoption"),
        measure("breadth", 1, group="adoption"),
        measure("tickets", 7, group="support"),
        groups=[{"key": "adoption", "weight": 60}, {"key": "support", "weight": 40}],
    )
    assert found[whole].score == pytest.approx(0.45 * 100 + 0.4 * 50)
    assert (found[half].score, found[half].missing) == (50.0, ["usage", "breadth"])


def test_what_is_old_counts_less_and_says_so(session: Session) -> None:
    ours = account(session, "A")
    put(session, ours, days_ago=30, mood=0)
    put(session, ours, usage=90)
    found = scored(session, measure("mood", half_life_days=30), measure("usage"))[ours]
    assert found.score == pytest.approx(60)
    assert [line.get("age_days") for line in found.measures] == [30.0, None]


def test_a_red_part_caps_the_band_and_both_are_kept(session: Session) -> None:
    ours, calm = account(session, "A"), account(session, "B")
    put(session, ours, usage=100, tickets=10)
    put(session, calm, usage=100, tickets=80)
    exception = {"group": "support", "is": "red", "cap": "amber"}
    found = scored(session, measure("usage", 9), measure("tickets", group="support"), exceptions=[exception])
    assert (found[ours].score, found[ours].band, found[ours].calculated_band) == (91.0, "amber", "green")
    assert found[ours].capped_by == {**exception, "measure": "tickets"}
    assert (found[calm].band, found[calm].calculated_band, found[calm].capped_by) == ("green", "green", None)
    nothing = select(HealthScore.account_id).where(HealthScore.capped_by.is_(None))
    assert session.scalars(nothing).all() == [calm]
    told = health_explanation(session, computation_id=found[ours].computation_id, account_id=ours)
    assert (told.band, told.calculated_band, told.capped_by) == ("amber", "green", found[ours].capped_by)


def test_judgement_is_in_the_score_and_out_of_telemetry(session: Session) -> None:
    ours, only_felt, silent = (account(session, crm_id) for crm_id in "ABC")
    put(session, ours, usage=80, csm__sentiment=0)
    put(session, only_felt, csm__sentiment=90)
    found = scored(session, measure("usage", 3), measure("mood", metric="csm.sentiment"))
    assert (found[ours].score, found[ours].telemetry_score) == (60.0, 80.0)
    assert (found[ours].band, found[ours].telemetry_band) == ("amber", "green")
    assert (found[only_felt].score, found[only_felt].telemetry_score, found[only_felt].telemetry_band) == (
        90.0,
        None,
        None,
    )
    assert (found[silent].score, found[silent].telemetry_score, found[silent].band) == (None, None, None)


def test_another_judgement_is_another_computation_although_telemetry_is_the_same(session: Session) -> None:
    ours = account(session, "A")
    put(session, ours, usage=80, csm__sentiment=0)
    version = load_scorecard(
        session, document={"key": "m", "measures": [measure("usage"), measure("mood", metric="csm.sentiment")]}
    )
    first = compute_health(session, version=version, as_of=DAY)
    assert compute_health(session, version=version, as_of=DAY) is first
    session.execute(Telemetry.__table__.update().where(Telemetry.metric == "csm.sentiment").values(value=50))  # type: ignore[attr-defined]
    assert compute_health(session, version=version, as_of=DAY) is not first


@pytest.mark.parametrize(
    ("metric", "columns", "value"),
    [
        pytest.param("margin", {"arr": 100, "cost": 30, "incentives": 20}, 0.5, id="margin"),
        pytest.param("margin", {"arr": 100, "cost": 30}, 0.7, id="incentives unknown"),
        pytest.param("margin", {"arr": 100, "incentives": 130}, -0.3, id="it costs more than it pays"),
        pytest.param("margin", {"arr": 100}, None, id="neither known"),
        pytest.param("margin", {"cost": 30}, None, id="ARR unknown"),
        pytest.param("margin", {"arr": 0, "cost": 30}, None, id="ARR 0"),
        pytest.param("margin", {"arr": 100, "cost": 30, "currency": "USD"}, None, id="another currency"),
        pytest.param("margin", {"arr": 100, "cost": 30, "currency": "EUR"}, 0.7, id="our currency"),
        pytest.param("pipeline_share", {"arr": 100, "pipeline": 25}, 0.25, id="pipeline"),
        pytest.param("pipeline_share", {"arr": 100, "pipeline": 0}, 0.0, id="a pipeline of 0 is known"),
        pytest.param("pipeline_share", {"arr": 100}, None, id="no pipeline known"),
    ],
)
def test_money_is_a_share_of_what_the_account_pays(
    session: Session, metric: str, columns: dict[str, Any], value: float | None
) -> None:
    session.add(Workspace(id=1, currency="EUR"))
    money = {name: each if isinstance(each, str) else Decimal(each) for name, each in columns.items()}
    ours = account(session, "A", **money)
    found = scored(session, {**measure("money", metric=f"account.{metric}"), "points": [[-1, 0], [1, 100]]})[ours]
    assert found.missing == (["money"] if value is None else [])
    assert [line["value"] for line in found.measures] == ([] if value is None else [pytest.approx(value)])


@pytest.mark.parametrize(
    ("ours", "theirs", "value"),
    [
        pytest.param([], [], None, id="nobody's opportunities are recorded"),
        pytest.param([], [(400, 400)], 0.0, id="none, and others have some"),
        pytest.param([], [(None, 400)], 0.0, id="others have some without a date"),
        pytest.param([], [(-1, 0)], None, id="the first of all comes later"),
        pytest.param([(0, 0), (89, 0), (90, 0)], [], 2.0, id="within 90 days, both ends"),
        pytest.param([(-1, -1), (5, 5)], [], 1.0, id="one of tomorrow is not there yet"),
        pytest.param([(300, 0)], [], 0.0, id="imported today, created long ago"),
        pytest.param([(None, 5), (5, 5)], [], None, id="one without a date may be new"),
        pytest.param([(None, 200), (5, 5)], [], 1.0, id="one without a date that is known for long"),
    ],
)
def test_new_opportunities_are_counted_by_the_day_they_were_created(
    session: Session, ours: list[tuple[int | None, int]], theirs: list[tuple[int | None, int]], value: float | None
) -> None:
    """Pairs of days ago: created (None is not known) and imported."""
    ids = account(session, "A"), account(session, "B")
    for account_id, deals in zip(ids, (ours, theirs), strict=True):
        for number, (created, imported) in enumerate(deals):
            at = datetime.combine(DAY - timedelta(days=imported), time(12), UTC)
            day = None if created is None else DAY - timedelta(days=created)
            crm_id = f"{account_id}-{number}"
            session.add(
                Opportunity(
                    crm_id=crm_id, account_id=account_id, stage="New", amount=Decimal(1), created_on=day, created_at=at
                )
            )
    session.flush()
    found = scored(session, {**measure("deals", metric="account.new_opportunities"), "points": [[0, 0], [10, 100]]})
    told = found[ids[0]]
    assert told.missing == (["deals"] if value is None else [])
    assert [line["value"] for line in told.measures] == ([] if value is None else [value])
