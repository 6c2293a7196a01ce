"""What was stored of a computation, as columns again, and which accounts have changed since."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.health.models import HealthChange, HealthScore
from app.health.queries.columns import Measured

_PORTION = 2_000


def changed_accounts(session: Session) -> dict[int, int]:
    """The accounts that changed, by the id of the row that says so."""
    rows = session.execute(sa.select(HealthChange.id, HealthChange.account_id))
    return {number: account_id for number, account_id in rows}  # noqa: C416  (a row is no pair to mypy)


def stored_columns(
    session: Session, *, computation_id: int, keys: Sequence[str], account_ids: NDArray[np.int64]
) -> tuple[Measured, NDArray[np.bool_]]:
    """The values (after `per`) and ages of a computation's measures, and whether each of the sorted accounts is in it.

    A value is told to the last bit; what was missing is NaN.
    """
    shape = (len(account_ids), len(keys))
    values, ages, is_there = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape[0], dtype=np.bool_)
    places = {account_id: place for place, account_id in enumerate(account_ids.tolist())}
    columns = {key: column for column, key in enumerate(keys)}
    wanted = sa.select(HealthScore.account_id, HealthScore.measures).where(HealthScore.computation_id == computation_id)
    for account_id, lines in session.execute(wanted.execution_options(yield_per=_PORTION)):
        if (place := places.get(account_id)) is None:
            continue
        is_there[place] = True
        for line in lines:
            values[place, columns[line["key"]]] = line["value"]
            ages[place, columns[line["key"]]] = line.get("age_days", np.nan)
    return Measured(values, ages), is_there
