"""The gap report's data, gaps.json: assembled from the stored scoring, ordered by what matters most."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.reports.rules.evidence import Told, evidence_of
from app.scoring.rules.plain import plain

Document = dict[str, Any]

TIERS = ("confirmed", "probable", "watch", "none")
_ENDLESS = frozenset({math.inf, -math.inf})

MOST_WITH_WORDS = 60
"""Accounts at most in any list of a page, with some to spare."""

BANDS = ("red", "amber", "green")


@dataclass(frozen=True)
class Facts:
    """What the report is about and by which published versions it was computed."""

    study: str
    name: str
    as_of: date
    opens_on: date
    closes_on: date
    currency: str | None
    is_sample: bool
    scorecard: Mapping[str, Any]
    questionnaire: Mapping[str, Any]
    draw: Mapping[str, Any]


@dataclass(frozen=True)
class AccountRow:
    """One drawn account with its scores; scores 0–100, gaps in points, missing is None."""

    account_id: str
    name: str
    arr: float | None
    currency: str | None
    renewal_on: date | None
    csm: str | None
    stratum: str
    health: float | None
    health_band: str | None
    voice: float | None
    voice_se: float | None
    voice_band: str | None
    respondents: int
    role_coverage: float | None
    role_range: float | None
    equated_health: float | None
    gap: float | None
    shrunken_gap: float | None
    se: float | None
    p_low: float | None
    p_high: float | None
    tier: str
    quadrant: str


def assemble(
    facts: Facts,
    figures: Mapping[str, Any],
    accounts: Iterable[AccountRow],
    told: Mapping[str, Sequence[Told]],
    *,
    hidden_risk: Mapping[str, int],
    is_restricted: bool = False,
    filters: Mapping[str, str] | None = None,
    filter_words: Mapping[str, str] | None = None,
) -> Document:
    """The whole document; every number in it is finite or None, every instant a date in ISO 8601.

    `figures` is the portfolio part and is passed on as it is; `told` holds what was answered, by account.
    `hidden_risk` counts, per tier, the accounts of the whole study in hidden risk that are flagged low.
    `is_restricted` says that `accounts` are some of those drawn: the portfolio figures then cover more than the list.
    `filters` is what was chosen of the study, `filter_words` the same in words; all figures are then of that part.
    """
    written = (_account(row, facts.currency, told.get(row.account_id, ())) for row in accounts)
    rows = sorted(written, key=importance)
    head = {
        "study": facts.study,
        "name": facts.name,
        "as_of": facts.as_of.isoformat(),
        "opens_on": facts.opens_on.isoformat(),
        "closes_on": facts.closes_on.isoformat(),
        "currency": facts.currency,
        "is_sample": facts.is_sample,
        "is_restricted": is_restricted,
        "filters": dict(filters or {}),
        "filter_words": dict(filter_words or {}),
        "scorecard": dict(facts.scorecard),
        "questionnaire": dict(facts.questionnaire),
        "draw": dict(facts.draw),
    }
    warnings = list(figures.get("warnings") or [])
    risk = {**(figures.get("hidden_risk") or {}), **hidden_risk}
    document: Document = plain({**figures, **head, "hidden_risk": risk, "warnings": warnings})
    return {**document, "accounts": rows}


def hidden_risk_flags(rows: Iterable[AccountRow]) -> dict[str, int]:
    """How many of these accounts stand in hidden risk and are flagged low, by tier."""
    low = [row.tier for row in rows if row.quadrant == "hidden_risk" and (row.p_low or 0.0) >= (row.p_high or 0.0)]
    return {tier: low.count(tier) for tier in ("confirmed", "probable")}


def importance(account: Mapping[str, Any]) -> tuple[int, int, float, str]:
    """The order of accounts: hidden risk first by tier, then revenue times the probability of a low voice.

    After hidden risk come other accounts flagged low, then hidden strength, the rest, and those without a comparison.
    """
    exposure = (account["arr"] or 0.0) * (account["p_low"] or 0.0)
    return _group(account), TIERS.index(account["tier"]), -exposure, account["account_id"]


def shown_with_words(rows: Iterable[AccountRow]) -> set[str]:
    """The `crm_id`s of the accounts whose words a page may show: the first of the document, and of each flag."""
    ranked = sorted((vars(row) for row in rows), key=importance)
    found = ranked[:MOST_WITH_WORDS]
    for tier in TIERS[:-1]:
        low = (account for account in ranked if flagged_low(account, tier))
        found += sorted(low, key=urgency)[:MOST_WITH_WORDS]
    return {account["account_id"] for account in found}


def urgency(account: Mapping[str, Any]) -> tuple[int, int, float, str]:
    """The order in which flagged accounts are called: by tier, hidden risk first, then by revenue at stake."""
    stake = (account["arr"] or 0.0) * (account["p_low"] or 0.0)
    return TIERS.index(account["tier"]), account["quadrant"] != "hidden_risk", -stake, account["account_id"]


def is_low(account: Mapping[str, Any]) -> bool:
    """Whether the account's flag, if it has one, says that the voice lies below health."""
    return (account["p_low"] or 0.0) >= (account["p_high"] or 0.0)


def flagged_low(account: Mapping[str, Any], *tiers: str) -> bool:
    """Whether the account is flagged in one of the tiers, with the voice below health."""
    return account["tier"] in tiers and is_low(account)


def _account(row: AccountRow, currency: str | None, told: Sequence[Told]) -> dict[str, Any]:
    written = _finite(vars(row))
    written["currency"] = row.currency or currency
    written["renewal_on"] = row.renewal_on.isoformat() if row.renewal_on else None
    written["evidence"] = evidence_of(told, is_low=(row.p_low or 0.0) >= (row.p_high or 0.0))
    return written


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    # Of thousands of accounts, each with a dozen plain values: looking into every one of them takes most of a second.
    return {
        key: None if value != value or value in _ENDLESS else value  # noqa: PLR0124  (only NaN is not itself)
        for key, value in values.items()
    }


def _group(account: Mapping[str, Any]) -> int:
    if account["quadrant"] == "hidden_risk":
        return 0
    if flagged_low(account, "confirmed", "probable", "watch"):
        return 1
    if account["quadrant"] == "hidden_strength":
        return 2
    return 4 if account["quadrant"] == "insufficient" else 3
