"""What the forms of planning send: an appointment, a call."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.errors import Refusal
from app.interviews.rules.calling import Call, channel_in, outcome_in
from app.interviews.rules.items import plain_text
from app.interviews.rules.local_time import Reading, after_the_gap, readings, wall_in, zone_named
from app.interviews.rules.meeting import Meeting, minutes_in, place_in, way_in


class Asked(Refusal):
    """A time that has to be asked about: the clocks there skip it, or show it twice."""

    def __init__(self, sentence: str, choices: tuple[Reading, ...]) -> None:
        super().__init__(sentence, "time")
        self.choices = choices


def meeting_in(form: Mapping[str, str]) -> Meeting:
    """Return the appointment that was typed; Refusal with the field at fault, Asked where its time needs a choice."""
    way = way_in(form.get("way", ""))
    place, minutes = place_in(form.get("place", ""), way), minutes_in(form.get("minutes", ""))
    zone = zone_in(form.get("timezone", ""))
    wall = wall_in(form.get("day", ""), form.get("time", ""))
    return Meeting(reading_in(wall, zone, form.get("reading", "")), minutes, way, place)


def reading_in(wall: datetime, zone: ZoneInfo, chosen: str) -> Reading:
    """Return the instant that a wall time means; Asked where there are two or none, until one of them is chosen."""
    found = readings(wall, zone)
    if len(found) == 1:
        return found[0]
    offered = found or after_the_gap(wall, zone)
    picked = next((reading for reading in offered if reading.key == chosen), None)
    if picked is not None:
        return picked
    place, hour = zone.key.replace("_", " "), f"{wall:%H:%M}"
    if found:
        raise Asked(f"In {place} the clocks show {hour} twice on that day. Which of them is meant?", offered)
    raise Asked(f"In {place} there is no {hour} on that day: the clocks go forward. Which is meant?", offered)


def zone_in(raw: str) -> ZoneInfo:
    """Return the time zone of this name; Refusal with the remedy where there is none."""
    zone = zone_named(raw)
    if zone is None:
        raise Refusal("Choose their time zone from the list, such as Europe/Berlin.", "timezone")
    return zone


def call_in(form: Mapping[str, str], *, zone: ZoneInfo, at: datetime) -> Call:
    """Return the call that was entered; its time is now where none is given, the next one by the clock of `zone`."""
    minutes_ago = form.get("ago", "").strip() or "0"
    if not (minutes_ago.isascii() and minutes_ago.isdigit() and len(minutes_ago) <= 5):
        raise Refusal("Enter how many minutes ago you called, such as 10.", "ago")
    return Call(
        outcome=outcome_in(form.get("outcome", "")),
        channel=channel_in(form.get("channel", "")),
        note=plain_text(form.get("note", ""), "note"),
        attempted_at=at - timedelta(minutes=int(minutes_ago)),
        next_at=_next_in(form, zone),
    )


def _next_in(form: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    day, hour = form.get("next_day", ""), form.get("next_time", "")
    if not day.strip() and not hour.strip():
        return None
    try:
        wall = wall_in(day, hour)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, f"next_{refusal.field}") from None
    # A call may come an hour early in the one night in which clocks change; whoever calls hears so.
    return (readings(wall, zone) or after_the_gap(wall, zone))[0].at


def number_in(raw: str) -> int | None:
    """Return the number of a version that a page showed; None where it showed none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else None
