"""What a time on somebody's wall means as an instant, also in the hours that a change of clocks skips or doubles."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from app.core.errors import Refusal

_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
_TIME = re.compile(r"([0-9]{1,2})[:.h]([0-9]{2})")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Reading:
    """One instant that a wall time may mean; `wall` is what a clock there shows at it."""

    at: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """The same instant by the clock of the place."""
        return self.at.astimezone(self.zone)

    @property
    def wall(self) -> datetime:
        """What the clock shows, without saying which hour of a doubled one."""
        return self.local.replace(tzinfo=None, fold=0)

    @property
    def key(self) -> str:
        """The instant as a form sends it."""
        return f"{self.at:%Y-%m-%dT%H:%MZ}"


def readings(wall: datetime, zone: ZoneInfo) -> tuple[Reading, ...]:
    """Return the instants at which a clock of the zone shows this time, earliest first: one, two where doubled, none.

    Python's two folds of a wall time are the offsets before and after a change (PEP 495); what does not lead back to
    the same wall time was never shown.
    """
    instants = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(found for at in sorted(instants) if (found := Reading(at, zone)).wall == wall)


def after_the_gap(wall: datetime, zone: ZoneInfo) -> tuple[Reading, ...]:
    """Return what may have been meant by a time that a change of clocks skips.

    These are the first minute after the change, and the same length of time after midnight as in any other night.
    """
    later, earlier = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    changed, offset = earlier, earlier.astimezone(zone).utcoffset()
    while changed.astimezone(zone).utcoffset() == offset:
        changed += MINUTE
    return tuple(Reading(at, zone) for at in sorted({changed, later}))


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return the time zone of this name, None where there is none of it."""
    plain = (name or "").strip().replace(" ", "_")
    if not _NAME.fullmatch(plain):
        return None
    try:
        return ZoneInfo(plain)
    except (OSError, ValueError, LookupError):
        return None


def zone_names() -> list[str]:
    """Return the names of the zones of places, to choose from."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


def wall_in(day: str, hour: str) -> datetime:
    """Return the wall time that was typed as a date and a time; Refusal with the field and the remedy otherwise."""
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        raise Refusal("Enter the day as 2027-03-28.", "day") from None
    found = _TIME.fullmatch(hour.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refusal("Enter the time as 14:30.", "time")
    return datetime.combine(on, time(int(found[1]), int(found[2])))


def offset_words(local: datetime) -> str:
    """Return how far a clock is from UTC, as `UTC+02:00`."""
    offset = local.utcoffset() or timedelta()
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
