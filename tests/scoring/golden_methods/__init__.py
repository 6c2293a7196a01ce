"""One adapter per method of the golden cases: their data into our functions, our results under their names."""

from tests.scoring.golden_methods import answers, comparison, outcomes, samples  # noqa: F401  (each registers its own)
from tests.scoring.golden_methods.registry import ADAPTERS

__all__ = ["ADAPTERS"]
