"""How lines of the audit log are chained: each hash covers the line and the hash before it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(document: Any) -> str:
    """Return the one JSON spelling of a document: sorted keys, no spaces, no NaN (ValueError)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def event_sha256(
    previous: str,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    object_type: str,
    object_id: str,
    fields: dict[str, Any],
) -> str:
    """Return the hash of a line of the audit log, as 64 hexadecimal digits.

    SHA-256 over the canonical JSON of the previous line's hash and every fact of this one, so that changing,
    removing or reordering lines breaks the chain at that place (Haber and Stornetta, 1991).
    """
    line = [previous, at.astimezone(UTC).isoformat(), actor_id, action, object_type, object_id, fields]
    return hashlib.sha256(canonical(line).encode()).hexdigest()
