"""What a reader must know about a scoring before trusting it: a code and a sentence each."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.scoring.rules.accounts import Compared, Drawn, answering_weights
from app.scoring.rules.estimates import effective_size
from app.scoring.rules.gaps import MINIMUM_EQUATED
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import AccountVoices

ALERT = 0.25
LEAST_EFFECTIVE = 0.7
NOT_DRAWN = {
    "code": "NOT_DRAWN",
    "message": "Accounts were asked when something happened there and were not drawn: all figures, those for all "
    "accounts too, describe the accounts that were asked, not the portfolio.",
}
"""What comes first about a study whose accounts join by themselves."""
NAMES = {"arr": "ARR", "tenure": "tenure", "cases": "support cases", "health": "health score"}


def warnings_of(
    *,
    drawn: Drawn,
    voices: AccountVoices,
    compared: Compared,
    within: Within,
    partial: int,
    is_circular: bool,
    other_currency: int,
    merged: Mapping[str, str],
    largest_bias: Mapping[str, Any] | None,
) -> list[dict[str, str]]:
    """Return the warnings that apply, most serious first, each as {code, message}."""
    answered = int(voices.answered.sum())
    thin = sum(bool(said) and band is None for said, band in zip(voices.answered, compared.voice_bands, strict=True))
    no_health = int((voices.answered & np.isnan(drawn.health)).sum())
    silent = {s for s, size in drawn.stratum_sizes.items() if size} - {
        s for s, said in zip(drawn.strata, voices.answered, strict=True) if said
    }
    bias = 0.0 if largest_bias is None else float(largest_bias["standardised_difference"])
    candidates = [
        (not answered, "EMPTY", "Nobody has answered yet: there is no voice to compare."),
        (
            is_circular,
            "CIRCULAR",
            "The scorecard uses what customers say, so it partly agrees with the voice by design.",
        ),
        (
            bool(answered) and not compared.was_equated,
            "NOT_EQUATED",
            f"Fewer than {MINIMUM_EQUATED} accounts have both scores, so health was compared as it is, uncalibrated.",
        ),
        (
            bool(answered) and within.assumed,
            "ASSUMED_SIGMA",
            "Too few accounts have two respondents to measure how much people differ; 20 points were assumed.",
        ),
        (
            bool(thin),
            "THIN",
            f"{_accounts(thin)} heard from less than half of the roles: shown without a band, never flagged.",
        ),
        (bool(no_health), "NO_HEALTH", f"{_accounts(no_health)} answered but have no health score, so no gap."),
        (
            bool(answered and silent),
            "STRATUM_MISSING",
            f"Nobody answered in {_names(silent)}: the portfolio figures speak for the other strata only.",
        ),
        (
            bool(merged),
            "COLLAPSED",
            f"Only one account answered in {_names(set(merged))}: counted with the neighbouring stratum.",
        ),
        (
            _are_unequal(drawn, voices),
            "UNEQUAL_WEIGHTS",
            "Drawn by ARR, few small accounts stand for many: intervals of means may hold less often than 95 %.",
        ),
        (
            abs(bias) > ALERT,
            "NON_RESPONSE",
            _bias_sentence(bias, "" if largest_bias is None else NAMES[largest_bias["variable"]]),
        ),
        (
            bool(partial),
            "PARTIAL_DIMENSIONS",
            f"{partial} {'person' if partial == 1 else 'people'} answered on some dimensions only.",
        ),
        (
            bool(other_currency),
            "OTHER_CURRENCY",
            f"Left out of sums of money: {_accounts(other_currency)} billed in another currency.",
        ),
    ]
    return [{"code": code, "message": message} for applies, code, message in candidates if applies]


def _are_unequal(drawn: Drawn, voices: AccountVoices) -> bool:
    """Whether Kish's effective number of accounts falls below what simulated intervals of means needed to hold."""
    weights = answering_weights(drawn, np.flatnonzero(voices.answered))
    return weights is not None and effective_size(weights) < LEAST_EFFECTIVE * len(weights)


def _bias_sentence(bias: float, trait: str) -> str:
    return f"Who answered differs from who was drawn by {abs(bias):.2f} standard deviations in {trait}."


def _accounts(n: int) -> str:
    return f"{n:,} account{'' if n == 1 else 's'}"


def _names(strata: set[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in sorted(strata)[:5])
    return shown + (f" and {len(strata) - 5} more" if len(strata) > 5 else "")
