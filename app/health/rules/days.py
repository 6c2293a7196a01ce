"""Which two days of health are held against each other."""

from collections.abc import Sequence
from datetime import date, timedelta

LOOK_BACK = timedelta(days=30)


def month_before(days: Sequence[date]) -> int:
    """Return the position of the day nearest to thirty days before the newest, which itself it never is; rising days.

    Of two days as near as each other it is the earlier one. One day alone is its own.
    """
    wanted = days[-1] - LOOK_BACK
    return min(range(max(len(days) - 1, 1)), key=lambda place: abs(days[place] - wanted))
