"""The key that a study's name suggests."""

import re
import unicodedata
from collections.abc import Collection

RESERVED = frozenset({"new"})
"""Words that stand in addresses where a study's key would."""

LONGEST = 60


def suggested_key(name: str, taken: Collection[str] = ()) -> str:
    """Return a key made of a name's letters and digits, with a number behind it where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or "study"
    if stem not in taken and stem not in RESERVED:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)
