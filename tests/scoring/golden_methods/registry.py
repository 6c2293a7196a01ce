"""Which adapter knows which method of the golden cases."""

from collections.abc import Callable
from typing import Any

from tests.golden import Golden

Results = dict[str, Any]
Adapter = Callable[[Golden], Results]

ADAPTERS: dict[str, Adapter] = {}
Z = 1.959963984540054


def of(function: Callable[..., Any], *values: Any) -> Any:
    """The function of the values, or None where one of them is not estimable."""
    return None if None in values else function(*values)


def adapter(method: str) -> Callable[[Adapter], Adapter]:
    """Register the adapter of a method as the cases spell it."""

    def register(function: Adapter) -> Adapter:
        ADAPTERS[method] = function
        return function

    return register
