"""The instruments that ship with the product, as documents."""

import json
from importlib.resources import files
from typing import Any

_NAMES = ("relationship", "interview-360", "interview-value")

FORMER = frozenset(
    {
        "97b94c1aea6b5738aadd6ce35e9f75ab51d58144708b0686a11fbdaecd14291e",
        "054a20c02c53c76f02bdbdcb69e131d440654d31b9b1fd4711ff84debd9b0101",
    }
)
"""SHA-256 of what shipped before and was replaced.

The interview-360 without the question of what matters most, and the relationship survey in English alone.
"""


def built_in_documents() -> dict[str, dict[str, Any]]:
    """The documents of the built-in questionnaires by key, freshly read, so that callers may change them."""
    folder = files(__name__)
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in _NAMES}
