"""What became of each respondent, in AAPOR's terms, and of an account whose respondents differ."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntFlag, StrEnum

import numpy as np
from numpy.typing import NDArray

from app.studies.rules.attempts import Tried
from app.studies.rules.response_rates import ResponseRates, response_rates

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class Group(StrEnum):
    """The groups from which AAPOR's rates are made; non-contact and other are told by call attempts alone."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    INELIGIBLE = "NE"


class Disposition(StrEnum):
    """What became of a person so far, the best for the study first."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"
    UNFINISHED = "unfinished"
    AGREED = "agreed"
    OTHER = "other"
    SOFT_REFUSAL = "soft_refusal"
    REFUSED = "refused"
    NON_CONTACT = "non_contact"
    NO_ANSWER = "no_answer"
    NOTHING_RETURNED = "nothing_returned"
    UNDELIVERED = "undelivered"
    NOT_INVITED = "not_invited"
    QUOTA_FULL = "quota_full"
    LEFT = "left"


@dataclass(frozen=True)
class Outcome:
    """A disposition with its AAPOR code, the group that it counts in, and what it means in words."""

    disposition: Disposition
    code: str
    group: Group
    words: str


@dataclass(frozen=True)
class Contacted:
    """How a person was asked and what came of it, apart from the answers that were sent.

    `is_invited`: a mail left, or a link was made to be sent from elsewhere. `has_declined`: consent is no, or they
    unsubscribed. `is_undelivered`: their last mail came back. `has_begun`: answers were saved and not sent.
    `is_quota_full`: enough others of the stratum have answered. `tried`: what all calls to them came to.
    """

    is_invited: bool = True
    has_declined: bool = False
    is_undelivered: bool = False
    has_begun: bool = False
    is_quota_full: bool = False
    tried: Tried = Tried.NOTHING


class Fact(IntFlag):
    """The facts of `Contacted` as bits of one number, for whole columns of people."""

    IS_INVITED = 1
    HAS_DECLINED = 2
    IS_UNDELIVERED = 4
    HAS_BEGUN = 8
    IS_QUOTA_FULL = 16


FACTS = 2 ** len(Fact)
"""How many combinations of facts there are; what calls came to is counted in steps of so many."""
CONTACTED = tuple(
    replace(Contacted(), tried=tried, **{fact.name.lower(): bool(facts & fact) for fact in Fact if fact.name})
    for tried in Tried
    for facts in range(FACTS)
)
"""Every combination of facts and calls by its number."""

_OUTCOMES = (
    Outcome(Disposition.COMPLETE, "1.1", Group.COMPLETE, "Complete: four fifths of the core questions or more"),
    Outcome(Disposition.PARTIAL, "1.2", Group.PARTIAL, "Partial: at least half of the core questions"),
    Outcome(Disposition.BREAK_OFF, "2.12", Group.REFUSAL, "Broke off: sent with less than half of them"),
    Outcome(Disposition.UNFINISHED, "2.12", Group.REFUSAL, "Begun and not sent: a break-off unless it is finished"),
    Outcome(Disposition.AGREED, "2.12a", Group.REFUSAL, "Agreed to talk: a refusal until the interview is held"),
    Outcome(Disposition.OTHER, "2.30", Group.OTHER, "Reached, could not be asked: away, cut off, language or health"),
    Outcome(Disposition.SOFT_REFUSAL, "2.112a", Group.REFUSAL, "Did not want to when called; may be asked again"),
    Outcome(Disposition.REFUSED, "2.112", Group.REFUSAL, "Refused: was asked, then declined or unsubscribed"),
    Outcome(Disposition.NON_CONTACT, "2.20", Group.NON_CONTACT, "Called: voicemail or somebody else, never them"),
    Outcome(Disposition.NO_ANSWER, "3.13", Group.UNKNOWN_HOUSEHOLD, "Called: no answer, busy or a wrong number"),
    Outcome(Disposition.NOTHING_RETURNED, "3.19", Group.UNKNOWN_OTHER, "Silent: invited, nothing ever came back"),
    Outcome(Disposition.UNDELIVERED, "3.30", Group.UNKNOWN_OTHER, "The invitation came back undelivered"),
    Outcome(Disposition.NOT_INVITED, "3.11", Group.UNKNOWN_OTHER, "Drawn, no invitation sent"),
    Outcome(Disposition.QUOTA_FULL, "4.80", Group.INELIGIBLE, "Not invited: the quota of the stratum is full"),
    Outcome(Disposition.LEFT, "4.70", Group.INELIGIBLE, "Has left the company"),
)
OUTCOMES: Mapping[Disposition, Outcome] = {outcome.disposition: outcome for outcome in _OUTCOMES}
"""The codes are those of internet surveys of specifically named persons (AAPOR Standard Definitions, 9th ed. 2016).

What only calls tell has the codes of telephone surveys.
"""

ORDER = list(Disposition)

COMPLETE_FROM, PARTIAL_FROM = 0.8, 0.5
"""The shares of applicable core questions from which answers are complete, and partial."""


def disposition(core_share: float | None) -> Disposition:
    """Return the disposition by the share 0–1 of applicable core items answered; None: no response at all.

    Complete from 80 %, partial from 50 %, below that a break-off, counted as a refusal (AAPOR Standard Definitions).
    """
    if core_share is None:
        return Disposition.NOTHING_RETURNED
    if core_share >= COMPLETE_FROM:
        return Disposition.COMPLETE
    return Disposition.PARTIAL if core_share >= PARTIAL_FROM else Disposition.BREAK_OFF


def disposition_of(contacted: Contacted, *, has_response: bool, core_share: float | None) -> Disposition:
    """Return what became of a person: answers sent count first, then what they said, then what calls and mails did.

    Whoever was drawn and never invited, also because their consent was no from the start, stays in the sample with code
    3.11: that we did not ask says nothing about eligibility, and leaving them out would raise every rate. Consent that
    became no after an invitation is an explicit refusal. A mail that came back proves neither that the person is still
    there nor that they left, so eligibility stays unknown.
    """
    if has_response:
        return disposition(core_share or 0.0)
    is_asked = contacted.is_invited or contacted.has_begun or contacted.tried is not Tried.NOTHING
    if contacted.tried is Tried.REFUSED or (contacted.has_declined and is_asked):
        return Disposition.REFUSED
    if contacted.has_begun:
        return Disposition.UNFINISHED
    return _TRIED.get(contacted.tried) or _without_a_call(contacted)


def _without_a_call(contacted: Contacted) -> Disposition:
    if contacted.is_undelivered:
        return Disposition.UNDELIVERED
    if contacted.is_invited:
        return Disposition.NOTHING_RETURNED
    return Disposition.QUOTA_FULL if contacted.is_quota_full else Disposition.NOT_INVITED


_TRIED: Mapping[Tried, Disposition] = {tried: Disposition(tried) for tried in Tried if tried is not Tried.NOTHING}


def dispositions_of(facts: IntArray, *, is_heard: BoolArray, core_share: FloatArray) -> IntArray:
    """Return what became of each person as a position in `ORDER`; `core_share` counts where `is_heard`.

    `facts` are positions in `CONTACTED`.
    """
    given = np.where(is_heard, 1 + (core_share >= PARTIAL_FROM) + (core_share >= COMPLETE_FROM), 0)
    positions: IntArray = _TABLE[given, facts]
    return positions


_TABLE = np.array(
    [
        [
            ORDER.index(disposition_of(contacted, has_response=share is not None, core_share=share))
            for contacted in CONTACTED
        ]
        for share in (None, 0.0, PARTIAL_FROM, COMPLETE_FROM)
    ],
    dtype=np.int64,
)


def groups_of(counts: Mapping[Disposition, float]) -> dict[Group, float]:
    """Return how many there are in each group of AAPOR's."""
    groups: dict[Group, float] = dict.fromkeys(Group, 0)
    for each, number in counts.items():
        groups[OUTCOMES[each].group] += number
    return groups


def rates_of_counts(counts: Mapping[Disposition, float]) -> ResponseRates:
    """Return the response rates of counted dispositions; e is the share of the known cases that are eligible."""
    groups = groups_of(counts)
    return response_rates(
        complete=groups[Group.COMPLETE],
        partial=groups[Group.PARTIAL],
        refusal=groups[Group.REFUSAL],
        non_contact=groups[Group.NON_CONTACT],
        other=groups[Group.OTHER],
        unknown_household=groups[Group.UNKNOWN_HOUSEHOLD],
        unknown_other=groups[Group.UNKNOWN_OTHER],
        ineligible=groups[Group.INELIGIBLE],
    )
