"""The values of all measures of a scorecard, as columns of accounts, and how old those are that decay."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.health.queries.measuring import measured_ages, measured_values
from app.health.queries.money import account_figures
from app.health.rules.scorecard import AccountMetric, Measure, Scorecard
from app.health.rules.scores import Column


@dataclass(frozen=True)
class Measured:
    """Accounts × measures: values before `per`, and days since the last row (None where no measure decays)."""

    values: Column
    ages: Column | None


def measured_columns(
    session: Session, *, scorecard: Scorecard, as_of: date, account_ids: NDArray[np.int64]
) -> Measured:
    """The measures of a scorecard for these accounts (sorted by id) at a date; NaN where nothing was measured."""
    values = np.column_stack([_values(session, measure, as_of, account_ids) for measure in scorecard.measures])
    if not any(measure.half_life_days for measure in scorecard.measures):
        return Measured(values, None)
    ages = np.column_stack([_ages(session, measure, as_of, account_ids) for measure in scorecard.measures])
    return Measured(values, ages)


def _values(session: Session, measure: Measure, as_of: date, account_ids: NDArray[np.int64]) -> Column:
    if measure.metric in list(AccountMetric):
        return account_figures(session, metric=AccountMetric(measure.metric), account_ids=account_ids)
    return measured_values(session, measure=measure, as_of=as_of, account_ids=account_ids)


def _ages(session: Session, measure: Measure, as_of: date, account_ids: NDArray[np.int64]) -> Column:
    if measure.half_life_days is None:
        return np.full(len(account_ids), np.nan)
    return measured_ages(session, measure=measure, as_of=as_of, account_ids=account_ids)
