"""What to do about an account that has not been heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.studies.rules.plan import Mode

ENOUGH_MAILS = 3
"""An invitation and two reminders; whoever has not answered then will not answer a fourth mail."""


@dataclass(frozen=True)
class Asked:
    """A person to be heard at a silent account; `name` is None where the reader sees no names.

    `mails` is how many mails left for them, `is_undelivered` that the last came back.
    """

    name: str | None
    role: str
    mode: str
    is_refused: bool
    has_begun: bool
    has_link: bool
    mails: int = 0
    is_undelivered: bool = False


def silent_step(people: Sequence[Asked], *, is_closed: bool = False) -> str:
    """Return the next step towards hearing a silent account, in words."""
    if is_closed:
        return "Not heard; the fieldwork is closed"
    if not people:
        return "Nobody in a role of the study: hear of this account elsewhere"
    willing = [person for person in people if not person.is_refused]
    if not willing:
        return "Everyone's consent is no: nobody is asked"
    if any(person.has_begun for person in willing):
        return "Begun, not sent: ask to finish"
    if any(person.mode == Mode.INTERVIEW for person in willing):
        return "Agree on an interview"
    return _by_mail([person for person in willing if not person.is_undelivered])


def _by_mail(reachable: Sequence[Asked]) -> str:
    """Return the next step where people are asked by mail: all of them whose address holds."""
    if not reachable:
        return "The address is wrong: ask the CSM for the right one"
    mails = max(person.mails for person in reachable)
    if mails >= ENOUGH_MAILS:
        return f"{mails} mails, no answer: call, or ask the CSM to"
    return "Remind" if mails or any(person.has_link for person in reachable) else "Send the link"


def happened(people: Sequence[Asked]) -> str:
    """Return what was done so far to hear an account, in words; empty where nothing is known to have been."""
    mails = sum(person.mails for person in people)
    returned = sum(person.is_undelivered for person in people)
    parts = [
        f"{mails} {'mail' if mails == 1 else 'mails'}" if mails else "",
        f"{returned} came back" if returned else "",
        "begun, not sent" if any(person.has_begun for person in people) else "",
    ]
    return ", ".join(part for part in parts if part)
