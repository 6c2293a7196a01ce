"""The signs that a playbook can look for: what each is called, which numbers it takes, and how a find is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.actions.rules.kinds import About
from app.core.display import day, number, percent, signed
from app.core.words import counted

Numbers = Mapping[str, int]
Facts = list[tuple[str, str]]
_TIERS = {"confirmed": "confirmed", "probable": "probable", "watch": "to be watched"}


class SignKey(StrEnum):
    """The signs; the value is what a definition is kept with."""

    HIDDEN_RISK = "hidden_risk"
    VOICE_RED = "voice_red"
    SILENT = "silent"
    HEALTH_RED = "health_red"
    HEALTH_FELL = "health_fell"
    RENEWAL = "renewal"
    PROMISE_LATE = "promise_late"
    NO_CONTACT = "no_contact"
    SEATS_FULL = "seats_full"


@dataclass(frozen=True)
class Number:
    """A number that a sign takes: its name, the words after it, what is proposed, and its ends."""

    name: str
    words: str
    proposed: int
    least: int = 1
    most: int = 1_000


@dataclass(frozen=True)
class Sign:
    """A sign: what it is called before its numbers, in one phrase with them, what shows it, and how a find is told."""

    key: SignKey
    words: str
    phrase: Callable[[Numbers], str]
    about: About
    told: Callable[[Any, date], Facts]
    numbers: Sequence[Number] = ()


def _voice(row: Any) -> str:
    return f"{number(row.voice)} of 100, {counted(row.respondents, 'person')} heard"


def _hidden_risk(row: Any, _today: date) -> Facts:
    tier = _TIERS.get(row.tier)
    gap = f"{signed(row.gap)} points" + (f", {tier}" if tier else "")
    return [("Voice", _voice(row)), ("Health then", number(row.health)), ("Gap", gap), ("Study", row.study)]


def _voice_red(row: Any, _today: date) -> Facts:
    return [("Voice", f"{_voice(row)}, red"), ("Study", row.study)]


def _silent(row: Any, _today: date) -> Facts:
    return [("Silent in", f"{row.study}, {counted(row.asked, 'person')} asked")]


def _health_red(row: Any, _today: date) -> Facts:
    return [("Health", f"{number(row.score)}, red, on {day(row.as_of)}")]


def _health_fell(row: Any, _today: date) -> Facts:
    before = f"{number(row.before)} on {day(row.before_on)}"
    after = f"{number(row.score)} on {day(row.as_of)}"
    return [("Health", f"{before}, {after}: {signed(row.score - row.before)}")]


def _renewal(row: Any, today: date) -> Facts:
    days = (row.renewal_date - today).days
    when = f"in {counted(days, 'day')}" if days else "today"
    return [("Renewal", f"{day(row.renewal_date)}, {when}")]


def _promise_late(row: Any, today: date) -> Facts:
    return [("Promises overdue", f"{number(row.late)}, the oldest by {counted((today - row.oldest).days, 'day')}")]


def _no_contact(row: Any, today: date) -> Facts:
    if row.last is None:
        return [("Last contact", "none on record")]
    last = row.last.date()
    return [("Last contact", f"{day(last)}, {counted((today - last).days, 'day')} ago")]


def _seats_full(row: Any, _today: date) -> Facts:
    return [("Seats used", f"{number(row.users)} of {number(row.seats)}, {percent(row.users / row.seats)}")]


_DAYS = 3_650
SIGNS: Mapping[SignKey, Sign] = {
    sign.key: sign
    for sign in (
        Sign(
            SignKey.HIDDEN_RISK,
            "Hidden risk: the voice is red while health is not",
            lambda _: "hidden risk",
            About.GAP,
            _hidden_risk,
        ),
        Sign(SignKey.VOICE_RED, "The voice is red", lambda _: "voice red", About.GAP, _voice_red),
        Sign(
            SignKey.SILENT,
            "Silent: asked in the last study that is over, and nobody answered",
            lambda _: "silent in the last study",
            About.ACCOUNT,
            _silent,
        ),
        Sign(SignKey.HEALTH_RED, "Health is red", lambda _: "health red", About.HEALTH, _health_red),
        Sign(
            SignKey.HEALTH_FELL,
            "Health fell",
            lambda it: f"health fell by {it['points']} within {counted(it['days'], 'day')}",
            About.HEALTH,
            _health_fell,
            (Number("points", "points or more, within", 15, most=100), Number("days", "days", 30, 7, 366)),
        ),
        Sign(
            SignKey.RENEWAL,
            "The renewal comes within",
            lambda it: f"renewal within {counted(it['days'], 'day')}",
            About.ACCOUNT,
            _renewal,
            (Number("days", "days", 120, most=_DAYS),),
        ),
        Sign(
            SignKey.PROMISE_LATE,
            "A promise is overdue by",
            lambda it: f"a promise overdue by {counted(it['days'], 'day')}",
            About.ACCOUNT,
            _promise_late,
            (Number("days", "days or more", 1, most=_DAYS),),
        ),
        Sign(
            SignKey.NO_CONTACT,
            "No contact for",
            lambda it: f"no contact for {counted(it['days'], 'day')}",
            About.ACCOUNT,
            _no_contact,
            (Number("days", "days", 90, most=_DAYS),),
        ),
        Sign(
            SignKey.SEATS_FULL,
            "Seats are used above",
            lambda it: f"seats used above {it['percent']} %",
            About.ACCOUNT,
            _seats_full,
            (Number("percent", "percent", 90, most=300),),
        ),
    )
}
"""Every sign, in the order in which they are offered: another one is an entry here and its query."""
