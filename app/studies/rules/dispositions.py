"""What became of each respondent, in AAPOR's terms, and of an account whose respondents differ."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from app.studies.rules.response_rates import ResponseRates, response_rates


class Disposition(StrEnum):
    """Final dispositions that answers alone can tell; call attempts add the others."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"
    NOTHING_RETURNED = "nothing_returned"


ORDER = list(Disposition)


def disposition(core_share: float | None) -> Disposition:
    """Return the disposition by the share 0–1 of applicable core items answered; None: no response at all.

    Complete from 80 %, partial from 50 %, below that a break-off, counted as a refusal (AAPOR Standard Definitions).
    """
    if core_share is None:
        return Disposition.NOTHING_RETURNED
    if core_share >= 0.8:
        return Disposition.COMPLETE
    return Disposition.PARTIAL if core_share >= 0.5 else Disposition.BREAK_OFF


def best(dispositions: Iterable[Disposition]) -> Disposition:
    """Return the disposition of an account: the best of its respondents'; nothing returned if there is none."""
    return min(dispositions, key=ORDER.index, default=Disposition.NOTHING_RETURNED)


def rates_of(dispositions: Iterable[tuple[Disposition, float]]) -> ResponseRates:
    """Return the response rates of (disposition, weight) pairs; weight 1 counts heads, ARR counts money.

    Whoever returned nothing is of unknown eligibility, as in a mail or internet survey of named persons.
    """
    total: Counter[Disposition] = Counter()
    for each, weight in dispositions:
        total[each] += weight  # type: ignore[assignment]  # weights may be fractional; Counter adds them all the same
    return response_rates(
        complete=total[Disposition.COMPLETE],
        partial=total[Disposition.PARTIAL],
        refusal=total[Disposition.BREAK_OFF],
        non_contact=0,
        other=0,
        unknown_household=0,
        unknown_other=total[Disposition.NOTHING_RETURNED],
        ineligible=0,
    )
