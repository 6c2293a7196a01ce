"""What a cross-section asks of people: surveys, interviews, hours, and who is there to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.studies.rules.plan import Mode

MINUTES_AN_INTERVIEW = 60


@dataclass(frozen=True, slots=True)
class Reachable:
    """The people of one account in the roles of a study: those who may be asked, and those whose consent is no."""

    may_be_asked: int
    never_asked: int


@dataclass(frozen=True)
class Effort:
    """People to survey and to interview, people never invited, and the accounts where nobody can be asked, by id."""

    surveys: int
    interviews: int
    never_asked: int
    empty: list[str]
    refused: list[str]

    @property
    def hours(self) -> float:
        """Hours of interviews."""
        return self.interviews * MINUTES_AN_INTERVIEW / 60


NOBODY = Reachable(0, 0)


def effort(modes: Mapping[str, str], people: Mapping[str, Reachable]) -> Effort:
    """Return what asking the accounts takes; `modes` maps each account to its door, `people` to who is there.

    `empty` are accounts without anyone in a role of the study, `refused` those where everyone's consent is no.
    """
    found = [(account_id, mode, people.get(account_id, NOBODY)) for account_id, mode in modes.items()]
    return Effort(
        surveys=sum(who.may_be_asked for _, mode, who in found if mode != Mode.INTERVIEW),
        interviews=sum(who.may_be_asked for _, mode, who in found if mode == Mode.INTERVIEW),
        never_asked=sum(who.never_asked for _, _, who in found),
        empty=[account_id for account_id, _, who in found if who == NOBODY],
        refused=[account_id for account_id, _, who in found if who.never_asked and not who.may_be_asked],
    )
