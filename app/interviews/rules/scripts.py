"""What a caller reads aloud around the interview: five lines at most each, with names filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """When a script is read."""

    INTRODUCTION = "introduction"
    CALL_BACK = "call_back"
    VOICEMAIL = "voicemail"
    END = "end"


@dataclass(frozen=True)
class Script:
    """One script with its title."""

    moment: Moment
    title: str
    lines: tuple[str, ...]


_SCRIPTS = (
    Script(
        Moment.INTRODUCTION,
        "To introduce yourself",
        (
            "Hello {contact}, this is {interviewer} from {organisation}.",
            "We talk with people at {account} about what works for them, what does not, and what we should do next.",
            "It takes about {minutes} minutes. Nothing is for sale, and you can leave out whatever you like.",
            "I write down what you say; you decide whether and how we may quote you.",
            "Is this a good moment, or shall we find another time?",
        ),
    ),
    Script(
        Moment.CALL_BACK,
        "To call back",
        (
            "Hello {contact}, this is {interviewer} from {organisation} again.",
            "We spoke about a conversation on how things are going for {account}.",
            "You asked me to call back; is this a good moment?",
            "If not, tell me a day and a time that suit you, and I send you an invitation.",
        ),
    ),
    Script(
        Moment.VOICEMAIL,
        "For the voicemail",
        (
            "Hello {contact}, this is {interviewer} from {organisation}.",
            "I would like to hear how things are going for {account}. Nothing is for sale.",
            "I will try again; you can also reach me at {address}.",
            "If you would rather not take part, tell me, and I will not call again.",
        ),
    ),
    Script(
        Moment.END,
        "At the end",
        (
            "Thank you, {contact}. That was all that I wanted to ask.",
            "I will pass on what you told me, as you allowed it, to those at {organisation} who can change it.",
            "What we promised you, we write down with a name and a date.",
            "If something comes to your mind later, reach me at {address}. Goodbye.",
        ),
    ),
)
NO_THANKS = (
    "That is perfectly fine, {contact}. I will note it, and we will not ask you again in this study.",
    "Thank you for telling me, and have a good day.",
)
"""What is read to somebody who would rather not."""


def scripts_for(values: Mapping[str, str]) -> list[Script]:
    """Return the scripts with the names of one interview filled in."""
    return [Script(each.moment, each.title, tuple(line.format_map(values) for line in each.lines)) for each in _SCRIPTS]


def no_thanks(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is read to somebody who would rather not."""
    return tuple(line.format_map(values) for line in NO_THANKS)
