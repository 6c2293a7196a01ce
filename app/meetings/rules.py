"""The brief of a meeting: where health and voice disagree, what is owed, the last words, and three questions to ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.core.display import day
from app.core.words import capital, counted, listed
from app.customer360.rules.account import AccountPage, Quote
from app.customer360.rules.bars import GapBar
from app.customer360.rules.widgets import Widget
from app.ledger.rules.items import Item, delivered_by, flags_of
from app.ledger.rules.page import is_late

MOST_TOPICS = 4
MOST_OWED = 5
MOST_QUOTES = 3
MOST_STEPS = 5
QUESTIONS = 3
LONGEST = 200
"""Characters of a promise or of words that a question repeats."""
SOON = 120
"""Days before a renewal from which on it is asked about."""


@dataclass(frozen=True)
class Owed:
    """A promise that is not kept yet."""

    text: str
    about: str


@dataclass(frozen=True)
class Difference:
    """A topic on which telemetry and what people say differ much."""

    name: str
    bar: GapBar
    people: str


@dataclass(frozen=True)
class Ask:
    """A question to ask, and why it is asked."""

    words: str
    why: str


@dataclass(frozen=True)
class Meeting:
    """All that the page shows; every list is short enough for one printed page."""

    crm_id: str
    name: str
    title: str
    lede: str
    owner: str
    figures: Sequence[Widget]
    differences: list[Difference]
    differences_title: str
    owed: list[Owed]
    owed_title: str
    quotes: list[Quote]
    quotes_title: str
    steps: list[Any]
    steps_title: str
    asks: list[Ask]

    @property
    def empties(self) -> str:
        """What there is none of, in one line."""
        parts = ((self.quotes, self.quotes_title), (self.owed, self.owed_title), (self.steps, self.steps_title))
        return " ".join(f"{title}." for found, title in parts if not found)


def meeting_of(
    page: AccountPage,
    *,
    figures: Sequence[Widget],
    promises: Sequence[Item],
    steps: Sequence[Any],
    unheard: Sequence[str],
    renewal: date | None,
    on: date,
) -> Meeting:
    """The brief of an account on a day.

    `figures` stand at the top; `promises` are all items of the ledger, `steps` the follow-ups, `unheard` the roles that
    nobody was heard in.
    """
    differences = [
        Difference(line.name, line.bar, line.people) for line in page.dimensions if line.bar.colour != "rest"
    ]
    owed = [each for each in promises if flags_of(each, on).delivered is None]
    open_steps = [step for step in steps if step.done_at is None]
    return Meeting(
        crm_id=page.crm_id,
        name=page.name,
        title=page.title,
        lede=page.lede,
        owner=page.owner,
        figures=figures,
        differences=differences[:MOST_TOPICS],
        differences_title=_differences_title(page, differences),
        owed=[Owed(shortened(each.text), _about(each, on)) for each in owed[:MOST_OWED]],
        owed_title=_owed_title(len(owed), len(promises)),
        quotes=[replace(quote, text=shortened(quote.text)) for quote in page.quotes[:MOST_QUOTES]],
        quotes_title="Their last words" if page.quotes else "Nobody has said anything that may be quoted",
        steps=open_steps[:MOST_STEPS],
        steps_title=_steps_title(len(open_steps)),
        asks=asks(page, owed=owed, unheard=unheard, renewal=renewal, on=on),
    )


def asks(
    page: AccountPage, *, owed: Sequence[Any], unheard: Sequence[str], renewal: date | None, on: date
) -> list[Ask]:
    """Three questions, those that say most first: what differs, what is owed, who is silent, what is to be decided.

    One of each kind comes before a second of any; where nothing is known the last ones are always worth asking.
    """
    kinds = (_about_topics(page), _about_promises(owed), _about_silence(unheard), _about_renewal(renewal, on))
    first = [questions[0] for questions in kinds if questions]
    more = [question for questions in kinds for question in questions[1:]]
    return [*first, *more, *ALWAYS][:QUESTIONS]


ALWAYS = [
    Ask("What did you hope to achieve with us this year, and how far have you come?", "Asked of everybody."),
    Ask("What should we do more of, and what should we stop?", "Asked of everybody."),
    Ask("Who else should we hear, who would see it differently?", "Asked of everybody."),
]


def _about_topics(page: AccountPage) -> list[Ask]:
    lines = [line for line in page.dimensions if line.bar.colour != "rest"]
    return [_about_topic(line) for line in sorted(lines, key=lambda line: line.bar.colour != "risk")]


def _about_topic(line: Any) -> Ask:
    scores = f"telemetry says {line.bar.health}, people say {line.voice} of 100"
    if line.bar.colour == "risk":
        return Ask(f"{line.name}: what would have to change for you to be content?", capital(f"{scores}."))
    return Ask(f"{line.name}: what makes it work for you?", capital(f"{scores}: our figures miss something."))


def _about_promises(owed: Sequence[Any]) -> list[Ask]:
    words = "We promised you “{}”. What have you seen of it?"
    return [Ask(words.format(shortened(each.text).rstrip(".")), _why_owed(each)) for each in owed]


def _why_owed(promise: Any) -> str:
    return f"Promised on {day(promise.promised_on)}, still owed." if promise.promised_on else "Still owed."


def _about_silence(unheard: Sequence[str]) -> list[Ask]:
    if not unheard:
        return []
    roles = listed([f"“{role}”" for role in unheard[:3]])
    return [Ask("Whom of those we have not heard should we talk to?", f"Nobody was heard within a year as {roles}.")]


def _about_renewal(renewal: date | None, on: date) -> list[Ask]:
    if renewal is None or not 0 <= (renewal - on).days <= SOON:
        return []
    days = (renewal - on).days
    when = "today" if days == 0 else f"in {counted(days, 'day')}"
    return [Ask("What do you need to see before you decide about renewing?", f"They decide {when}.")]


def shortened(text: str) -> str:
    """Words in one line, cut where they are longer than a question bears."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _differences_title(page: AccountPage, found: Sequence[Difference]) -> str:
    if found:
        n = len(found)
        return f"Health and voice disagree on {counted(n, 'topic')}"
    if any(not line.note for line in page.dimensions):
        return "Health and voice agree on each topic that both know"
    return "No topic has both telemetry and voice yet"


def _owed_title(owed: int, every: int) -> str:
    if owed:
        return f"{capital(counted(owed, 'promise'))} {'is' if owed == 1 else 'are'} still owed"
    return "All that was promised is delivered" if every else "No promise is on record"


def _steps_title(n: int) -> str:
    return f"What we do next: {counted(n, 'step')}" if n else "No follow-up is open"


def _about(promise: Item, on: date) -> str:
    parts = []
    if promise.promised_on is not None:
        days = (on - promise.promised_on).days
        parts.append(f"promised {day(promise.promised_on)}" + (f", {counted(days, 'day')} ago" if days > 0 else ""))
    if promise.due_on is not None:
        parts.append(f"due {day(promise.due_on)}" + (", which is past" if is_late(promise, on) else ""))
    arrived = delivered_by(promise, on)
    if arrived:
        parts.append(f"{listed([each.unit.words(each.value) for each in arrived])} of it has arrived")
    return "; ".join(parts)
