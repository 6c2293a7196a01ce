"""The mail that asks somebody who else should be heard: proposed by us, worded by its sender."""

from collections.abc import Sequence

from app.core.words import listed
from app.stakeholders.rules.coverage import Filled
from app.stakeholders.rules.templates import role_words
from app.studies.rules.letters import LONGEST_SUBJECT, Wording


def proposed(*, first_name: str, account: str, organisation: str, sender: str, missing: Sequence[Filled]) -> Wording:
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
    return Wording(f"Who else at {account} should we talk to?"[:LONGEST_SUBJECT], body)


def missing_words(missing: Sequence[Filled]) -> str:
    """What is missing, in a sentence: “2 power users and 1 admin”; empty where nothing is."""
    return listed([f"{each.missing} {_role(each)}" for each in missing])


def _role(each: Filled) -> str:
    return " or ".join(role_words(role, each.missing) for role in each.seat.roles)
