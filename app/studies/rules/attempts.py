"""What a call came to: one table of outcomes with AAPOR's codes, and what each means for the next call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


class Channel(StrEnum):
    """By what way somebody was tried to be reached."""

    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"
    MAIL = "mail"


class Tried(StrEnum):
    """What all calls to a person came to, the least telling first: an earlier refusal outweighs a later silence."""

    NOTHING = "nothing"
    NO_ANSWER = "no_answer"
    NON_CONTACT = "non_contact"
    OTHER = "other"
    AGREED = "agreed"
    SOFT_REFUSAL = "soft_refusal"
    LEFT = "left"
    REFUSED = "refused"


class CallOutcome(StrEnum):
    """What one attempt came to."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    LINE_TROUBLE = "line_trouble"
    WRONG_NUMBER = "wrong_number"
    VOICEMAIL_LEFT = "voicemail_left"
    VOICEMAIL = "voicemail"
    NOT_THERE = "not_there"
    CALL_BACK = "call_back"
    APPOINTMENT = "appointment"
    MISSED_APPOINTMENT = "missed_appointment"
    CUT_OFF = "cut_off"
    AWAY = "away"
    ONLINE = "online"
    HELD = "held"
    NOT_NOW = "not_now"
    GATEKEEPER = "gatekeeper"
    REFUSED = "refused"
    DO_NOT_CONTACT = "do_not_contact"
    LANGUAGE = "language"
    UNABLE = "unable"
    DIED = "died"
    LEFT_COMPANY = "left_company"


@dataclass(frozen=True)
class Outcome:
    """One line of the table.

    `is_final`: the person is not called again. `delay` is when to try next where nobody says otherwise; None: never, or
    at the time that was agreed. `is_eligible`: they belong to those who are to be heard; None: the call did not tell.
    `needs_note`: the next caller must know why. `is_for_ever`: nobody asks them again, in any study.
    """

    key: CallOutcome
    label: str
    code: str
    tried: Tried
    is_final: bool = False
    delay: timedelta | None = None
    is_eligible: bool | None = True
    needs_note: bool = False
    is_contact: bool = True
    is_for_ever: bool = False


def _silence(key: CallOutcome, label: str, code: str, delay: timedelta, *, needs_note: bool = False) -> Outcome:
    return Outcome(
        key, label, code, Tried.NO_ANSWER, delay=delay, is_eligible=None, needs_note=needs_note, is_contact=False
    )


def _missed(key: CallOutcome, label: str, code: str) -> Outcome:
    return Outcome(key, label, code, Tried.NON_CONTACT, delay=3 * HOUR, is_contact=False)


def _end(key: CallOutcome, label: str, code: str, tried: Tried = Tried.OTHER, *, needs_note: bool = False) -> Outcome:
    return Outcome(key, label, code, tried, is_final=True, needs_note=needs_note, is_eligible=tried is not Tried.LEFT)


_TABLE = (
    _silence(CallOutcome.NO_ANSWER, "No answer", "3.13", 3 * HOUR),
    _silence(CallOutcome.BUSY, "Busy", "3.12", HOUR),
    _silence(CallOutcome.LINE_TROUBLE, "The line did not work", "3.16", 3 * HOUR),
    _silence(CallOutcome.WRONG_NUMBER, "Wrong number: find the right one", "3.16", 24 * HOUR, needs_note=True),
    _missed(CallOutcome.VOICEMAIL_LEFT, "Voicemail, message left", "2.221"),
    _missed(CallOutcome.VOICEMAIL, "Voicemail, no message", "2.222"),
    _missed(CallOutcome.NOT_THERE, "Somebody else answered; they were not there", "2.20"),
    Outcome(CallOutcome.CALL_BACK, "Asked to be called back", "2.13a", Tried.AGREED, delay=24 * HOUR),
    Outcome(CallOutcome.APPOINTMENT, "Appointment agreed", "2.12a", Tried.AGREED),
    Outcome(
        CallOutcome.MISSED_APPOINTMENT,
        "Did not come to the appointment",
        "2.112c",
        Tried.AGREED,
        delay=24 * HOUR,
        is_contact=False,
    ),
    Outcome(CallOutcome.CUT_OFF, "The call was cut off", "2.35a", Tried.OTHER, delay=HOUR),
    Outcome(CallOutcome.AWAY, "Away for a week or more", "2.36", Tried.OTHER, delay=WEEK),
    Outcome(CallOutcome.ONLINE, "Would rather answer online", "2.36", Tried.OTHER, delay=WEEK),
    Outcome(CallOutcome.HELD, "The interview was held", "1.1", Tried.NOTHING, is_final=True),
    Outcome(
        CallOutcome.NOT_NOW, "Did not want to now; may be asked again", "2.112a", Tried.SOFT_REFUSAL, delay=WEEK,
        needs_note=True,
    ),
    Outcome(
        CallOutcome.GATEKEEPER, "Somebody else refused for them", "2.111a", Tried.SOFT_REFUSAL, delay=WEEK,
        needs_note=True,
    ),
    _end(CallOutcome.REFUSED, "Does not want to take part", "2.112", Tried.REFUSED),
    Outcome(
        CallOutcome.DO_NOT_CONTACT, "Does not want to be asked again, ever", "2.112b", Tried.REFUSED, is_final=True,
        needs_note=True, is_for_ever=True,
    ),
    _end(CallOutcome.LANGUAGE, "No language in common", "2.332"),
    _end(CallOutcome.UNABLE, "Is not able to take part", "2.32"),
    Outcome(CallOutcome.DIED, "Has died", "2.31", Tried.OTHER, is_final=True, is_for_ever=True),
    _end(CallOutcome.LEFT_COMPANY, "Has left the company", "4.70", Tried.LEFT),
)  # fmt: skip
CALL_OUTCOMES: Mapping[CallOutcome, Outcome] = {outcome.key: outcome for outcome in _TABLE}
"""The codes are those of telephone surveys in AAPOR's Standard Definitions (9th ed. 2016), as queXS refines them.

Three differ for named people at work: a wrong number says nothing about the person, an explicit no is final at once,
and a missed appointment is tried the next day.
"""

_RANKS = tuple(Tried)


def tried_rank(outcome: CallOutcome) -> int:
    """Return how telling an outcome is, as a position in `Tried`."""
    return _RANKS.index(CALL_OUTCOMES[outcome].tried)


def tried_of(outcomes: Iterable[CallOutcome]) -> Tried:
    """Return what all calls to a person came to: the most telling of their outcomes."""
    return _RANKS[max(map(tried_rank, outcomes), default=0)]


FINAL = tuple(outcome.key for outcome in _TABLE if outcome.is_final)
"""The outcomes after which nobody calls any more."""
REFUSALS = tuple(outcome.key for outcome in _TABLE if outcome.tried is Tried.REFUSED)
"""The outcomes after which a person is not asked in any other way either."""
ENDS = tuple(outcome.key for outcome in _TABLE if outcome.is_final and outcome.key is not CallOutcome.HELD)
"""The outcomes after which a person is neither mailed nor met: whatever ends the asking without an interview."""
