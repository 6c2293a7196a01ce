"""What an action is: a task, a risk, an event or an opportunity; what can come of each, and what shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.errors import Refusal
from app.core.typed import typed_lines

LONGEST_REASON = 2_000
MOST_DIGITS = 9


class Kind(StrEnum):
    """What an action is about."""

    TASK = "task"
    RISK = "risk"
    EVENT = "event"
    OPPORTUNITY = "opportunity"


class Outcome(StrEnum):
    """What came of an action at its end."""

    DONE = "done"
    DROPPED = "dropped"
    AVOIDED = "avoided"
    HAPPENED = "happened"
    CALLED_OFF = "called_off"
    WON = "won"
    LOST = "lost"
    NOTHING = "nothing"


class About(StrEnum):
    """What shows why an action was raised; each is a page of the account."""

    GAP = "gap"
    HEALTH = "health"
    ANSWER = "answer"
    SKILL = "skill"
    PLAN = "plan"
    ACCOUNT = "account"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.TASK: "Task",
    Kind.RISK: "Risk",
    Kind.EVENT: "Event",
    Kind.OPPORTUNITY: "Opportunity",
}
NAMED_KINDS = (Kind.RISK, Kind.EVENT, Kind.OPPORTUNITY)
"""The kinds that are more than something to be done: an account's page counts each."""
KIND_HINTS: Mapping[Kind, str] = {
    Kind.TASK: "something to be done",
    Kind.RISK: "something that may go wrong",
    Kind.EVENT: "something that takes place",
    Kind.OPPORTUNITY: "something that may be won",
}
OUTCOMES: Mapping[Kind, Mapping[Outcome, str]] = {
    Kind.TASK: {Outcome.DONE: "Done", Outcome.DROPPED: "Not needed any more"},
    Kind.RISK: {
        Outcome.AVOIDED: "Avoided",
        Outcome.HAPPENED: "It happened",
        Outcome.NOTHING: "Nothing came of it",
    },
    Kind.EVENT: {
        Outcome.HAPPENED: "It took place",
        Outcome.CALLED_OFF: "Called off",
        Outcome.NOTHING: "Nothing came of it",
    },
    Kind.OPPORTUNITY: {Outcome.WON: "Won", Outcome.LOST: "Lost", Outcome.NOTHING: "Nothing came of it"},
}
ABOUT_WORDS: Mapping[About, str] = {
    About.GAP: "The gap between voice and health",
    About.HEALTH: "A change of health",
    About.ANSWER: "An answer",
    About.SKILL: "A missing skill",
    About.PLAN: "What was agreed",
    About.ACCOUNT: "The account",
}
CHOSEN_ALONE = (About.GAP, About.HEALTH, About.SKILL, About.PLAN, About.ACCOUNT)
"""What can be chosen without saying whose answer it is."""


@dataclass(frozen=True)
class Evidence:
    """What an action rests on: which page shows it, by which rule it was raised, and the figures of that day."""

    about: About | None = None
    rule: str | None = None
    raised_on: str | None = None
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def document(self) -> dict[str, Any] | None:
        """It as it is kept; None where there is nothing to keep."""
        if self.about is None and not self.facts:
            return None
        return {
            "about": self.about.value if self.about else None,
            "rule": self.rule,
            "raised_on": self.raised_on,
            "facts": [list(each) for each in self.facts],
        }


def evidence_in(document: Mapping[str, Any] | None) -> Evidence:
    """What a kept document says; empty where there is none."""
    if not document:
        return Evidence()
    about = document.get("about")
    facts = tuple((str(name), str(value)) for name, value in document.get("facts", ()))
    return Evidence(About(about) if about else None, document.get("rule"), document.get("raised_on"), facts)


def checked_kind(raw: str) -> Kind:
    """The kind that was chosen."""
    if raw not in list(Kind):
        raise Refusal("Choose what it is: a task, a risk, an event or an opportunity.", "kind")
    return Kind(raw)


def checked_reason(raw: str) -> str | None:
    """Why an action is there, in somebody's words; None where nothing was written."""
    return typed_lines(raw, "reason", LONGEST_REASON) or None


def checked_about(raw: str, respondents: Collection[int]) -> tuple[About | None, int | None]:
    """What shows it, and whose answer where it is one: a word of `About`, `answer:ID`, or nothing."""
    if not raw:
        return None, None
    word, _, number = raw.partition(":")
    if word == About.ANSWER and number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        if int(number) in respondents:
            return About.ANSWER, int(number)
    elif word in CHOSEN_ALONE and not number:
        return About(word), None
    raise Refusal("Choose from the list what shows it.", "about")


def checked_outcome(raw: str, kind: Kind) -> Outcome:
    """What came of an action of a kind; a task that says nothing is done."""
    if not raw and kind is Kind.TASK:
        return Outcome.DONE
    if raw not in OUTCOMES[kind]:
        raise Refusal("Choose what came of it.", "outcome")
    return Outcome(raw)


def outcome_words(kind: str, outcome: str | None) -> str:
    """What came of an action, in words; empty where nobody said."""
    if kind not in list(Kind) or not outcome:
        return ""
    return OUTCOMES[Kind(kind)].get(Outcome(outcome), "") if outcome in list(Outcome) else ""
