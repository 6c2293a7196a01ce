"""A mail about an appointment as it is read: subject, facts, and the entry that goes along for the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.words import capital
from app.interviews.rules.appointment_words import LANGUAGES, Kind, Words, language_of
from app.interviews.rules.calendar import Entry, Method
from app.interviews.rules.meeting import Way
from app.interviews.rules.moments import day_words, moment_words, number_words, time_words, utc_words


@dataclass(frozen=True)
class Agreed:
    """One version of an appointment, and the two who meet; `before` is the time that was told last, if another."""

    kind: Kind
    uid: str
    sequence: int
    starts_at: datetime
    timezone: str
    minutes: int
    way: Way
    place: str
    contact: tuple[str, str]
    language: str | None
    account: str
    interviewer: tuple[str, str]
    organiser: tuple[str, str]
    organisation: str | None
    before: tuple[datetime, str] | None = None


@dataclass(frozen=True)
class Told:
    """What a mail says, finished: the facts are (label, words)."""

    language: str
    subject: str
    greeting: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    ending: str
    regards: str
    interviewer: str
    organisation: str
    summary: str

    @property
    def sender(self) -> str:
        """From whom it comes, as a mail programme and the head of the mail show it."""
        return capital(self.organisation)

    @property
    def lines(self) -> tuple[str, ...]:
        """The facts in one line each."""
        return tuple(f"{label}: {words}" for label, words in self.facts)


def told(agreed: Agreed) -> Told:
    """Return what the contact reads, in their language, with the time by their own clock and in UTC."""
    language = language_of(agreed.language)
    words = LANGUAGES[language]
    local = agreed.starts_at.astimezone(ZoneInfo(agreed.timezone))
    organisation = agreed.organisation or words.team
    values = {
        "name": agreed.contact[1],
        "account": agreed.account,
        "organisation": organisation,
        "interviewer": agreed.interviewer[1],
        "when": f"{day_words(local, language)}, {time_words(local, language)}",
    }
    return Told(
        language=language,
        subject=_filled(words.subjects[agreed.kind], values),
        greeting=_filled(words.greeting, values),
        opening=_filled(words.openings[agreed.kind], values),
        facts=_facts(agreed, words, language),
        ending=words.nothing if agreed.kind is Kind.CANCELLATION else words.change,
        regards=words.regards,
        interviewer=agreed.interviewer[1],
        organisation=organisation,
        summary=_filled(words.summary, values),
    )


def entry_of(agreed: Agreed, told_words: Told, *, stamp: datetime) -> Entry | None:
    """Return what the contact's calendar is told; nothing by a reminder, whose appointment stands there already."""
    if agreed.kind in {Kind.REMINDER, Kind.INTERVIEWER}:
        return None
    return Entry(
        uid=agreed.uid,
        sequence=agreed.sequence,
        method=Method.CANCEL if agreed.kind is Kind.CANCELLATION else Method.REQUEST,
        stamp=stamp,
        starts_at=agreed.starts_at,
        minutes=agreed.minutes,
        summary=told_words.summary,
        place=agreed.place,
        text="\n".join((*told_words.lines, "", told_words.ending)),
        organiser=agreed.organiser,
        attendee=agreed.contact,
    )


def _facts(agreed: Agreed, words: Words, language: str) -> tuple[tuple[str, str], ...]:
    zone = ZoneInfo(agreed.timezone)
    facts = [
        (words.when, moment_words(agreed.starts_at, zone, language)),
        (words.utc, utc_words(agreed.starts_at, language)),
    ]
    if agreed.before:
        at, timezone = agreed.before
        facts.append((words.before, moment_words(at, ZoneInfo(timezone), language)))
    facts += [
        (words.how, f"{words.ways[agreed.way]}, {agreed.place}"),
        (words.long, words.minutes.format(minutes=number_words(agreed.minutes, language))),
        (words.whom, f"{agreed.interviewer[1]}, {agreed.interviewer[0]}"),
    ]
    return tuple(facts)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Fill names in, each once: what a value holds is not looked at again."""
    return text.format_map(values)
