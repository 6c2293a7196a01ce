"""One account as a row of the list, and the sentences over the list: finished texts only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from app.core.display import NBSP, count, money, number
from app.core.words import capital, counted, in_words, name_in_address, plural
from app.customer360.rules.bars import Z95, GapBar, VoiceBar, gap_bar, voice_bar
from app.customer360.rules.listing import PAGE_ROWS, Asked, Show
from app.customer360.rules.tiers import Tier, tier_chip


class AccountRow(Protocol):
    """What the query gives: scores 0-100, gap in points, `is_asked` where a study drew the account."""

    crm_id: str
    name: str
    segment: str | None
    owner: str | None
    arr: Decimal | None
    currency: str | None
    renewal_date: date | None
    health: float | None
    health_band: str | None
    scoring_id: int | None
    respondents: int | None
    voice: float | None
    voice_se: float | None
    voice_band: str | None
    compared_health: float | None
    gap: float | None
    p_low: float | None
    p_high: float | None
    tier: str | None
    is_asked: bool


@dataclass(frozen=True)
class Line:
    """One row; `voice` is empty where `voice_note` says why there is none, likewise `bar` and `gap_note`."""

    crm_id: str
    name: str
    about: str
    summary: list[tuple[str, str]]
    arr: str
    renewal: str
    renewal_unit: str
    health: str
    health_band: str
    voice: str
    voice_bar: VoiceBar | None
    voice_basis: str
    voice_note: str
    bar: GapBar | None
    gap_note: str
    tier: Tier | None


def line_of(row: AccountRow, on: date, summary: Sequence[tuple[str, str]] = ()) -> Line:
    """The row of an account on a day; `summary` are the fields chosen for the list, with their values."""
    has_voice = row.voice is not None and row.voice_band is not None
    days, unit = renewal_in(row.renewal_date, on)
    return Line(
        crm_id=row.crm_id,
        name=row.name,
        about=" · ".join(part for part in (row.segment, name_in_address(row.owner or "")) if part),
        summary=list(summary),
        arr=money(row.arr, row.currency),
        renewal=days,
        renewal_unit=unit,
        health="No telemetry" if row.health is None else number(row.health),
        health_band=row.health_band or "none",
        voice=number(row.voice) if has_voice else "",
        voice_bar=voice_bar(row.voice, row.voice_se) if has_voice else None,
        voice_basis=_basis(row),
        voice_note="" if has_voice else why_no_voice(row),
        bar=gap_bar(row.compared_health, row.voice, row.gap) if row.gap is not None else None,
        gap_note="" if row.gap is not None else next_step(row),
        tier=tier_chip(row.tier, p_low=row.p_low, p_high=row.p_high),
    )


def why_no_voice(row: AccountRow) -> str:
    """Why an account has no voice that may be shown, in words."""
    if row.respondents:
        return "Too little signal"
    if row.scoring_id is not None:
        return "Asked, silent so far"
    return "Asked, not scored yet" if row.is_asked else "Not asked yet"


def next_step(row: AccountRow) -> str:
    """What would have to happen for the account to have a gap."""
    if row.respondents and row.voice_band is None:
        return "needs another role"
    if row.respondents:
        return "needs telemetry"
    if row.scoring_id is not None:
        return "ask by another way"
    return "wait for the scoring" if row.is_asked else "draw it into a study"


def renewal_in(renewal: date | None, on: date) -> tuple[str, str]:
    """How far away a renewal is: a figure and its unit."""
    if renewal is None:
        return "", "not given"
    days = (renewal - on).days
    if days == 0:
        return "today", ""
    return count(abs(days)), f"{plural(abs(days), 'day')}{' ago' if days < 0 else ''}"


def list_title(asked: Asked, counts: Mapping[Show, int], *, sees_all: bool) -> str:
    """What the list shows, as a finding with its numbers."""
    total, heard, risk = counts[Show.ALL], counts[Show.HEARD], counts[Show.HIDDEN_RISK]
    found = capital(counted(total, "account"))
    if asked.is_narrowed:
        found += " matches" if total == 1 else " match"
    elif not sees_all:
        found += f" {plural(total, 'is')} assigned to you"
    if not total:
        return "No account matches what was asked for"
    if not heard:
        return f"{found}, none heard yet"
    voices = "all heard" if heard == total > 1 else f"{in_words(heard)} heard"
    if total == 1:
        return f"{found}, heard{', a hidden risk' if risk else ''}"
    return f"{found}: {voices}, {in_words(risk) if risk else 'none'} of them a hidden risk"


def paging(page: int, total: int) -> str:
    """Which rows a page shows: `1 to 14 of 214`."""
    first = (page - 1) * PAGE_ROWS + 1
    return f"{count(first)} to{NBSP}{count(min(total, page * PAGE_ROWS))} of{NBSP}{count(total)}"


def _basis(row: AccountRow) -> str:
    people = f"{count(row.respondents or 0)}{NBSP}{plural(row.respondents or 0, 'person')}"
    return people if row.voice_se is None else f"±{number(Z95 * row.voice_se)} · {people}"
