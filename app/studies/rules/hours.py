"""When a mail may arrive: in the working hours of the place where its reader is."""

import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.studies.rules.zones import ZONES

BEGINS, ENDS = 9, 17
"""The working hours of a day from Monday to Friday; the last hour has ended at the second."""
SATURDAY = 5

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")


@lru_cache(2_000)
def zone_of(timezone: str | None, country: str | None) -> ZoneInfo:
    """Where somebody is: their own time zone (IANA), else that of their account's country, else UTC.

    Of a country with several zones the one in which most business is done.
    """
    for name in (timezone, ZONES.get((country or "").strip().casefold())):
        if name and _ZONE.fullmatch(name):
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")


def next_working(at: datetime, zone: ZoneInfo, *, at_any_hour: bool = False) -> datetime:
    """The first instant (UTC) not before `at` that lies in the working hours of a zone."""
    local = at.astimezone(zone)
    is_working_day = local.weekday() < SATURDAY
    if at_any_hour or (is_working_day and BEGINS <= local.hour < ENDS):
        return at
    day = local.date() if is_working_day and local.hour < BEGINS else local.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(BEGINS), zone).astimezone(UTC)
