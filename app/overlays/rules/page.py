"""How overlays read on pages: finished words for templates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.display import MISSING, NBSP, day, money
from app.core.words import capital, counted, plural
from app.overlays.rules.levels import ORDER, Level, State, level_of, level_words, state_on

BANDS = ("red", "amber", "green")
LONGEST_REASON = 160
"""Characters of a reason that stand in one line; all of it stands on the page of the account's overlays."""


@dataclass(frozen=True)
class LevelLine:
    """One level on the page of an overlay: accounts and ARR, with health and voice beside."""

    key: str
    words: str
    accounts: int
    share: int
    arr: str
    bands: dict[str, int]
    unknown: int
    voice: str
    heard: str


@dataclass(frozen=True)
class IndustryLine:
    """One industry on the page of an overlay."""

    name: str
    level: str
    words: str | None
    said: str
    accounts: int
    changed: int
    arr: str


@dataclass(frozen=True)
class Dashboard:
    """The page of an overlay."""

    title: str
    period: str
    levels: list[LevelLine]
    industries: list[IndustryLine]
    accounts: int
    without_arr: str
    concessions: str
    is_assessed: bool
    has_health: bool
    has_voice: bool


@dataclass(frozen=True)
class Under:
    """What one overlay says of one account, in words."""

    key: str
    name: str
    state: State
    period: str
    level: str
    source: str
    sentence: str


@dataclass(frozen=True)
class Told:
    """What the queries found of an overlay: accounts by level, industry and band, and what was said of them."""

    rows: Sequence[Any]
    impacts: Sequence[Any]
    changes: Sequence[Any]
    voices: Mapping[Level | None, tuple[float, int]]
    currency: str | None


def dashboard(name: str, period: str, told: Told) -> Dashboard:
    """The page of an overlay from what the queries found of it."""
    rows, currency = told.rows, told.currency
    accounts = sum(row.accounts for row in rows)
    lines = [_level_line(level, told) for level in ORDER]
    without = sum(row.without_arr for row in rows)
    granted = [row.amount for row in told.changes if row.amount is not None]
    return Dashboard(
        title=_title(name, lines),
        period=capital(period),
        levels=[line for line in lines if line.accounts],
        industries=_industry_lines(told),
        accounts=accounts,
        without_arr=_without_arr(without) if without else "",
        concessions=f"Concessions of {money(sum(granted, Decimal(0)), currency)} to {counted(len(granted), 'account')}."
        if granted
        else "",
        is_assessed=any(line.accounts and line.key for line in lines),
        has_health=any(sum(line.bands.values()) for line in lines),
        has_voice=bool(told.voices),
    )


def period_words(starts_on: date, ends_on: date | None, on: date) -> str:
    """When an overlay applies, as a person says it on a day."""
    state = state_on(starts_on, ends_on, on)
    if state is State.PLANNED:
        return f"begins {day(starts_on)}" + (f", until {day(ends_on)}" if ends_on else "")
    if state is State.ENDED:
        return f"{day(starts_on)} to {day(ends_on)}, over"
    return f"since {day(starts_on)}" + (f", until {day(ends_on)}" if ends_on else ", no last day yet")


def under(standing: Any, on: date) -> Under:
    """What one overlay says of one account, its source with it; `standing` is of the queries."""
    overlay, change, impact = standing.overlay, standing.change, standing.impact
    own = change.level if change else None
    level = level_words(level_of(own, impact.level if impact else None))
    source = _source(change, impact, is_own=bool(own))
    period = period_words(overlay.starts_on, overlay.ends_on, on)
    since = f"since {day(overlay.starts_on)}" if overlay.starts_on <= on else f"from {day(overlay.starts_on)}"
    state = state_on(overlay.starts_on, overlay.ends_on, on)
    sentence = f"Under “{overlay.name}” {since}: {level}{f' ({source})' if source else ''}"
    return Under(overlay.key, overlay.name, state, capital(period), level, capital(source), sentence)


def lines_now(standings: Sequence[Any], on: date) -> list[Under]:
    """What applies to an account on a day; what is planned or over is left to the page of its overlays."""
    found = (under(each, on) for each in standings)
    return [each for each in found if each.state is State.IN_FORCE]


def _source(change: Any, impact: Any, *, is_own: bool) -> str:
    if is_own:
        return f"by {change.who or 'command'}: {short(change.reason)}"
    if impact is None or impact.level is None:
        return ""
    return f"as its industry{f': {short(impact.words)}' if impact.words else ''}"


def short(text: str) -> str:
    """A text in one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1].rstrip()}…"


def _without_arr(accounts: int) -> str:
    them = capital(counted(accounts, "account"))
    return f"{them} without comparable ARR {plural(accounts, 'is')} not in the sums."


def _title(name: str, lines: Sequence[LevelLine]) -> str:
    met = [line for line in lines if line.key in {Level.SEVERE, Level.MODERATE, Level.SLIGHT} and line.accounts]
    if not met:
        known = any(line.accounts and line.key for line in lines)
        return f"{name}: no account is known to suffer" if known else f"{name}: no account is assessed yet"
    worst = met[0]
    return f"{name}: {counted(worst.accounts, 'account')} {worst.words}, {worst.arr} a year"


def _level_line(level: Level | None, told: Told) -> LevelLine:
    of_level = [row for row in told.rows if row.level == level]
    accounts = sum(row.accounts for row in of_level)
    bands = Counter[str | None]()
    for row in of_level:
        bands[row.band] += row.accounts
    mean, heard = told.voices.get(level, (None, 0))
    total = sum(row.accounts for row in told.rows)
    return LevelLine(
        key=str(level or ""),
        words=level_words(level),
        accounts=accounts,
        share=round(100 * accounts / total) if total else 0,
        arr=_arr(of_level, told.currency),
        bands={band: bands[band] for band in BANDS},
        unknown=accounts - sum(bands[band] for band in BANDS),
        voice=MISSING if mean is None else f"{mean:.0f}",
        heard=f"{heard:,}{NBSP}heard" if heard else "nobody heard",
    )


def _industry_lines(told: Told) -> list[IndustryLine]:
    judged = {row.industry: row for row in told.impacts}
    changed = Counter(row.industry for row in told.changes if row.level is not None)
    by_industry: dict[str | None, list[Any]] = {}
    for row in told.rows:
        by_industry.setdefault(row.industry, []).append(row)
    lines = [
        _industry_line(name, of, judged.get(name), changed[name], told.currency) for name, of in by_industry.items()
    ]
    places = {level_words(level): place for place, level in enumerate(ORDER)}
    return sorted(lines, key=lambda line: (places[line.level], -line.accounts, line.name))


def _industry_line(
    name: str | None, rows: Sequence[Any], said: Any, changed: int, currency: str | None
) -> IndustryLine:
    level = Level(said.level) if said and said.level else None
    by = f"{said.who or 'command'}, {day(said.set_at)}" if said and said.level else ""
    return IndustryLine(
        name=name or "Industry not known",
        level=level_words(level),
        words=said.words if said else None,
        said=by,
        accounts=sum(row.accounts for row in rows),
        changed=changed,
        arr=_arr(rows, currency),
    )


def _arr(rows: Sequence[Any], currency: str | None) -> str:
    known = [row.arr for row in rows if row.arr is not None]
    return money(sum(known, Decimal(0)), currency) if known else MISSING
