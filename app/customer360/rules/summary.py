"""The fields of a summary: what each is called and what it says of an account; without data it says “none”, never 0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.display import count, currency_symbol, day, money, number
from app.core.words import label, name_in_address
from app.customer360.rules.lines import renewal_in
from app.customers.rules import GONE

NONE = "none"
OWN = "custom."
"""How the key of a field begins that the workspace's own files brought."""
LONGEST_LABEL = 40
LONGEST_KEY = 200
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Known:
    """An account with what its summary needs beside it; `left_on` is when it was lost."""

    account: Any
    currency: str | None
    on: date
    left_on: date | None = None
    owner: str | None = None


def field_name(key: str) -> str:
    """What a field is called where nobody called it otherwise."""
    if key.startswith(OWN):
        return label(key[len(OWN) :])
    return FIELDS[key][0] if key in FIELDS else label(key)


def is_field(key: str) -> bool:
    """Whether there is such a field; one of the workspace's own may be any."""
    return key in FIELDS or (key.startswith(OWN) and len(OWN) < len(key) <= LONGEST_KEY)


def field_value(key: str, known: Known) -> str:
    """What a field says of an account; “none” where nothing is known of it."""
    if key.startswith(OWN):
        return own_value((known.account.custom or {}).get(key[len(OWN) :])) or NONE
    return FIELDS[key][1](known) or NONE


def own_value(value: Any) -> str:
    """A value of the workspace's own field as text; empty where there is none."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def months_between(start: date, end: date) -> int:
    """The whole months from a day to another; none before it began."""
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    return max(0, months - (end.day < start.day))


def _lifetime(known: Known) -> str | None:
    start = known.account.start_date
    if start is None or start > known.on:
        return None
    is_gone = (known.account.status or "").lower() in GONE
    return counted_months(months_between(start, known.left_on if is_gone and known.left_on else known.on))


def counted_months(months: int) -> str:
    """So many months, in figures."""
    return f"{count(months)} {'month' if months == 1 else 'months'}"


def _days_to_renew(known: Known) -> str | None:
    if known.account.renewal_date is None:
        return None
    days, unit = renewal_in(known.account.renewal_date, known.on)
    return f"{days} {unit}".strip()


def _monthly(known: Known) -> Decimal | None:
    return None if known.account.arr is None else known.account.arr / MONTHS_A_YEAR


def _per_user(known: Known) -> str | None:
    monthly, users = _monthly(known), known.account.seats
    if monthly is None or not users:
        return None
    return f"{currency_symbol(known.currency)}{number(monthly / users, 2)} a month"


def _money(value: Decimal | None, known: Known) -> str | None:
    return None if value is None else money(value, known.currency)


def _own(*keys: str) -> Callable[[Known], str | None]:
    def read(known: Known) -> str | None:
        custom: Mapping[str, Any] = known.account.custom or {}
        return next((own_value(custom[key]) for key in keys if custom.get(key) is not None), None)

    return read


def _one_time(known: Known) -> str | None:
    said = _own("one_time_revenue")(known)
    try:
        return _money(Decimal(said), known) if said else None
    except ArithmeticError:
        return said


def _plain(name: str) -> Callable[[Known], str | None]:
    return lambda known: getattr(known.account, name)


def _worded(name: str) -> Callable[[Known], str | None]:
    return lambda known: label(value) if (value := getattr(known.account, name)) else None


def _dated(name: str) -> Callable[[Known], str | None]:
    return lambda known: day(value) if (value := getattr(known.account, name)) else None


FIELDS: dict[str, tuple[str, Callable[[Known], str | None]]] = {
    "status": ("Status", _worded("status")),
    "industry": ("Industry", _plain("industry")),
    "arr": ("ARR", lambda known: _money(known.account.arr, known)),
    "start_date": ("Original contract date", _dated("start_date")),
    "renewal_date": ("Renewal date", _dated("renewal_date")),
    "lifetime": ("Lifetime", _lifetime),
    "lifecycle_stage": ("Stage", _worded("lifecycle_stage")),
    "comments": ("Comments", _own("comments", "comment")),
    "days_to_renew": ("Days to renew", _days_to_renew),
    "mrr": ("MRR", lambda known: _money(_monthly(known), known)),
    "one_time_revenue": ("One-time revenue", _one_time),
    "arpu": ("ARPU", _per_user),
    "users": ("Users", lambda known: None if known.account.seats is None else count(known.account.seats)),
    "segment": ("Segment", _plain("segment")),
    "tier": ("Tier", _plain("tier")),
    "plan": ("Plan", _plain("plan")),
    "country": ("Country", _plain("country")),
    "owner": ("Owner", lambda known: name_in_address(known.owner or known.account.csm_email or "") or None),
    "term": (
        "Term",
        lambda known: None if known.account.term_months is None else counted_months(known.account.term_months),
    ),
}
"""Every field by its key: its name, and what it says; None where nothing is known."""
