"""What scoring loads late, loaded before it takes a lock."""

import importlib
import sys
from threading import Lock, Thread

from app.scoring.rules.verbatims import sentiment

_LATE = ("numpy", "scipy.special", "scipy.stats")
_beside: list[Thread] = []
_one_at_a_time = Lock()


def load_statistics() -> None:
    """Load the statistics and the sentiment lexicon: seconds on a small machine, to be spent before the write lock.

    Once they are loaded, calling it again costs nothing.
    """
    for name in _LATE:
        importlib.import_module(name)
    sentiment("good")


def statistics_are_loaded() -> bool:
    """Tell whether the statistics are there; where they are not, they are loaded beside: no page waits for them."""
    with _one_at_a_time:
        if any(thread.is_alive() for thread in _beside):
            return False
        if all(name in sys.modules for name in _LATE):
            return True
        _beside[:] = [Thread(target=load_statistics, name="statistics", daemon=True)]
        _beside[0].start()
        return False
