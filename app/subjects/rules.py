"""How long words are kept, what was taken away, and how it is said."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from app.core.display import day

ERASED_NAME = "Erased person"
"""What stands where a name stood."""
BACKUPS = "Backups and exports that were made before still hold the person; delete them or wait until they are."
ELSEWHERE = "These texts were not changed, because others wrote them; look at them by hand."


def months_before(at: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, or the last day of that month where it is shorter."""
    index = at.year * 12 + at.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


@dataclass(frozen=True)
class Place:
    """Where a colleague's words of judgement name a person: the account, what it is, from which day, and by whom."""

    account_id: str
    account: str
    what: str
    on: str
    author: str

    @property
    def about(self) -> str:
        """All but the account, as a page tells it."""
        return f"{self.what}, {self.author}, {day(date.fromisoformat(self.on))}"


@dataclass(frozen=True)
class Traces:
    """What there is of a person, or what of it was taken away; `mentions` counts other texts that name them.

    `places` are those where colleagues said what they think of an account, to be read and blanked by hand.
    """

    contacts: int = 0
    studies: int = 0
    responses: int = 0
    answers_in_words: int = 0
    notes_and_quotes: int = 0
    reasons: int = 0
    interviews: int = 0
    mails_waiting: int = 0
    links: int = 0
    mails_in_outbox: int = 0
    uploads_waiting: int = 0
    mentions: Mapping[str, int] = field(default_factory=dict)
    places: Sequence[Place] = ()

    def document(self) -> dict[str, Any]:
        """The counts as scripts read them."""
        return asdict(self)

    def lines(self) -> list[tuple[str, int]]:
        """The counts as people read them, without what there is none of."""
        named = [(WORDS[name], number) for name, number in asdict(self).items() if name in WORDS]
        return [(words, number) for words, number in named if number]


WORDS = {
    "contacts": "contacts",
    "studies": "studies they were drawn into",
    "responses": "responses",
    "answers_in_words": "answers in their own words, earlier versions included",
    "notes_and_quotes": "notes and quotes of interviewers",
    "reasons": "reasons given for opening a response again",
    "interviews": "interviews that nobody has begun",
    "mails_waiting": "mails that wait",
    "links": "links that open",
    "mails_in_outbox": "mails in the outbox folder",
    "uploads_waiting": "uploaded files that wait for a yes and may name them",
}


def erased_sentences(traces: Traces, *, is_dry_run: bool, is_swept: bool = True) -> list[str]:
    """What an erasure did, or would do, in sentences."""
    begun = "Would be erased:" if is_dry_run else "Erased:"
    lines = [begun, *(f"  {words}: {number:,}" for words, number in traces.lines())]
    if traces.mentions:
        named = ", ".join(f"{words}: {number:,}" for words, number in traces.mentions.items())
        lines.append(f"Other texts name them too ({named}). {ELSEWHERE}")
    lines += [f"  {place.account} ({place.account_id}): {place.about}" for place in traces.places]
    if not is_swept:
        lines.append("Somebody was reading, so the database's log still holds traces until it is next emptied.")
    return [*lines, "Numbers stay. " + BACKUPS]


@dataclass(frozen=True)
class Expiry:
    """What the retention period takes away at one run: `before` is the instant it reaches back to, None for none."""

    before: datetime | None
    responses: int = 0
    answers_in_words: int = 0
    notes_and_quotes: int = 0
    reasons: int = 0
    mails_in_outbox: int = 0

    def document(self) -> dict[str, Any]:
        """The counts as scripts read them."""
        return asdict(self) | {"before": self.before.isoformat() if self.before else None}

    @property
    def is_nothing(self) -> bool:
        """Whether nothing goes."""
        return not (self.responses or self.mails_in_outbox)

    def sentence(self, months: int | None, *, is_dry_run: bool) -> str:
        """The counts for a person."""
        if months is None:
            return "Words are kept for ever; set a number of months on the page of personal data."
        if self.is_nothing:
            return f"Nothing is older than {months} {'month' if months == 1 else 'months'}."
        lost, gone = ("would lose", "would go") if is_dry_run else ("lost", "went")
        return (
            f"Responses that {lost} their words: {self.responses:,} ({self.answers_in_words:,} answers, "
            f"{self.notes_and_quotes:,} notes and quotes, {self.reasons:,} reasons). "
            f"Mails in the outbox that {gone}: {self.mails_in_outbox:,}."
        )
