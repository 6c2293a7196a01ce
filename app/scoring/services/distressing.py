"""The distress index of the portfolio: computed by reading alone, then stored in place of the one before."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_rows
from app.core.errors import Refusal
from app.customers.rules import GONE
from app.health.queries.cases import RECENT_DAYS, Cases, Portfolio, case_print, cases_on, has_cases, present_accounts
from app.scoring.models import Distress, DistressScore
from app.scoring.queries.outcomes import newest_voices, present_distress
from app.scoring.rules.distress import Distressed, Indicator, Raised, distress, summary_of
from app.scoring.rules.inputs import FloatArray

SEED = 360


@dataclass(frozen=True)
class Computed:
    """A distress index that is not stored yet."""

    as_of: date
    inputs_sha256: str
    ids: list[int]
    found: Distressed


def computed_distress(session: Session, *, as_of: date) -> Computed:
    """Return the index of all present customers at the end of a day; refused where no support case is known."""
    if not has_cases(session, as_of=as_of):
        raise Refusal("No support case is known by that day. Import them: flask import cases FILE", "cases")
    accounts = present_accounts(session, gone=GONE)
    raised, before = (
        _raised(accounts, cases_on(session, as_of=day, ids=accounts.ids))
        for day in (as_of, as_of - timedelta(days=RECENT_DAYS))
    )
    found = distress(raised, before, _support(session, accounts), seed=SEED)
    return Computed(as_of, inputs_sha256(session, as_of), accounts.ids.tolist(), found)


def is_due(session: Session, *, as_of: date) -> bool:
    """Tell whether the stored index is of another day or of other cases, and there are cases at all."""
    present = present_distress(session)
    if present is not None and present.inputs_sha256 == inputs_sha256(session, as_of):
        return False
    return has_cases(session, as_of=as_of)


def inputs_sha256(session: Session, as_of: date) -> str:
    """Return what tells this day's cases and accounts from any others, as SHA-256 (hex)."""
    return hashlib.sha256("|".join([as_of.isoformat(), *case_print(session)]).encode()).hexdigest()


def store_distress(session: Session, computed: Computed) -> Distress:
    """Store an index in place of the one before."""
    session.execute(sa.delete(Distress))
    figures = {**summary_of(computed.found), "seed": SEED, "trend_days": RECENT_DAYS}
    stored = Distress(as_of=computed.as_of, computed_at=now(), inputs_sha256=computed.inputs_sha256, figures=figures)
    session.add(stored)
    session.flush()
    insert_rows(session, DistressScore, [{"distress_id": stored.id, **row} for row in _rows(computed)])
    return stored


def _rows(computed: Computed) -> list[dict[str, Any]]:
    found = computed.found
    columns: dict[str, list[Any]] = {
        "score": _nulls(found.scores),
        "earlier": _nulls(found.earlier),
        "with_voice": _nulls(found.with_voice),
        "band": [str(band) for band in found.bands],
        "rank": [rank or None for rank in found.ranks.tolist()],
        "rank_lo": [rank or None for rank in found.rank_lo.tolist()],
        "rank_hi": [rank or None for rank in found.rank_hi.tolist()],
        "indicators": _indicators(found),
    }
    return [
        {"account_id": account_id, **{name: column[i] for name, column in columns.items()}}
        for i, account_id in enumerate(computed.ids)
    ]


def _indicators(found: Distressed) -> list[list[dict[str, Any]]]:
    values = [_nulls(column) for column in found.values.T]
    places = [_nulls(column) for column in found.places.T]
    return [
        [
            {"key": str(indicator), "value": values[i][row], "place": places[i][row]}
            for i, indicator in enumerate(Indicator)
        ]
        for row in range(len(found.scores))
    ]


def _raised(accounts: Portfolio, cases: Cases) -> Raised:
    return Raised(
        ever=cases.ever,
        recent=cases.recent,
        still_open=cases.still_open,
        days_open=cases.days_open,
        days_to_close=cases.days_to_close,
        seats=accounts.seats,
    )


def _support(session: Session, accounts: Portfolio) -> FloatArray:
    known = {account_id: dimensions.get("support") for account_id, _, dimensions in newest_voices(session)}
    scores = [known.get(account_id) for account_id in accounts.ids.tolist()]
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)


def _nulls(column: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else round(value, 10) for value in column.tolist()]
