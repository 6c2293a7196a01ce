"""The voice of one relationship: what several people said of it, as one figure with its interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Figure:
    """A mean 0–100 over `n` people with the ends of its 95 % interval; None where one person alone spoke, or nobody."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def voice_figure(values: Sequence[float]) -> Figure:
    """The mean of one value 0–100 per person, with mean ± t·s/√n by n − 1 degrees of freedom from two people on.

    Raises ValueError for a value that is not finite (Student 1908). Ends may lie outside the scale.
    """
    column = np.asarray(values, dtype=np.float64)
    n = len(column)
    if not np.isfinite(column).all():
        raise ValueError("a voice is a finite number")
    if not n:
        return Figure(None, None, None, 0)
    mean = math.fsum(column.tolist()) / n
    if n == 1:
        return Figure(mean, None, None, 1)
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * float(column.std(ddof=1)) / math.sqrt(n)
    return Figure(mean, mean - reach, mean + reach, n)
