"""What enters a method: sequences of finite numbers of one length, or a ValueError that names the culprit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Numbers = Sequence[float] | NDArray[Any]


def numbers(values: Numbers, name: str, *, minimum: float | None = None, maximum: float | None = None) -> FloatArray:
    """The values as a float array; raises ValueError for anything that is no flat row of finite numbers in range."""
    given = np.asarray(values)
    if given.dtype.kind not in "biufO":
        raise ValueError(f"{name} must be numbers")
    try:
        array = given.astype(np.float64)
    except TypeError as error:
        raise ValueError(f"{name} must be numbers") from error
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be a flat sequence of finite numbers")
    if minimum is not None and (array < minimum).any():
        raise ValueError(f"{name} must not be below {minimum}")
    if maximum is not None and (array > maximum).any():
        raise ValueError(f"{name} must not be above {maximum}")
    return array


def pairs(x: Numbers, y: Numbers) -> tuple[FloatArray, FloatArray]:
    """Two float arrays of one length."""
    first, second = numbers(x, "x"), numbers(y, "y")
    same_length(first, second)
    return first, second


def same_length(*arrays: Sequence[Any] | NDArray[Any]) -> None:
    """Raises ValueError unless all sequences are equally long."""
    if len({len(array) for array in arrays}) > 1:
        raise ValueError("the sequences differ in length")


def weights_of(values: Numbers, n: int) -> FloatArray:
    """As many weights as there are values, none negative and not all 0."""
    array = numbers(values, "weights", minimum=0)
    if len(array) != n:
        raise ValueError("values and weights differ in length")
    if n and array.sum() <= 0:
        raise ValueError("the weights are all 0")
    return array


def codes(labels: Sequence[Any] | NDArray[Any]) -> tuple[list[Any], IntArray]:
    """The distinct labels in order of appearance, and each label's position among them."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        return _number_codes(labels)
    plain = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    positions = {label: i for i, label in enumerate(dict.fromkeys(plain))}
    return list(positions), np.array([positions[label] for label in plain], dtype=np.int64)


def _number_codes(labels: NDArray[np.integer]) -> tuple[list[Any], IntArray]:
    names, first, place = np.unique(labels, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    rank = np.empty(len(names), dtype=np.int64)
    rank[by_appearance] = np.arange(len(names))
    return names[by_appearance].tolist(), rank[place.ravel()]
