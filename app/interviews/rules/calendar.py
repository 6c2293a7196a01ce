"""An appointment as calendars read it (iCalendar, RFC 5545; invitations by mail, RFC 5546 and 6047)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

PRODUCT = "-//Parallax//Interviews//EN"


class Method(StrEnum):
    """What a calendar is to do: enter or change an appointment, or strike it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """What stands in a calendar; the two people are (address, name)."""

    uid: str
    sequence: int
    method: Method
    stamp: datetime
    starts_at: datetime
    minutes: int
    summary: str
    place: str
    text: str
    organiser: tuple[str, str]
    attendee: tuple[str, str]


def calendar_text(entry: Entry) -> str:
    """Return an entry as iCalendar, lines folded and ended by CRLF.

    Times are in UTC, which every calendar shows in its reader's own zone; so no rules of clocks need to travel along,
    which differ between programmes. The library escapes text and quotes names.
    """
    from icalendar import Calendar, Event

    calendar, event = Calendar(), Event()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method.value)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.starts_at + timedelta(minutes=entry.minutes))
    event.add("summary", _seen(entry.summary))
    event.add("location", _seen(entry.place))
    event.add("description", _seen(entry.text))
    event.add("status", "CANCELLED" if entry.method is Method.CANCEL else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _person(*entry.organiser))
    event.add("attendee", _person(*entry.attendee, is_asked=entry.method is Method.REQUEST))
    calendar.add_component(event)
    return cast("bytes", calendar.to_ical()).decode()


def _seen(text: str) -> str:
    """Return a text without what cannot be seen: iCalendar has no way to write control characters."""
    return "".join(each if each.isprintable() or each == "\n" else " " for each in text)


def _person(address: str, name: str, *, is_asked: bool | None = None) -> object:
    from icalendar import vCalAddress, vText

    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(_seen(name or address))
    if is_asked is not None:
        person.params["ROLE"] = vText("REQ-PARTICIPANT")
        person.params["CUTYPE"] = vText("INDIVIDUAL")
    if is_asked:
        person.params["PARTSTAT"] = vText("NEEDS-ACTION")
        person.params["RSVP"] = vText("TRUE")
    return person
