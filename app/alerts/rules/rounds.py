"""Which computations a new one is held against before anybody is told of what moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.alerts.rules.wishes import WEEK


@dataclass(frozen=True)
class Computed:
    """A computation of health: its id, its day, and the scorecard by which it was made."""

    id: int
    as_of: date
    key: str


@dataclass(frozen=True)
class Round:
    """A computation with those that it is held against; `earlier_week` as in `wishes.Seen`."""

    id: int
    before: int
    week: int
    earlier_week: int | None


def round_of(computed: Computed, others: Sequence[Computed]) -> Round | None:
    """Return what a computation is held against, among those made by then; None where it tells nothing new.

    The first of a scorecard tells nothing, and neither does one for a day before a day that was known already: it is
    history. Against which a fall is counted: the last one at least a week before, else the first there is.
    """
    known = [each for each in others if each.key == computed.key and each.id < computed.id]
    if not known or max(each.as_of for each in known) > computed.as_of:
        return None
    before = max(known, key=lambda each: (each.as_of, each.id))
    is_near = before.as_of > computed.as_of - timedelta(days=WEEK)
    older = [each for each in known if each.id < before.id]
    return Round(
        id=computed.id,
        before=before.id,
        week=_week_before(computed, known).id,
        earlier_week=_week_before(before, older).id if is_near and older else None,
    )


def _week_before(computed: Computed, known: Sequence[Computed]) -> Computed:
    old = [each for each in known if each.as_of <= computed.as_of - timedelta(days=WEEK)]
    if old:
        return max(old, key=lambda each: (each.as_of, each.id))
    return min(known, key=lambda each: (each.as_of, each.id))
