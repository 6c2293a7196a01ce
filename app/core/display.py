"""How numbers, money and dates read: finished text for templates, sentences and charts."""

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

NBSP = "\u00a0"
MINUS = "−"
MISSING = "–"
"""What stands where there is no figure; the reason stands beside it."""

Number = float | int | Decimal

SYMBOLS = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "BRL": "R$",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNITS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
_IN_FULL = 10_000


def currency_symbol(code: str | None) -> str:
    """What stands before an amount: a sign, the code with a no-break space, or nothing where no currency is known."""
    if not code:
        return ""
    return SYMBOLS.get(code.upper(), f"{code.upper()}{NBSP}")


def money(value: Number | None, currency: str | None) -> str:
    """An amount in three digits with its unit, `€1.92 m`; below 10,000 in full, up to 1 m in whole thousands."""
    amount = _finite(value)
    if amount is None:
        return MISSING
    sign = MINUS if round(amount) < 0 else ""
    return f"{sign}{currency_symbol(currency)}{_compact(abs(amount))}"


def money_full(value: Number | None, currency: str | None) -> str:
    """An amount to the last unit, grouped: `$2,725,919`."""
    amount = _finite(value)
    if amount is None:
        return MISSING
    whole = round(amount)
    return f"{MINUS if whole < 0 else ''}{currency_symbol(currency)}{abs(whole):,}"


def count(value: Number | None) -> str:
    """A count in full, grouped: `3,527`."""
    return number(value, 0)


def number(value: Number | None, digits: int = 0) -> str:
    """A grouped number with so many decimals, a true minus sign, and never a negative zero."""
    plain = _finite(value)
    if plain is None:
        return MISSING
    text = f"{abs(plain):,.{digits}f}"
    return f"{MINUS}{text}" if plain < 0 and _has_digit(text) else text


def figure(value: Number | None) -> str:
    """A grouped number with two decimals at most, none where it is whole: `4`, `0.28`, `24,758.5`."""
    text = number(value, 2)
    return text.rstrip("0").removesuffix(".") if "." in text else text


def signed(value: Number | None, digits: int = 0) -> str:
    """A difference with its sign: `+5`, `−47`; zero has none."""
    text = number(value, digits)
    is_plus = text != MISSING and not text.startswith(MINUS) and _has_digit(text)
    return f"+{text}" if is_plus else text


def percent(fraction: Number | None, digits: int = 0) -> str:
    """A share as `58 %`; what would round to nothing or to all is `<1 %` or `>99 %`, because it is neither."""
    share = _finite(fraction)
    if share is None:
        return MISSING
    smallest = 10.0**-digits
    if 0 < share * 100 < smallest / 2:
        return f"<{number(smallest, digits)}{NBSP}%"
    if 100 - smallest / 2 < share * 100 < 100:
        return f">{number(100 - smallest, digits)}{NBSP}%"
    return f"{number(share * 100, digits)}{NBSP}%"


def day(value: date | str | None) -> str:
    """A date in words, `14 May 2026`; text is read as ISO 8601."""
    if value is None:
        return MISSING
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day}{NBSP}{_MONTHS[when.month - 1]} {when.year}"


def instant(value: datetime | None) -> str:
    """An instant to the minute, `14 May 2026, 09:30 UTC`; instants are kept in UTC."""
    return MISSING if value is None else f"{day(value)}, {value:%H:%M}{NBSP}UTC"


def interval(lo: Number | None, hi: Number | None, show: Callable[[Number], str] = number) -> str:
    """The two ends of an interval, `46 to 67`; empty where either is missing."""
    if lo is None or hi is None:
        return ""
    return f"{show(lo)} to{NBSP}{show(hi)}"


def _compact(amount: float) -> str:
    rounded = float(f"{amount:.3g}")
    if round(amount) < _IN_FULL:
        return f"{round(amount):,}"
    unit, letter = next((unit, letter) for unit, letter in _UNITS if rounded >= unit)
    return f"{_trimmed(rounded / unit, 0 if letter == 'k' else 2)}{NBSP}{letter}"


def _trimmed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _has_digit(text: str) -> bool:
    return any(digit in text for digit in "123456789")


def _finite(value: Number | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


FILTERS: dict[str, Callable[..., str]] = {
    "money": money,
    "money_full": money_full,
    "count": count,
    "figure": figure,
    "number": number,
    "signed": signed,
    "percent": percent,
    "day": day,
    "instant": instant,
}
"""The template filters of these names."""
