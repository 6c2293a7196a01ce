"""What to do about an account that has not been heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.studies.rules.plan import Mode


@dataclass(frozen=True)
class Asked:
    """A person to be heard at a silent account; `name` is None where the reader sees no names."""

    name: str | None
    role: str
    mode: str
    is_refused: bool
    has_begun: bool
    has_link: bool


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
    return "Remind" if any(person.has_link for person in willing) else "Send the link"
