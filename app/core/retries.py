"""When a mail that was not taken is tried again, and when a worker that took it in hand is given up."""

from datetime import timedelta

STALE = timedelta(minutes=2)
"""After this time a claimed mail is another worker's: longer than a server may stay silent over one mail."""

_MINUTES = (5, 15, 60, 180, 480, 960, 1180)
MOST_TRIES = len(_MINUTES) + 1
"""How often a mail is tried within about two days, each time after a longer pause."""


def pause_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries that failed for now; None where it was the last."""
    return timedelta(minutes=_MINUTES[tries - 1]) if tries < MOST_TRIES else None
