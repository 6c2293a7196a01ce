"""The contact budget: who may be approached now, over all studies and modes, and who is held back and why."""

from dataclasses import dataclass
from enum import StrEnum


class Consent(StrEnum):
    """What a person has said about being asked at all."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Stop(StrEnum):
    """Why a person is not to be mailed any more."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"


class Held(StrEnum):
    """Why a person is held back: one reason each, the first that holds in this order."""

    CONSENT = "consent"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    NO_ADDRESS = "no_address"
    ANSWERED = "answered"
    REFUSED = "refused"
    INVITED = "invited"
    OCCASION_OVER = "occasion_over"
    QUOTA_FULL = "quota_full"
    PERSON_ASKED = "person_asked"
    ACCOUNT_ASKED = "account_asked"
    NOT_INVITED = "not_invited"
    REMINDED_ENOUGH = "reminded_enough"
    MAILED_LATELY = "mailed_lately"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Budget:
    """A person takes part in one study within `person_days`, an account in `account_studies` within `account_days`."""

    person_days: int = 90
    account_days: int = 30
    account_studies: int = 2


@dataclass(frozen=True)
class Facts:
    """What decides about one person.

    `is_invited` means that a mail of this study waits or has arrived, `has_refused` that a call ended the asking.
    `is_person_asked` means by another study within the budget's days; `other_studies` counts those that asked anybody
    at the account within its days. `is_occasion_over` means that what their account joined the study for is too long
    ago.
    """

    consent: str = Consent.UNKNOWN
    stop: str | None = None
    has_address: bool = True
    has_answered: bool = False
    has_refused: bool = False
    is_invited: bool = False
    is_quota_full: bool = False
    is_person_asked: bool = False
    other_studies: int = 0
    is_occasion_over: bool = False


def not_to_be_mailed(facts: Facts) -> Held | None:
    """Why a person gets no mail of a study at all, be it an invitation or a reminder; None where they may."""
    reasons = (
        (Held.CONSENT, facts.consent == Consent.NO),
        (Held.UNSUBSCRIBED, facts.stop == Stop.UNSUBSCRIBED),
        (Held.BOUNCED, facts.stop == Stop.BOUNCED),
        (Held.NO_ADDRESS, not facts.has_address),
        (Held.ANSWERED, facts.has_answered),
        (Held.REFUSED, facts.has_refused),
    )
    return next((reason for reason, holds in reasons if holds), None)


def held_back(facts: Facts, budget: Budget) -> Held | None:
    """Why a person is not invited now; None where they may be.

    The stakeholders of one study count once for their account: only other studies use its budget up.
    """
    reasons = (
        (Held.INVITED, facts.is_invited),
        (Held.OCCASION_OVER, facts.is_occasion_over),
        (Held.QUOTA_FULL, facts.is_quota_full),
        (Held.PERSON_ASKED, facts.is_person_asked),
        (Held.ACCOUNT_ASKED, facts.other_studies >= budget.account_studies),
    )
    return not_to_be_mailed(facts) or next((reason for reason, holds in reasons if holds), None)


def held_words(held: Held, budget: Budget) -> str:
    """The sentence that tells why people are held back."""
    days, account_days, studies = budget.person_days, budget.account_days, budget.account_studies
    others = "another study" if studies == 1 else f"{studies} other studies"
    return {
        Held.CONSENT: "Their consent is no.",
        Held.UNSUBSCRIBED: "They unsubscribed.",
        Held.BOUNCED: "Their address does not exist: a mail came back.",
        Held.NO_ADDRESS: "They have no e-mail address.",
        Held.ANSWERED: "They have answered already.",
        Held.REFUSED: "They do not take part: an interviewer was told so.",
        Held.INVITED: "They are invited already.",
        Held.OCCASION_OVER: "What they would be asked about is too long ago.",
        Held.QUOTA_FULL: "Enough accounts of their stratum have answered.",
        Held.PERSON_ASKED: f"Another study asked them within the last {days} days.",
        Held.ACCOUNT_ASKED: f"Their account was asked by {others} within the last {account_days} days.",
        Held.NOT_INVITED: "No invitation has reached them.",
        Held.REMINDED_ENOUGH: "They have been reminded often enough.",
        Held.MAILED_LATELY: "They had a mail only days ago, or one is waiting.",
        Held.TOO_LATE: "The study closes before their next working hours.",
    }[held]
