"""Who was drawn and who answered: counts by stratum, role and mode, and response rates four ways."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.studies.rules.dispositions import (
    CONTACTED,
    ORDER,
    Contacted,
    Disposition,
    dispositions_of,
    rates_of_counts,
)


@dataclass(frozen=True)
class Fieldwork:
    """Columns over drawn accounts (strata, arr) and over respondents (account position, role, mode, what came back).

    `role` are positions in `roles`. `facts` says of each respondent how they were asked, as a position in `CONTACTED`;
    without it everybody is taken as invited.
    """

    strata: Sequence[str]
    stratum_sizes: dict[str, int]
    arr: FloatArray
    account: IntArray
    role: IntArray
    roles: Sequence[str]
    modes: NDArray[np.str_]
    has_response: BoolArray
    core_share: FloatArray
    facts: IntArray | None = None


def fieldwork_figures(fieldwork: Fieldwork) -> dict[str, Any]:
    """Return the `sample` part of the report: accounts and people drawn and heard, and RR1 and RR3 (methods d).

    The rates are given for accounts (the sampled unit) and for people, each counted by heads and by ARR.
    """
    people = _dispositions(fieldwork)
    accounts = np.full(len(fieldwork.strata), ORDER.index(Disposition.NOTHING_RETURNED))
    accounts[np.unique(fieldwork.account)] = len(ORDER)
    np.minimum.at(accounts, fieldwork.account, people)
    answered = np.bincount(fieldwork.account[fieldwork.has_response], minlength=len(fieldwork.strata)) > 0
    money = np.nan_to_num(fieldwork.arr)
    counts = np.bincount(people, minlength=len(ORDER)).tolist()
    return {
        "drawn": len(fieldwork.strata),
        "responded": int(answered.sum()),
        "people": {"drawn": len(people), "responded": int(fieldwork.has_response.sum())},
        "response_rates": _rates(accounts, np.ones(len(accounts)))
        | {
            "people": _rates(people, np.ones(len(people))),
            "accounts_by_arr": _rates(accounts, money),
            "people_by_arr": _rates(people, money[fieldwork.account]),
        },
        "dispositions": {str(each): n for each, n in zip(ORDER, counts, strict=True) if n},
        "by_stratum": _by_stratum(fieldwork, answered),
        "by_role": _by_role(fieldwork),
        "by_mode": _by_mode(fieldwork),
    }


def _dispositions(fieldwork: Fieldwork) -> IntArray:
    """What became of each person, as a position in `ORDER`: the smaller, the better for the study."""
    invited = CONTACTED.index(Contacted())
    facts = np.full(len(fieldwork.account), invited) if fieldwork.facts is None else fieldwork.facts
    return dispositions_of(facts, is_heard=fieldwork.has_response, core_share=np.nan_to_num(fieldwork.core_share))


def _rates(positions: IntArray, weights: FloatArray) -> dict[str, float | None]:
    totals = np.bincount(positions, weights, minlength=len(ORDER)).tolist()
    rates = rates_of_counts(dict(zip(ORDER, totals, strict=True)))
    return {"rr1": rates.rr1, "rr3": rates.rr3}


def _by_stratum(fieldwork: Fieldwork, answered: NDArray[np.bool_]) -> list[dict[str, Any]]:
    drawn, heard = Counter(fieldwork.strata), Counter(np.array(fieldwork.strata, dtype=object)[answered].tolist())
    return [
        {"stratum": name, "size": fieldwork.stratum_sizes[name], "drawn": drawn[name], "responded": heard[name]}
        for name in sorted(drawn)
    ]


def _by_role(fieldwork: Fieldwork) -> list[dict[str, Any]]:
    several, came = len(fieldwork.roles), fieldwork.has_response
    drawn = np.bincount(fieldwork.role, minlength=several)
    heard = np.bincount(fieldwork.role[came], minlength=several)
    cells = np.unique(fieldwork.account[came] * several + fieldwork.role[came])
    accounts = np.bincount(cells % max(several, 1), minlength=several)
    return [
        {"role": role, "drawn": int(drawn[i]), "responded": int(heard[i]), "accounts": int(accounts[i])}
        for i, role in sorted(enumerate(fieldwork.roles), key=itemgetter(1))
        if drawn[i]
    ]


def _by_mode(fieldwork: Fieldwork) -> list[dict[str, Any]]:
    found = []
    for mode in np.unique(fieldwork.modes).tolist():
        inside = fieldwork.modes == mode
        responded = int((inside & fieldwork.has_response).sum())
        found.append({"mode": mode, "drawn": int(inside.sum()), "responded": responded})
    return found
