"""Whether a link opens its survey at an instant, and if not, why."""

from datetime import date, datetime
from enum import StrEnum


class Shut(StrEnum):
    """Why a link that was issued does not open now."""

    REVOKED = "revoked"
    NOT_YET = "not_yet"
    CLOSED = "closed"


STATUS = {Shut.REVOKED: 410, Shut.NOT_YET: 403, Shut.CLOSED: 410}


def shut_because(
    *,
    at: datetime,
    opens_on: date,
    closes_on: date,
    closed_at: datetime | None,
    expires_at: datetime | None,
    revoked_at: datetime | None,
) -> Shut | None:
    """Why a link does not open at an instant (UTC), or None where it does.

    A study is open from the start of its first day to the end of its last, in UTC, unless it was closed before. A
    link without an end of its own ends with the study.
    """
    if revoked_at is not None:
        return Shut.REVOKED
    if closed_at is not None or at.date() > closes_on or (expires_at is not None and at >= expires_at):
        return Shut.CLOSED
    return Shut.NOT_YET if at.date() < opens_on else None
