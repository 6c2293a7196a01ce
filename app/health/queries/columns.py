"""The values of all measures of a scorecard, as columns of accounts, and how old those are that decay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.health.queries.measuring import EPOCH, Window, measured_ages, measured_values
from app.health.queries.money import account_figures
from app.health.queries.opportunities import new_opportunities
from app.health.queries.telemetry import OF_RELATIONSHIPS, Telemetries
from app.health.rules.scorecard import AccountMetric, CaseMetric, Measure, Scorecard
from app.health.rules.scores import Column

BUILT_IN = (*CaseMetric, *AccountMetric)
"""The metrics that come from elsewhere than telemetry."""


@dataclass(frozen=True)
class Measured:
    """Accounts × measures: values before `per`, and days since the last row (None where no measure decays)."""

    values: Column
    ages: Column | None


def measured_columns(
    session: Session,
    *,
    scorecard: Scorecard,
    as_of: date,
    account_ids: NDArray[np.int64],
    is_whole: bool = True,
) -> Measured:
    """The measures of a scorecard for accounts sorted by id, all (`is_whole`) or some; NaN where nothing was measured.

    The values are those of `measured_values`.
    """
    telemetry = Telemetries(session, as_of, account_ids, is_whole)

    def value(measure: Measure) -> Column:
        if measure.metric == AccountMetric.NEW_OPPORTUNITIES:
            window = Window(as_of - timedelta(days=measure.window_days), as_of)
            return new_opportunities(session, window=window, account_ids=account_ids)
        if measure.metric in list(AccountMetric):
            return account_figures(session, metric=AccountMetric(measure.metric), account_ids=account_ids)
        return measured_values(session, measure=measure, as_of=as_of, account_ids=account_ids)

    def age(measure: Measure) -> Column:
        if measure.half_life_days is None:
            return np.full(len(account_ids), np.nan)
        return measured_ages(session, measure=measure, as_of=as_of, account_ids=account_ids)

    measures = scorecard.measures
    values = _stacked(measures, telemetry.values, value, lambda _: True)
    if not any(measure.half_life_days for measure in measures):
        return Measured(values, None)
    today = (as_of - EPOCH).days
    ages = _stacked(
        measures, lambda some: today - telemetry.last_days(some), age, lambda each: each.half_life_days is not None
    )
    return Measured(values, ages)


def relationship_columns(
    session: Session, *, scorecard: Scorecard, as_of: date, relationship_ids: NDArray[np.int64]
) -> Measured:
    """The measures of a scorecard for relationships sorted by id; NaN where nothing was measured.

    They read the telemetry of relationships alone: what is built in to accounts, and what CSMs think of those, is not
    known of a relationship.
    """
    telemetry = Telemetries(session, as_of, relationship_ids, is_whole=False, kept=OF_RELATIONSHIPS)
    shape = (len(relationship_ids), len(scorecard.measures))
    values, ages = np.full(shape, np.nan), np.full(shape, np.nan)
    known = [place for place, each in enumerate(scorecard.measures) if is_told_of_relationships(each)]
    if known:
        values[:, known] = telemetry.values([scorecard.measures[place] for place in known])
    decaying = [place for place in known if scorecard.measures[place].half_life_days is not None]
    if decaying:
        last = telemetry.last_days([scorecard.measures[place] for place in decaying])
        ages[:, decaying] = (as_of - EPOCH).days - last
    decays = any(measure.half_life_days for measure in scorecard.measures)
    return Measured(values, ages if decays else None)


def is_told_of_relationships(measure: Measure) -> bool:
    """Whether a measure can be known of a relationship: one that telemetry tells, and not what CSMs think."""
    return measure.metric not in BUILT_IN and not measure.is_judgement


def _stacked(
    measures: Sequence[Measure],
    together: Callable[[Sequence[Measure]], Column],
    alone: Callable[[Measure], Column],
    is_asked: Callable[[Measure], bool],
) -> Column:
    """Columns in the order of the measures: what telemetry says of those asked for comes together, others alone."""
    of_telemetry = [measure for measure in measures if measure.metric not in BUILT_IN and is_asked(measure)]
    found = dict(zip((m.key for m in of_telemetry), together(of_telemetry).T, strict=True)) if of_telemetry else {}
    return np.column_stack([found[m.key] if m.key in found else alone(m) for m in measures])
