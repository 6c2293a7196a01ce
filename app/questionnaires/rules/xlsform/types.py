"""The types of rows that XLSForm knows, and what Parallax makes of them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_SINGLE = ("select_one", "select one", "select one from", "select one using", "select1", "add select one prompt using")
_MULTIPLE = (
    "select_multiple", "select multiple", "select multiple from", "select multiple using", "select all that apply",
    "select all that apply from", "add select multiple prompt using",
)  # fmt: skip
_SELECTS: Mapping[str, str] = {
    **dict.fromkeys(_SINGLE, "single_choice"),
    **dict.fromkeys(_MULTIPLE, "multiple_choice"),
    "rank": "ranking",
}
_ELSEWHERE = (
    "select_one_external", "select one external", "select_one_from_file", "select one from file",
    "select_multiple_from_file", "select multiple from file",
)  # fmt: skip
_SELECT = re.compile(
    rf"({'|'.join(sorted((*_SELECTS, *_ELSEWHERE), key=len, reverse=True))})\s+(\S+)"
    r"(\s+or_other|\s+or specify other|\s+or other)?",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"(begin|end)[_ ]+(lgroup|group|repeat|looped group|loop)(?: over (\S+))?")

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "string", "q string", "add text prompt", "phone number"), "text"),
    **dict.fromkeys(("integer", "int", "q int", "add integer prompt", "percentage"), "number"),
    **dict.fromkeys(
        ("number of days in last month", "number of days in last six months", "number of days in last year"), "number"
    ),
    **dict.fromkeys(("decimal", "q decimal", "add decimal prompt"), "number"),
    **dict.fromkeys(("date", "q date", "add date prompt"), "date"),
    **dict.fromkeys(("note", "q note", "add note prompt"), "note"),
    **dict.fromkeys(("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"), "consent"),
    **dict.fromkeys(("calculate", "q calculate", "add calculate prompt"), "calculated"),
}
"""The kinds of question by the types of row that are one."""

WITH_DECIMALS = frozenset({"decimal", "q decimal", "add decimal prompt"})

CONSTRAINTS: Mapping[str, str] = {
    "percentage": "0 <= . and . <= 100",
    "number of days in last month": "0 <= . and . <= 31",
    "number of days in last six months": "0 <= . and . <= 183",
    "number of days in last year": "0 <= . and . <= 365",
}
"""The conditions that come with a type of row."""

_OWN_TIME = "Parallax keeps its own times"
_NO_DEVICE = "Parallax records no devices"
METADATA: Mapping[str, str] = {
    **dict.fromkeys(("start", "start time", "get start time"), f"records the device's clock; {_OWN_TIME}"),
    **dict.fromkeys(("end", "end time", "get end time"), f"records the device's clock; {_OWN_TIME}"),
    **dict.fromkeys(("today", "get today"), f"records the day; {_OWN_TIME}"),
    **dict.fromkeys(("deviceid", "device id", "get device id", "imei", "uri:deviceid"), f"{_NO_DEVICE}"),
    **dict.fromkeys(("subscriberid", "subscriber id", "get subscriber id", "uri:subscriberid"), _NO_DEVICE),
    **dict.fromkeys(("simserial", "sim id", "get sim id", "uri:simserial"), _NO_DEVICE),
    **dict.fromkeys(
        ("phonenumber", "get phone number", "uri:phonenumber"),
        "records the device's phone number; contacts have their own",
    ),
    **dict.fromkeys(("username", "uri:username"), "records who is signed in; Parallax knows the respondent"),
    **dict.fromkeys(("email", "uri:email"), "records the device's address; contacts have their own"),
    "audit": "records what is done on the device; Parallax keeps its own record",
}
"""Rows that respondents never see, and why they are left out."""

_PICTURES = "pictures, sound, films and files cannot be answered"
_PLACES = "places on a map cannot be answered"
_WHY: Mapping[str, str] = {
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "gps", "location", "start-geopoint", "osm"), _PLACES),
    **dict.fromkeys(("q geopoint", "q location", "add location prompt", "background-geopoint"), _PLACES),
    **dict.fromkeys(
        ("image", "photo", "audio", "video", "file", "q image", "q picture", "background-audio"), _PICTURES
    ),
    **dict.fromkeys(("q audio", "q video", "add image prompt", "add audio prompt", "add video prompt"), _PICTURES),
    **dict.fromkeys(("add file prompt", "add photo prompt"), _PICTURES),
    **dict.fromkeys(("barcode", "q barcode", "add barcode prompt"), "barcodes cannot be read"),
    **dict.fromkeys(
        ("time", "datetime", "date time", "q date time"), "times of day cannot be answered; use date or text"
    ),
    **dict.fromkeys(("add date time prompt",), "times of day cannot be answered; use date or text"),
    "hidden": "values that come from another programme do not exist",
    "xml-external": "lists in other files are not read",
    "csv-external": "lists in other files are not read",
    "include": "parts from other files are not read",
}


class Select(NamedTuple):
    """What a row that offers a list says: its kind (None where the list is elsewhere), its list, and `or_other`."""

    command: str
    kind: str | None
    list_name: str
    has_other: bool


class Control(NamedTuple):
    """Where a group or repetition begins or ends."""

    is_begin: bool
    what: str


def plain(written: str) -> str:
    """A type in the one spelling that the tables of this module know."""
    return " ".join(written.split()).casefold()


def select_of(written: str) -> Select | None:
    """What a type that offers a list says, or None; the list's name keeps its letters."""
    found = _SELECT.fullmatch(" ".join(written.split()))
    if found is None:
        return None
    return Select(found[1], _SELECTS.get(found[1].casefold()), found[2], found[3] is not None)


def control_of(written: str) -> Control | None:
    """Whether a type begins or ends a group, or None."""
    found = _CONTROL.match(plain(written))
    if found is None:
        return None
    what = {"lgroup": "repeat", "looped group": "repeat"}.get(found[2], found[2])
    return Control(found[1] == "begin", what)


def why_not(written: str) -> str:
    """Why there is no question of a type, in words."""
    reason = _WHY.get(plain(written), "there is no such kind of question")
    return f"the type “{written[:80]}”: {reason}"
