"""Events as sentences: what happened, between whom, and where more of it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.core.display import day, figure, money_full, number
from app.core.words import capital, label, lower_first
from app.timeline.rules.kinds import Kind, Place, place_words

LONGEST = 280
CHANNELS = {
    "call": "A call",
    "meeting": "A meeting",
    "mail": "A mail",
    "support": "A conversation with support",
    "social": "A mention in public",
    "event": "An event",
}
MAILS = {"invitation": "Invited by mail", "reminder": "Reminded by mail", "appointment": "Mailed about the appointment"}
LETTERS = {"thanks": "Thanked by mail", "names": "Asked by mail for names", "rest": "Sent the rest of the interview"}
WAYS = {"phone": "by phone", "face_to_face": "face to face", "video": "by video"}
SENTIMENTS = {0: "very worried", 25: "worried", 50: "undecided", 75: "confident", 100: "very confident"}
SIDES = {
    "promised": "Promised",
    "delivered": "Delivered",
    "to_be_delivered": "To be delivered",
    "articulated": "Told the customer what they got",
}
SAID = {"yes": "says that it has reached them", "partly": "says that it has partly reached them"}
NOT_REACHED = "says that it has not reached them"


@dataclass(frozen=True)
class Link:
    """Where more stands: an endpoint's word, and what its address needs."""

    to: str
    key: str
    more: str = ""


@dataclass(frozen=True)
class Line:
    """One event as finished text; `time` is empty where only the day is known."""

    kind: Kind
    what: str
    about: str
    words: str
    time: str
    link: Link | None


@dataclass(frozen=True)
class Day:
    """All that happened on one day."""

    name: str
    is_to_come: bool
    lines: list[Line]


@dataclass(frozen=True)
class Timeline:
    """One page of a timeline; `older` is the place from which the next page goes on, empty on the last."""

    days: list[Day]
    older: str


Told = tuple[str, str, str, Link | None]


def timeline_of(rows: Sequence[Any], kinds: dict[int, Kind], *, most: int, today: date) -> Timeline:
    """Events as days with their lines; one row more than `most` says that there are older ones."""
    shown = rows[:most]
    days = [
        Day(_day_words(on, today), on > today, [_line(row, kinds[row.rank]) for row in some])
        for on, some in groupby(shown, key=lambda row: row.at.date())
    ]
    older = place_words(Place(shown[-1].at, shown[-1].rank, shown[-1].id)) if len(rows) > most else ""
    return Timeline(days, older)


def _day_words(on: date, today: date) -> str:
    return f"{day(on)}, today" if on == today else day(on)


def _line(row: Any, kind: Kind) -> Line:
    what, about, words, link = TELLING[row.rank](row)
    return Line(kind, what, about, _short(words), _time(row.at), link)


def _conversation(row: Any) -> Told:
    begun = {"us": "begun by us", "them": "begun by them"}.get(row.b or "", "")
    absent = "they did not take part" if row.d == "no" else ""
    return CHANNELS.get(row.a, label(row.a)), _joined(_with(row), begun, absent), row.c or "", None


def _answer(row: Any) -> Told:
    how = "was interviewed" if row.a == "interview" else "answered the survey"
    link = Link("response", row.c, row.d)
    return f"{_somebody(row)} {how}", row.b, "", link


def _invitation(row: Any) -> Told:
    came_back = "it came back" if row.c == "bounced" else ""
    return MAILS[row.a], _joined(_to(row), row.b, came_back), "", None


def _letter(row: Any) -> Told:
    what = LETTERS.get(row.a, "Mailed")
    return what, _joined(_to(row), f"by {row.who}" if row.who else ""), row.b or "", None


def _call(row: Any) -> Told:
    what = f"Tried to reach {lower_first(_somebody(row)) if not row.person else row.person}"
    return what, _joined(label(row.a).lower(), row.b, f"by {row.who}" if row.who else ""), "", None


def _appointment(row: Any) -> Told:
    what = "An appointment that was called off" if row.c else f"An appointment {WAYS.get(row.a, row.a)}"
    return what, _joined(_with(row), row.b, row.who), "", None


def _health(row: Any) -> Told:
    after, before = row.a or "too little signal", row.b or "too little signal"
    what = f"Health went from {before} to {after}" if after != before else f"Health moved within {after}"
    figures = f"{number(row.y)} to {number(row.x)}" if row.x is not None and row.y is not None else ""
    return what, figures, "", Link("health", "")


def _action_added(row: Any) -> Told:
    promised = "promised to the customer" if row.d else ""
    about = _joined(f"for {row.c}" if row.c else "", f"added by {row.who}" if row.who else "", promised)
    return f"Action: {row.b or 'its words were removed'}", about, "", Link("action", str(row.id))


def _action_done(row: Any) -> Told:
    about = f"by {row.who}" if row.who else ""
    return f"Done: {row.b or 'its words were removed'}", about, row.c or "", Link("action", str(row.id))


def _sentiment(row: Any) -> Told:
    what = f"{row.who} is {SENTIMENTS.get(int(row.x), figure(row.x))} about it"
    return what, "", row.c or "", Link("pulse", "")


def _light(row: Any) -> Told:
    return f"{row.who} set {row.b}", f"after {lower_first(label(row.d))}", row.c or "", Link("pulse", "")


def _override(row: Any) -> Told:
    beside = f"beside the calculated {row.d}" if row.d else "where nothing is calculated"
    return f"{row.who} set {row.b} by hand", beside, row.c or "", Link("pulse", "")


def _promise(row: Any) -> Told:
    what = SIDES.get(row.a, label(row.a))
    amount = _amount(row)
    whole = "all of it" if row.d == "all" else ""
    about = _joined(amount, whole, f"by {label(row.c).lower()}" if row.a == "promised" else "", _by(row))
    return what, about, f"“{_short(row.b)}”", Link("ledger", "")


def _promise_answer(row: Any) -> Told:
    who = row.person or "Somebody there"
    link = Link("response", row.c, row.d) if row.c else Link("ledger", "")
    return f"{who} {SAID.get(row.a, NOT_REACHED)}", "their own answer", f"“{_short(row.b)}”", link


def _situation(row: Any) -> Told:
    # Its end may be still to come, so that no tense would be right.
    what = {"began": "Beginning of", "ended": "End of"}[row.a]
    return f"{what} {row.b}", "a situation; it is in no score", "", Link("situations", "")


def _situation_change(row: Any) -> Told:
    level = f"{label(row.d).lower()} here" if row.d else "as for its industry"
    return f"{row.who or 'Somebody'} judged {row.b}: {level}", "", row.c or "", Link("situations", "")


def _case(row: Any) -> Told:
    return f"A support case was {row.a}", _joined(row.c, f"priority {row.b}" if row.b else ""), "", None


def _outcome(row: Any) -> Told:
    return capital(row.a), row.b or "", "", None


TELLING: dict[int, Callable[[Any], Told]] = {
    1: _conversation,
    2: _answer,
    3: _invitation,
    4: _letter,
    5: _invitation,
    6: _call,
    7: _appointment,
    8: _health,
    9: _action_added,
    10: _action_done,
    11: _sentiment,
    12: _light,
    13: _override,
    14: _promise,
    15: _promise,
    16: _promise,
    17: _promise_answer,
    18: _situation,
    19: _situation,
    20: _situation_change,
    21: _case,
    22: _case,
    23: _outcome,
}
"""How the events of each source are told, by its rank."""


def _amount(row: Any) -> str:
    if row.x is not None:
        return money_full(row.x, row.c)
    return f"{figure(row.y)} {row.c}" if row.y is not None and row.c else ""


def _somebody(row: Any) -> str:
    role = label(row.what) if row.what else "Somebody there"
    return row.person or role


def _with(row: Any) -> str:
    return f"with {row.person}" if row.person else f"with {label(row.what).lower()}" if row.what else ""


def _to(row: Any) -> str:
    return f"to {row.person}" if row.person else f"to {label(row.what).lower()}" if row.what else ""


def _by(row: Any) -> str:
    return f"recorded by {row.who}" if row.who else ""


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _time(at: datetime) -> str:
    return "" if (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0) else f"{at:%H:%M} UTC"
