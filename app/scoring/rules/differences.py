"""Where two computations of the same study differ: every figure by its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A figure that is not what was stored; `place` is its path, such as `voice.mean.value`. Missing is None."""

    place: str
    stored: Any
    computed: Any


def differences(stored: Any, computed: Any, place: str = "") -> Iterator[Difference]:
    """Yield every place where two figures, objects or lists differ: numbers to the last bit, lists also in length."""
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        for key in sorted({*stored, *computed}, key=str):
            yield from differences(stored.get(key), computed.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for i, (one, other) in enumerate(zip(stored, computed, strict=True)):
            yield from differences(one, other, f"{place}[{i}]")
    elif stored != computed:
        yield Difference(place, stored, computed)
