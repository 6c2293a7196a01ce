"""Who was drawn and who answered: counts by stratum, role and mode, and response rates four ways."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import FloatArray, IntArray
from app.studies.rules.dispositions import Contacted, Disposition, best, disposition_of, rates_of


@dataclass(frozen=True)
class Fieldwork:
    """Columns over drawn accounts (strata, arr) and over respondents (account position, role, mode, what came back).

    `contacted` says of each respondent how they were asked; without it everybody is taken as invited.
    """

    strata: Sequence[str]
    stratum_sizes: dict[str, int]
    arr: FloatArray
    account: IntArray
    roles: Sequence[str]
    modes: Sequence[str]
    has_response: NDArray[np.bool_]
    core_share: FloatArray
    contacted: Sequence[Contacted] = ()


def fieldwork_figures(fieldwork: Fieldwork) -> dict[str, Any]:
    """Return the `sample` part of the report: accounts and people drawn and heard, and RR1 and RR3 (methods d).

    The rates are given for accounts (the sampled unit) and for people, each counted by heads and by ARR.
    """
    people = _dispositions(fieldwork)
    accounts = _account_dispositions(fieldwork, people)
    answered = np.bincount(fieldwork.account[fieldwork.has_response], minlength=len(fieldwork.strata)) > 0
    money = np.nan_to_num(fieldwork.arr).tolist()
    by_people = [(each, money[account]) for each, account in zip(people, fieldwork.account.tolist(), strict=True)]
    return {
        "drawn": len(fieldwork.strata),
        "responded": int(answered.sum()),
        "people": {"drawn": len(people), "responded": int(fieldwork.has_response.sum())},
        "response_rates": _rates([(each, 1.0) for each in accounts])
        | {
            "people": _rates([(each, 1.0) for each in people]),
            "accounts_by_arr": _rates(list(zip(accounts, money, strict=True))),
            "people_by_arr": _rates(by_people),
        },
        "dispositions": dict(Counter(str(each) for each in people)),
        "by_stratum": _by_stratum(fieldwork, answered),
        "by_role": _by_role(fieldwork),
        "by_mode": _by_mode(fieldwork),
    }


def _dispositions(fieldwork: Fieldwork) -> list[Disposition]:
    asked = fieldwork.contacted or [Contacted()] * len(fieldwork.roles)
    shares = np.nan_to_num(fieldwork.core_share).tolist()
    return [
        disposition_of(contacted, has_response=came, core_share=share)
        for contacted, came, share in zip(asked, fieldwork.has_response.tolist(), shares, strict=True)
    ]


def _account_dispositions(fieldwork: Fieldwork, people: Sequence[Disposition]) -> list[Disposition]:
    grouped: dict[int, list[Disposition]] = defaultdict(list)
    for account, each in zip(fieldwork.account.tolist(), people, strict=True):
        grouped[account].append(each)
    return [best(grouped[position]) for position in range(len(fieldwork.strata))]


def _rates(weighted: list[tuple[Disposition, float]]) -> dict[str, float | None]:
    rates = rates_of(weighted)
    return {"rr1": rates.rr1, "rr3": rates.rr3}


def _by_stratum(fieldwork: Fieldwork, answered: NDArray[np.bool_]) -> list[dict[str, Any]]:
    drawn, heard = Counter(fieldwork.strata), Counter(np.array(fieldwork.strata, dtype=object)[answered].tolist())
    return [
        {"stratum": name, "size": fieldwork.stratum_sizes[name], "drawn": drawn[name], "responded": heard[name]}
        for name in sorted(drawn)
    ]


def _by_role(fieldwork: Fieldwork) -> list[dict[str, Any]]:
    drawn = Counter(fieldwork.roles)
    accounts: dict[str, set[int]] = defaultdict(set)
    heard: Counter[str] = Counter()
    for role, account, came in zip(
        fieldwork.roles, fieldwork.account.tolist(), fieldwork.has_response.tolist(), strict=True
    ):
        if came:
            heard[role] += 1
            accounts[role].add(account)
    return [
        {"role": role, "drawn": drawn[role], "responded": heard[role], "accounts": len(accounts[role])}
        for role in sorted(drawn)
    ]


def _by_mode(fieldwork: Fieldwork) -> list[dict[str, Any]]:
    drawn = Counter(fieldwork.modes)
    heard = Counter(mode for mode, came in zip(fieldwork.modes, fieldwork.has_response.tolist(), strict=True) if came)
    return [{"mode": mode, "drawn": drawn[mode], "responded": heard[mode]} for mode in sorted(drawn)]
