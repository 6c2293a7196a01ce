"""Who asks whom: people shared out so that everybody asks about as many, and each account is asked by one person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """What an interviewer is to the account: people say other things to their own csm than to somebody neutral."""

    OWN_CSM = "own_csm"
    NEUTRAL = "neutral"


RELATIONS = {Relation.OWN_CSM: "Own csm", Relation.NEUTRAL: "Neutral interviewer"}


def relation_of(interviewer_id: int, own_id: int | None) -> Relation:
    """Return what an interviewer is to the account whose own csm has this login."""
    return Relation.OWN_CSM if interviewer_id == own_id else Relation.NEUTRAL


@dataclass(frozen=True)
class ToShare:
    """A person whom nobody interviews yet; `own_id` is the account's own csm where that is somebody to choose."""

    respondent_id: int
    account_id: int
    own_id: int | None = None


def shared_out(
    people: Sequence[ToShare],
    *,
    interviewers: Sequence[int],
    load: Mapping[int, int],
    known: Mapping[int, int],
    to_own: bool = False,
) -> dict[int, int]:
    """The interviewer of each person by respondent id; a person for whom there is nobody is left out.

    `load` is how many open interviews each interviewer has, `known` who interviews at an account already. All people of
    an account go to one interviewer: its own csm where asked for, else the known one where chosen, else whoever has
    the fewest; larger accounts first, so that the sums come out even (longest processing time first, Graham 1969).
    """
    accounts: dict[int, list[ToShare]] = defaultdict(list)
    for person in people:
        accounts[person.account_id].append(person)
    counts = {interviewer: load.get(interviewer, 0) for interviewer in interviewers}
    shared: dict[int, int] = {}
    settled = {
        account: _settled(people_there[0], counts, known, to_own=to_own) for account, people_there in accounts.items()
    }
    order = sorted(accounts, key=lambda account: (settled[account] is None, -len(accounts[account]), account))
    for account in order:
        chosen = settled[account]
        if chosen is None and counts:
            chosen = min(counts, key=lambda interviewer: (counts[interviewer], interviewer))
        if chosen is None:
            continue
        if chosen in counts:
            counts[chosen] += len(accounts[account])
        shared |= {person.respondent_id: chosen for person in accounts[account]}
    return shared


def _settled(person: ToShare, counts: Mapping[int, int], known: Mapping[int, int], *, to_own: bool) -> int | None:
    if to_own and person.own_id is not None:
        return person.own_id
    present = known.get(person.account_id)
    return present if present in counts else None
