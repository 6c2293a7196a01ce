"""The state of the system for those who keep it running: each fact in words, and what is to be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.core.display import NBSP, count, day, instant, number
from app.core.words import capital, counted, in_words, label, plural

LITTLE_BYTES = 2 * 1024**3
FAILED_DAYS = 7
MANY_WAIT = 100
"""Jobs that are rung and not taken, from which on the worker does not keep up."""


class State(StrEnum):
    """How a part of the system stands; the value is its word for those who see no colour."""

    FINE = "fine"
    LOOK = "look"
    FAULT = "fault"


WORDS = {State.FINE: "In order", State.LOOK: "To be looked at", State.FAULT: "At fault"}


@dataclass(frozen=True)
class SystemFacts:
    """What is measured: bytes, counts of rows, instants; None is not known."""

    database: str
    database_bytes: int | None
    free_bytes: int | None
    worker: str
    worker_seen_at: datetime | None
    rung: int | None
    unscored: int
    mails_due: int
    mails_failed: int
    mail_host: str | None
    health_as_of: date | None
    people: int
    without_factor: int
    must_have: int
    version: str


@dataclass(frozen=True)
class StateLine:
    """One part of the system; `page` is where something can be done about it, as the name of an endpoint."""

    name: str
    state: State
    value: str
    note: str = ""
    page: str = ""
    does: str = ""

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]


@dataclass(frozen=True)
class ImportLine:
    """A file that came in."""

    title: str
    about: str


def state_lines(it: SystemFacts) -> list[StateLine]:
    """Every part of the system in a fixed order."""
    return [_worker(it), _jobs(it), _mail(it), _database(it), _disk(it), _health(it), _people(it)]


def system_title(lines: Sequence[StateLine]) -> str:
    """Whether anything is at fault, as a finding."""
    faults = [line.name.lower() for line in lines if line.state is State.FAULT]
    looks = sum(line.state is State.LOOK for line in lines)
    if faults:
        return capital(f"{counted(len(faults), 'part')} of the system {plural(len(faults), 'is')} at fault")
    if looks:
        return f"Everything runs; {counted(looks, 'thing')} {plural(looks, 'is')} to be looked at"
    return "Everything runs"


def import_line(kind: str, fields: Any, at: datetime, who: str | None) -> ImportLine:
    """A file that was imported: its rows, when, and by whom."""
    rows, created, updated = (int(fields.get(name) or 0) for name in ("rows", "created", "updated"))
    told = f"{count(rows)}{NBSP}{plural(rows, 'row')}: {count(created)} new, {count(updated)} changed"
    return ImportLine(f"{label(kind)} · {told}", f"{instant(at)}{f' · {who}' if who else ' · by command'}")


def size(value: int | None) -> str:
    """A number of bytes in the unit in which it is read: `84 MB`, `2.1 GB`; empty where it is not known."""
    if value is None:
        return ""
    amount = float(value)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            return f"{number(amount, 1 if unit in ('GB', 'TB') and amount < 10 else 0)}{NBSP}{unit}"
        amount /= 1000
    return ""


def _worker(it: SystemFacts) -> StateLine:
    if it.worker == "running":
        return StateLine("Worker", State.FINE, "Runs")
    seen = f"Last seen {instant(it.worker_seen_at)}" if it.worker_seen_at else "Never seen here"
    return StateLine("Worker", State.FAULT, seen, "Nothing is sent or scored until it runs. Start it: flask worker")


def _jobs(it: SystemFacts) -> StateLine:
    waits = [
        f"{counted(it.unscored, 'change')} of answers to score" if it.unscored else "",
        f"{counted(it.mails_due, 'mail')} to send" if it.mails_due else "",
    ]
    told = ", ".join(part for part in waits if part)
    if it.rung is None:
        return StateLine("Jobs", State.FAULT, "The queue does not answer", "Jobs still run once a minute.")
    value = f"{capital(told)}" if told else "Nothing waits"
    is_behind = it.rung >= MANY_WAIT
    note = f"{capital(counted(it.rung, 'job'))} rung and not begun." if is_behind else ""
    return StateLine("Jobs", State.LOOK if is_behind else State.FINE, value, note)


def _mail(it: SystemFacts) -> StateLine:
    value = f"By {it.mail_host}" if it.mail_host else "Written into files"
    if it.mails_failed:
        gave_up = f"{capital(counted(it.mails_failed, 'mail'))} given up within {FAILED_DAYS} days."
        return StateLine(
            "Mail", State.LOOK, value, f"{gave_up} Each study's invitations say why.", "studies.index", "Studies"
        )
    if not it.mail_host:
        return StateLine("Mail", State.LOOK, value, "No mail leaves this machine: PARALLAX_MAIL_URL names no server.")
    return StateLine("Mail", State.FINE, value)


def _database(it: SystemFacts) -> StateLine:
    big = size(it.database_bytes)
    return StateLine("Database", State.FINE, f"{it.database}{f', {big}' if big else ''}", f"Parallax {it.version}")


def _disk(it: SystemFacts) -> StateLine:
    if it.free_bytes is None:
        return StateLine("Disk", State.LOOK, "The folder of the workspace cannot be measured")
    is_little = it.free_bytes < LITTLE_BYTES
    note = "Make room: without it nothing can be stored." if is_little else ""
    return StateLine("Disk", State.FAULT if is_little else State.FINE, f"{size(it.free_bytes)} free", note)


def _health(it: SystemFacts) -> StateLine:
    page, does = "health.scorecards", "Scorecards"
    if it.health_as_of is None:
        return StateLine("Health", State.LOOK, "Not computed yet", "A study computes it when it is scored.", page, does)
    return StateLine("Health", State.FINE, f"As of {day(it.health_as_of)}", "", page, does)


def _people(it: SystemFacts) -> StateLine:
    value = f"{capital(counted(it.people, 'person'))} may sign in"
    without = it.without_factor
    note = f"{capital(in_words(without))} without a second factor." if without else "Each has a second factor."
    if it.must_have:
        note += f" {capital(in_words(it.must_have))} of them must set it up before anything else opens."
    return StateLine("People", State.LOOK if without else State.FINE, value, note, "users.people", "People")
