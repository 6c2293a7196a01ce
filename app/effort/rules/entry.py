"""The page on which a CSM says what their own accounts take: finished values for its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.display import day
from app.core.words import counted
from app.effort.rules.levels import LEVEL_WORDS, WHOLE_WEEK, level_of
from app.effort.rules.report import EffortRow, week_of, week_words
from app.effort.rules.typed import Line, read_lines, share_typed

ROWS = 200
"""Accounts on one page: a form of three fields for each stays far below what a form may hold."""


@dataclass(frozen=True)
class EntryLine:
    """One account of the table, with what stands in its fields."""

    account_id: int
    crm_id: str
    name: str
    share: str
    share_stored: str
    complexity: str
    complexity_stored: str
    seen_id: int
    level: str
    said: str
    share_error: str
    complexity_error: str


@dataclass(frozen=True)
class Entry:
    """The whole page; `elsewhere` is the sum of the other pages in tenths of a percent."""

    title: str
    lines: list[EntryLine]
    week: str
    is_over: bool
    elsewhere: int
    page: int
    pages: int
    error_count: str


def entry_of(
    rows: Sequence[EffortRow],
    *,
    present: Mapping[int, int],
    typed: Mapping[int, Line],
    errors: Mapping[str, str],
    page: str,
) -> Entry:
    """The page as it is shown: what was typed where it was refused, otherwise what holds now."""
    pages = max(1, -(-len(rows) // ROWS))
    number = min(max(int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1, 1), pages)
    shown = rows[(number - 1) * ROWS : number * ROWS]
    lines = [_line(row, present.get(row.account_id, 0), typed.get(row.account_id), errors) for row in shown]
    elsewhere = (week_of(rows) or 0) - (week_of(shown) or 0)
    total = _typed_total(lines, elsewhere) if typed else week_of(rows)
    said = sum(row.week_permille is not None for row in rows)
    return Entry(
        title=_title(said, len(rows)),
        lines=lines,
        week=week_words(total),
        is_over=(total or 0) > WHOLE_WEEK,
        elsewhere=elsewhere,
        page=number,
        pages=pages,
        error_count=counted(len(errors), "field") if errors else "",
    )


def _title(said: int, accounts: int) -> str:
    if not accounts:
        return "No account is assigned to you"
    if not said:
        return f"What do your {counted(accounts, 'account')} take of your week?"
    return f"Said of {said} of {counted(accounts, 'account')}"


def _line(row: EffortRow, present: int, typed: Line | None, errors: Mapping[str, str]) -> EntryLine:
    level = level_of(row.week_permille)
    return EntryLine(
        account_id=row.account_id,
        crm_id=row.crm_id,
        name=row.name,
        share=typed.share if typed else share_typed(row.week_permille),
        share_stored=share_typed(row.week_permille),
        complexity_stored=row.complexity or "",
        complexity=typed.complexity if typed else row.complexity or "",
        seen_id=typed.seen_id if typed else present,
        level=LEVEL_WORDS[level] if level else "",
        said=f"said {day(row.said_on)}" if row.said_on else "nothing said yet",
        share_error=errors.get(f"share-{row.account_id}", ""),
        complexity_error=errors.get(f"complexity-{row.account_id}", ""),
    )


def _typed_total(lines: Sequence[EntryLine], elsewhere: int) -> int | None:
    """The sum of what can be read of what was typed."""
    total, is_said = elsewhere, elsewhere > 0
    for line in lines:
        said, _ = read_lines([Line(line.account_id, line.share)])
        permille = said[line.account_id].week_permille if said else None
        total, is_said = total + (permille or 0), is_said or permille is not None
    return total if is_said else None
