"""The mail that asks somebody who else should be heard: proposed by us, worded by its sender."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import Refusal
from app.core.words import listed
from app.stakeholders.rules.coverage import Filled
from app.stakeholders.rules.names import one_line, some_lines
from app.stakeholders.rules.templates import role_words

LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000


@dataclass(frozen=True)
class Letter:
    """The words of a mail."""

    subject: str
    body: str


def proposed(*, first_name: str, account: str, organisation: str, sender: str, missing: Sequence[Filled]) -> Letter:
    """The mail as we would write it: whom we look for, why, and that a no is fine."""
    wanted = "\n".join(f"- {each.missing} {_role(each)}" for each in missing)
    body = (
        f"Hello {first_name},\n\n"
        f"I would like to hear from everybody at {account} who works with us, not only from you."
        + (f" Some people I do not know yet:\n\n{wanted}" if missing else " Perhaps there is somebody I have not met.")
        + "\n\nCould you tell me who they are, with an e-mail address if you have one? Please ask them first whether "
        "they mind. If you would rather not, that is fine too.\n\n"
        f"Thank you\n{sender}" + (f"\n{organisation}" if organisation else "")
    )
    return Letter(f"Who else at {account} should we talk to?"[:LONGEST_SUBJECT], body)


def checked_letter(subject: str, body: str) -> Letter:
    """The words as they will be sent; Refusal with the field where they cannot be."""
    found = Letter(one_line(subject, "subject", LONGEST_SUBJECT), some_lines(body, "body", LONGEST_BODY))
    if not found.subject:
        raise Refusal("Write what the mail is about.", "subject")
    if not found.body:
        raise Refusal("Write the mail; an empty one is not sent.", "body")
    return found


def missing_words(missing: Sequence[Filled]) -> str:
    """What is missing, in a sentence: “2 power users and 1 admin”; empty where nothing is."""
    return listed([f"{each.missing} {_role(each)}" for each in missing])


def _role(each: Filled) -> str:
    return " or ".join(role_words(role, each.missing) for role in each.seat.roles)
