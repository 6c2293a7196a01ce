"""The newest gap report in short: its own sentences, its sums, whom to call, and what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.display import day, instant, money, signed
from app.core.words import capital, counted
from app.customer360.rules.bars import GapBar, gap_bar
from app.customer360.rules.tiers import Tier, tier_chip
from app.reports.rules import findings, tables
from app.reports.rules.charts.gaps import gap_interval
from app.reports.rules.document import Document
from app.reports.rules.tables import Stat

NOTHING_SURE = "none of them confirmed or probable"


@dataclass(frozen=True)
class CallLine:
    """An account to call, as finished texts."""

    crm_id: str
    name: str
    about: str
    arr: str
    people: str
    bar: GapBar
    gap: str
    interval: str
    tier: Tier | None


@dataclass(frozen=True)
class Since:
    """What the report changes against its newest edition: a title, and sentences where there is something to say."""

    title: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class GapPanel:
    """The newest scored study; `is_new` where nobody has answered it yet."""

    key: str
    name: str
    headline: str
    lede: str
    hidden_risk: Stat
    sums: tuple[Stat, ...]
    calls_title: str
    calls: tuple[CallLine, ...]
    calls_empty: str
    scored: str
    since: Since


def gap_panel(
    document: Document,
    *,
    scored_at: datetime,
    is_waiting: bool,
    edition: int | None,
    published_at: datetime | None,
    changes: list[str] | None,
) -> GapPanel:
    """Return the panel of a report's first page; every claim is a sentence of the report itself."""
    lines = tables.calls(document)
    return GapPanel(
        key=document["study"],
        name=document["name"],
        headline=findings.headline(document),
        lede=" ".join(findings.lede(document)) if document["agreement"]["n"] else "",
        hidden_risk=hidden_risk(document),
        sums=tuple(tables.sums(document)),
        calls_title=tables.calls_title(document),
        calls=tuple(call_line(account, document) for account in lines),
        calls_empty=tables.calls_empty(document),
        scored=f"Scored {instant(scored_at)}{'; newer answers wait for the next scoring' if is_waiting else ''}.",
        since=since(edition, published_at, changes),
    )


def hidden_risk(document: Document) -> Stat:
    """How many accounts look healthy and sound unhappy, what they pay, and how many of them are more than chance."""
    risk, flagged = document["hidden_risk"], findings.hidden_flags(document)
    n = risk["accounts"] or 0
    sure = ", ".join(f"{number} {tier}" for tier, number in flagged.items() if number)
    accounts = findings.counted_number(n, "account")
    if not n:
        return Stat("Hidden risk", "None", "", f"among {counted(document['agreement']['n'], 'account')} compared")
    paid = money(risk["arr"], document["currency"]) if risk["arr"] else ""
    return Stat("Hidden risk", paid or accounts, accounts if paid else "", sure or NOTHING_SURE)


def call_line(account: Mapping[str, Any], document: Document) -> CallLine:
    """Return an account of the report as a row."""
    line = tables.account_line(account, document)
    return CallLine(
        crm_id=line.account_id,
        name=line.name,
        about=line.about,
        arr=line.arr,
        people=line.people,
        bar=gap_bar(account["health"], account["voice"], account["shrunken_gap"]),
        gap=signed(account["shrunken_gap"]),
        interval=gap_interval(account),
        tier=tier_chip(account["tier"], p_low=account["p_low"], p_high=account["p_high"]),
    )


def since(edition: int | None, published_at: datetime | None, changes: list[str] | None) -> Since:
    """Return what a report changes against its newest edition, in words for each case that there is."""
    if edition is None or published_at is None:
        return Since("No edition is published yet: from the first one on, this says what has changed.", ())
    of = f"edition {edition} of {day(published_at.date())}"
    if changes is None:
        return Since(f"{capital(of)} is not what was published: its hash differs. Restore it from a backup.", ())
    if not changes:
        return Since(f"No figure differs from {of}.", ())
    return Since(f"Against {of}", tuple(changes))
