"""Whole columns: what is read by rows and by lists of keys is the same, to the last bit."""

import math
from datetime import date

import numpy as np
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import columns
from app.core.columns import insert_columns, place_in, positions, read_columns
from app.customers.models import Account
from app.health.models import Telemetry

VALUES = [
    0.0,
    1.0,
    1 / 3,
    0.1,
    -2.5,
    1e300,
    -1e-300,
    12345678901234567.0,
    66.66666666666667,
    100 / 7,
    9007199254740993.0,
]


@pytest.fixture
def filled(session: Session) -> Session:
    """As many accounts as values, each with one, and half of them in a segment."""
    for i, value in enumerate(VALUES):
        account = Account(crm_id=f"A{i}", name=f"Account {i}", segment="Large" if i % 2 else None)
        session.add(account)
        session.flush()
        session.add(Telemetry(account_id=account.id, metric="use", period_end=date(2026, 1, 1), value=value))
    session.flush()
    return session


@pytest.mark.parametrize("keys", [1, 3, 20_000])
def test_lists_of_keys_hold_what_rows_hold(filled: Session, monkeypatch: pytest.MonkeyPatch, keys: int) -> None:
    monkeypatch.setattr(columns, "KEYS", keys)
    wanted = select(Telemetry.account_id, Telemetry.value).order_by(Telemetry.account_id)
    ids, rows = read_columns(filled, wanted, ["i8", "f8"])
    same, listed = read_columns(filled, wanted, ["i8", "f8"], by=Telemetry.account_id)
    assert dict(zip(ids.tolist(), rows.tolist(), strict=True)) == dict(zip(same.tolist(), listed.tolist(), strict=True))
    assert sorted(rows.tolist()) == sorted(VALUES)


def test_nothing_is_nan_and_no_rows_are_empty_columns(filled: Session) -> None:
    wanted = select(Account.id, Account.arr)
    for by in (None, Account.id):
        ids, arr = read_columns(filled, wanted, ["i8", "f8"], by=by)
        assert len(ids) == len(VALUES)
        assert all(math.isnan(each) for each in arr)
        nobody = read_columns(filled, wanted.where(Account.id < 0), ["i8", "f8"], by=by)
        assert [(each.dtype.kind, len(each)) for each in nobody] == [("i", 0), ("f", 0)]


def test_texts_are_read_as_places_among_names(filled: Session) -> None:
    wanted = select(Account.id, place_in(["Small", "Large"], Account.segment))
    for by in (None, Account.id):
        assert sorted(read_columns(filled, wanted, ["i8", "i1"], by=by)[1].tolist()) == [-1] * 6 + [1] * 5


def test_rows_are_inserted_as_they_come(filled: Session) -> None:
    account = filled.scalars(select(Account.id)).first()
    filled.execute(delete(Telemetry))
    rows = ((account, "use", f"2026-02-{day:02}", day / 3) for day in range(1, 9))
    insert_columns(filled, Telemetry, ("account_id", "metric", "period_end", "value"), rows)
    stored = filled.execute(select(Telemetry.period_end, Telemetry.value).order_by(Telemetry.period_end)).all()
    assert [tuple(row) for row in stored] == [(date(2026, 2, day), day / 3) for day in range(1, 9)]


def test_positions_among_rising_ids() -> None:
    for last in (9, 9_000):
        assert positions(np.array([2, 5, last]), np.array([last, 2, last])).tolist() == [2, 0, 2]
        assert positions(np.array([2, 5, last]), np.array([], dtype=np.int64)).tolist() == []
    assert positions(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == []
