"""Measures looked up together are worth what each is worth alone, for all accounts and for some, on both databases."""

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import Telemetry
from app.health.queries import measured_columns, measured_values
from app.health.queries.measuring import measured_ages
from app.health.rules.scorecard import Aggregate, Measure, Scorecard

DAY = date(2026, 3, 31)
MEASURES = tuple(
    Measure(f"{metric}_{aggregate}_{window}", "m", metric, ((0.0, 0.0),), 1, aggregate, window, half_life_days=30)
    for metric in ("usage", "logins", "never")
    for aggregate in Aggregate
    for window in (1, 30, 365)
)


def put(session: Session, accounts: int) -> np.ndarray:
    session.add_all(Account(id=3 * i, crm_id=f"A{i}", name=f"A{i}") for i in range(1, accounts + 1))
    session.flush()
    session.add_all(
        Telemetry(
            account_id=3 * i,
            metric=metric,
            period_end=DAY - timedelta(days=days),
            value=1e9 + (i * 7919 + days * 37 + len(metric)) % 1009,
        )
        for i in range(1, accounts + 1)
        for metric in ("usage", "logins", "another")
        for days in range(-2, 400, 3 + i % 7)
        if i % 5 or metric == "usage"
    )
    session.flush()
    return np.array([3 * i for i in range(1, accounts + 1)], dtype=np.int64)


@pytest.mark.parametrize("is_whole", [pytest.param(True, id="all"), pytest.param(False, id="some")])
def test_together_is_as_alone(session: Session, is_whole: bool) -> None:
    ids = put(session, 12)
    wanted = ids if is_whole else ids[[0, 4, 7]]
    card = Scorecard("d", "D", MEASURES)
    found = measured_columns(session, scorecard=card, as_of=DAY, account_ids=wanted, is_whole=is_whole)
    assert found.ages is not None
    for place, measure in enumerate(MEASURES):
        alone = measured_values(session, measure=measure, as_of=DAY, account_ids=wanted)
        np.testing.assert_allclose(found.values[:, place], alone, rtol=1e-9, atol=1e-6, err_msg=measure.key)
        age = measured_ages(session, measure=measure, as_of=DAY, account_ids=wanted)
        np.testing.assert_array_equal(found.ages[:, place], age, err_msg=measure.key)


def test_more_measures_than_one_statement_looks_up(session: Session) -> None:
    ids = put(session, 2)
    measures = tuple(Measure(f"m{i}", "m", "usage", ((0.0, 0.0),), 1, window_days=i) for i in range(1, 121))
    found = measured_columns(session, scorecard=Scorecard("d", "D", measures), as_of=DAY, account_ids=ids)
    assert found.values.shape == (2, 120)
    assert found.ages is None
    assert found.values[0, -1] == measured_values(session, measure=measures[-1], as_of=DAY, account_ids=ids)[0]
