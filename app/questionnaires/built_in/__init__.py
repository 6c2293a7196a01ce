"""The instruments that ship with the product, as documents."""

import json
from importlib.resources import files
from typing import Any

_NAMES = ("relationship", "interview-360", "interview-value")


def built_in_documents() -> dict[str, dict[str, Any]]:
    """The documents of the built-in questionnaires by key, freshly read, so that callers may change them."""
    folder = files(__name__)
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in _NAMES}
