"""Renewals by month: which months there are, what each holds, and the sentence over them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.core.display import money
from app.core.words import capital, counted, in_words

MONTHS = 12
BANDS = ("red", "amber", "green")

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Month:
    """A month of the calendar by its first day."""

    first: date

    @property
    def key(self) -> str:
        """How addresses name it: `2026-12`."""
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        """How people name it."""
        return f"{self.first:%B} {self.first.year}"

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month((self.first + timedelta(days=32)).replace(day=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)


@dataclass
class MonthLine:
    """What renews in a month: accounts, money, and how many have which colour."""

    month: Month
    accounts: int = 0
    arr: Decimal = Decimal(0)
    uncounted: int = 0
    health: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    voice: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    unhappy: int = 0
    unhappy_arr: Decimal = Decimal(0)

    @property
    def unmeasured(self) -> int:
        """Accounts without health."""
        return self.accounts - sum(self.health.values())

    @property
    def unheard(self) -> int:
        """Accounts without a voice that has a band."""
        return self.accounts - sum(self.voice.values())


def months_from(on: date) -> list[Month]:
    """The month of a day and the eleven after it; of the first, what is over does not count."""
    found = [Month(on.replace(day=1))]
    while len(found) < MONTHS:
        found.append(found[-1].next)
    return found


def month_asked(raw: str | None, on: date) -> Month | None:
    """The month that an address names, if it is one of the twelve; else None."""
    found = _MONTH.fullmatch(raw or "")
    wanted = found and Month(date(int(found[1]), int(found[2]), 1))
    return wanted if wanted in months_from(on) else None


def month_lines(days: Iterable[Any], on: date) -> list[MonthLine]:
    """A line for each of the twelve months, the empty ones too, from the rows of days."""
    lines = {month: MonthLine(month) for month in months_from(on)}
    for row in days:
        line = lines[Month(row.renewal_date.replace(day=1))]
        line.accounts += row.accounts
        line.arr += Decimal(row.arr)
        line.uncounted += row.uncounted
        line.unhappy += row.unhappy
        line.unhappy_arr += Decimal(row.unhappy_arr)
        for band in BANDS:
            line.health[band] += getattr(row, f"health_{band}")
            line.voice[band] += getattr(row, f"voice_{band}")
    return list(lines.values())


def renewals_title(lines: Sequence[MonthLine], currency: str | None) -> str:
    """What renews within the year, as a finding."""
    accounts, unhappy = sum(line.accounts for line in lines), sum(line.unhappy for line in lines)
    if not accounts:
        return "Nothing renews within twelve months"
    title = f"{capital(counted(accounts, 'account'))} {'renews' if accounts == 1 else 'renew'} within twelve months"
    if not unhappy:
        return title
    paid = sum((line.unhappy_arr for line in lines), Decimal(0))
    pay = f", paying {money(paid, currency)}" if paid else ""
    return (
        f"{title}; {in_words(unhappy)} of them {'sounds' if unhappy == 1 else 'sound'} unhappier than health says{pay}"
    )


def uncounted_sentence(lines: Sequence[MonthLine]) -> str:
    """How many accounts are in no sum of money; empty where all are."""
    n = sum(line.uncounted for line in lines)
    if not n:
        return ""
    why = "without revenue, or with it in another currency"
    return f"{capital(counted(n, 'account'))} {'is' if n == 1 else 'are'} in no sum: {why}."
