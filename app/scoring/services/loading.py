"""What scoring loads late, loaded before it takes a lock."""

import importlib

from app.scoring.rules.verbatims import sentiment

_LATE = ("numpy", "scipy.special", "scipy.stats")


def load_statistics() -> None:
    """Load the statistics and the sentiment lexicon: seconds on a small machine, to be spent before the write lock.

    Once they are loaded, calling it again costs nothing.
    """
    for name in _LATE:
        importlib.import_module(name)
    sentiment("good")
