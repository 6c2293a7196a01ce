"""What effort comes to: by customer, by CSM, by complexity, and where much effort meets hard or still outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.display import MISSING, count, day, number
from app.core.words import capital, counted, name_in_address, plural
from app.effort.rules.levels import (
    COMPLEXITY_WORDS,
    HARD_FROM,
    HIGH_FROM,
    LEVEL_WORDS,
    SIMPLE_TO,
    WHOLE_WEEK,
    Complexity,
    Level,
    complexity_words,
    level_of,
    points_of,
    share_words,
)
from app.effort.rules.typed import mean_complexity

NO_CSM = "No CSM"


@dataclass(frozen=True)
class EffortRow:
    """An account with what its present CSM last said; None is nothing said."""

    account_id: int
    crm_id: str
    name: str
    csm_email: str | None
    week_permille: int | None
    complexity: str | None
    said_on: date | None
    csm: str | None = None


@dataclass(frozen=True)
class CustomerLine:
    """One account, as finished text; `plan` says why its plan does not move."""

    crm_id: str
    name: str
    csm: str
    share: str
    level: Level | None
    level_words: str
    complexity: str
    said: str
    plan: str


@dataclass(frozen=True)
class CsmLine:
    """One CSM: what their accounts come to."""

    csm: str
    share: str
    is_over: bool
    said: str
    high: str
    complexity: str
    not_agreed: str


@dataclass(frozen=True)
class ComplexityLine:
    """The accounts of one complexity: how many, and the mean effort of those of which it is said."""

    words: str
    accounts: str
    mean: str
    n: str


@dataclass(frozen=True)
class Demanding:
    """The accounts of high effort whose outcomes are hard, and those where nothing moves; one may be in both."""

    hard: list[CustomerLine]
    still: list[CustomerLine]


def is_high(row: EffortRow) -> bool:
    """Tell whether an account takes a tenth of a week or more."""
    return row.week_permille is not None and row.week_permille >= HIGH_FROM


def is_hard(row: EffortRow) -> bool:
    """Tell whether an account is demanding and hard: effort high or more, complexity 4 or 5."""
    points = points_of(row.complexity)
    return is_high(row) and points is not None and points >= HARD_FROM


def is_still(row: EffortRow, still: Mapping[int, str]) -> bool:
    """Tell whether an account is demanding and nothing moves: high effort, and complexity 1 or 2 or a plan that stands.

    `still` says by account id why its plan does not move.
    """
    points = points_of(row.complexity)
    return is_high(row) and (row.account_id in still or (points is not None and points <= SIMPLE_TO))


def demanding(rows: Sequence[EffortRow], still: Mapping[int, str]) -> Demanding:
    """The accounts of high effort, apart by what comes with it; the largest effort first."""
    ordered = by_effort(rows)
    return Demanding(
        [customer_line(row, still) for row in ordered if is_hard(row)],
        [customer_line(row, still) for row in ordered if is_still(row, still)],
    )


def by_effort(rows: Sequence[EffortRow]) -> list[EffortRow]:
    """The accounts with the largest effort first; those of which nothing is said last, by name."""
    return sorted(rows, key=lambda row: (row.week_permille is None, -(row.week_permille or 0), row.name.lower()))


def customer_line(row: EffortRow, still: Mapping[int, str]) -> CustomerLine:
    """An account as finished text."""
    level = level_of(row.week_permille)
    return CustomerLine(
        crm_id=row.crm_id,
        name=row.name,
        csm=csm_words(row.csm or row.csm_email),
        share=share_words(row.week_permille),
        level=level,
        level_words=LEVEL_WORDS[level] if level else "not said",
        complexity=complexity_words(row.complexity),
        said=day(row.said_on) if row.said_on else MISSING,
        plan=still.get(row.account_id, ""),
    )


def csm_words(email: str | None) -> str:
    """Who looks after an account, by name."""
    return name_in_address(email) if email else NO_CSM


def by_csm(rows: Sequence[EffortRow]) -> list[CsmLine]:
    """What the accounts of each CSM come to, the fullest week first; accounts without a CSM are nobody's week."""
    groups: dict[str, list[EffortRow]] = {}
    for row in rows:
        if row.csm_email:
            groups.setdefault(row.csm_email.lower(), []).append(row)
    found = [(week_of(theirs), csm, theirs) for csm, theirs in groups.items()]
    return [
        _csm_line(csm, total, theirs) for total, csm, theirs in sorted(found, key=lambda it: (-(it[0] or 0), it[1]))
    ]


def week_of(rows: Sequence[EffortRow]) -> int | None:
    """The sum of what is said in tenths of a percent; None where nothing is."""
    said = [row.week_permille for row in rows if row.week_permille is not None]
    return sum(said) if said else None


def by_complexity(rows: Sequence[EffortRow]) -> list[ComplexityLine]:
    """The mean effort at each complexity with its n; N/A and not said are rows of their own and enter no mean of it."""
    lines = [
        _complexity_line(COMPLEXITY_WORDS[each], [row for row in rows if row.complexity == each]) for each in Complexity
    ]
    return [*lines, _complexity_line("Not said", [row for row in rows if row.complexity is None])]


def complexity_sentence(rows: Sequence[EffortRow]) -> str:
    """The mean complexity over the accounts on the scale, and how many are N/A, which it leaves out."""
    mean, n = mean_complexity([row.complexity for row in rows])
    absent = sum(row.complexity == Complexity.NOT_AGREED for row in rows)
    apart = f"outcomes are not agreed with {counted(absent, 'account')}, which no mean counts"
    if mean is None:
        return f"No complexity is said yet; {apart}." if absent else "No complexity is said yet."
    words = f"Mean complexity {number(mean, 1)} of 5 over {counted(n, 'account')}"
    return f"{words}; {apart}." if absent else f"{words}."


def title(rows: Sequence[EffortRow]) -> str:
    """The finding over the report."""
    high = sum(is_high(row) for row in rows)
    said = sum(row.week_permille is not None for row in rows)
    if not said:
        return "Nobody has said yet what accounts take of a week"
    if not high:
        return f"No account takes a tenth of a week; {counted(said, 'account')} said"
    return capital(f"{counted(high, 'account')} {'takes' if high == 1 else 'take'} a tenth of a week or more")


def week_words(permille: int | None) -> str:
    """What a CSM's accounts come to, and whether that is more than a week has."""
    if permille is None:
        return "Nothing is said yet."
    words = f"Together {share_words(permille)} of a week."
    over = permille - WHOLE_WEEK
    return f"{words} That is {share_words(over)} more than a week has; it is stored as typed." if over > 0 else words


def csv_rows(rows: Sequence[EffortRow], still: Mapping[int, str]) -> list[tuple[object, ...]]:
    """The accounts as rows of a file, in the order of the report: numbers stay numbers, nothing said is empty."""
    return [_csv_row(row, still) for row in by_effort(rows)]


@dataclass(frozen=True)
class HistoryLine:
    """One thing that was said about an account."""

    said: str
    who: str
    share: str
    level: str
    complexity: str


def history_lines(rows: Sequence[Any]) -> list[HistoryLine]:
    """What was said about an account (said_on, who, week_permille, complexity), as finished text."""
    return [
        HistoryLine(
            day(row.said_on),
            row.who,
            share_words(row.week_permille),
            LEVEL_WORDS[level] if (level := level_of(row.week_permille)) else "not said",
            complexity_words(row.complexity),
        )
        for row in rows
    ]


CSV_HEADER = (
    "account_id", "account", "csm_email", "effort_percent", "effort_level", "complexity", "outcomes_agreed", "said_on",
    "demanding_and_hard", "demanding_and_nothing_moves", "plan",
)  # fmt: skip


def _csv_row(row: EffortRow, still: Mapping[int, str]) -> tuple[object, ...]:
    level = level_of(row.week_permille)
    agreed = {None: None, Complexity.NOT_AGREED.value: "no"}.get(row.complexity, "yes")
    return (
        row.crm_id,
        row.name,
        row.csm_email,
        None if row.week_permille is None else row.week_permille / 10,
        LEVEL_WORDS[level] if level else None,
        complexity_words(row.complexity) if row.complexity else None,
        agreed,
        row.said_on.isoformat() if row.said_on else None,
        "yes" if is_hard(row) else "no",
        "yes" if is_still(row, still) else "no",
        still.get(row.account_id),
    )


def _csm_line(csm: str, total: int | None, rows: Sequence[EffortRow]) -> CsmLine:
    said = sum(row.week_permille is not None for row in rows)
    mean, n = mean_complexity([row.complexity for row in rows])
    return CsmLine(
        csm=csm_words(rows[0].csm or csm),
        share=share_words(total),
        is_over=(total or 0) > WHOLE_WEEK,
        said=f"{count(said)} of {count(len(rows))}",
        high=count(sum(is_high(row) for row in rows)),
        complexity=f"{number(mean, 1)}, n = {count(n)}" if mean is not None else MISSING,
        not_agreed=count(sum(row.complexity == Complexity.NOT_AGREED for row in rows)),
    )


def _complexity_line(words: str, rows: Sequence[EffortRow]) -> ComplexityLine:
    total = week_of(rows)
    n = sum(row.week_permille is not None for row in rows)
    return ComplexityLine(
        words=words,
        accounts=f"{count(len(rows))} {plural(len(rows), 'account')}",
        mean=share_words(round(total / n) if total is not None else None),
        n=count(n),
    )
