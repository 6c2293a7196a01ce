"""What the CRM and the support system say of an account, as labels and texts."""

from dataclasses import dataclass
from typing import Any

from app.core.display import MISSING, count, day, instant, money_full, number
from app.core.words import capital, counted, in_words, label, plural


@dataclass(frozen=True)
class ContactLine:
    """A person at the account."""

    name: str
    role: str
    email: str
    phone: str
    consent: str
    language: str
    is_primary: bool


def contact_line(row: Any) -> ContactLine:
    """A contact as the page shows them."""
    return ContactLine(
        name=row.name,
        role=label(row.role) if row.role else MISSING,
        email=row.email or "",
        phone=row.phone or "",
        consent={"yes": "May be asked", "no": "Must not be asked"}.get(row.consent, "Not known"),
        language=row.language or MISSING,
        is_primary=bool(row.is_primary),
    )


def account_fields(it: Any, currency: str | None) -> list[tuple[str, str]]:
    """What the CRM says of the account, and its own fields; what it does not say is left out."""
    place = ", ".join(part for part in (it.postal_code, it.city, it.state, it.country) if part)
    plain = [
        ("CRM id", it.crm_id),
        ("Status", label(it.status)),
        ("Owner", it.csm_email),
        ("Segment", it.segment),
        ("Industry", it.industry),
        ("Tier", it.tier),
        ("Stage", label(it.lifecycle_stage) if it.lifecycle_stage else None),
        ("Place", place),
        ("Plan", it.plan),
        ("Seats", None if it.seats is None else count(it.seats)),
        ("Customer since", None if it.start_date is None else day(it.start_date)),
        ("Renewal", None if it.renewal_date is None else day(it.renewal_date)),
        ("Term", None if it.term_months is None else f"{count(it.term_months)} {plural(it.term_months, 'month')}"),
        ("Revenue a year", None if it.arr is None else money_full(it.arr, currency)),
        ("Cost a year", None if it.cost is None else money_full(it.cost, currency)),
        ("Incentives", None if it.incentives is None else money_full(it.incentives, currency)),
        ("Pipeline", None if it.pipeline is None else money_full(it.pipeline, currency)),
    ]
    own = [(label(key), _own(value)) for key, value in sorted((it.custom or {}).items())]
    return [(name, value) for name, value in [*plain, *own] if value]


def _own(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def outcome_line(row: Any) -> tuple[str, str, str]:
    """When something became of the account, what, and why."""
    why = " · ".join(part for part in (row.reason_category, row.reason) if part)
    return day(row.outcome_date), label(row.outcome), why


def cases_title(total: int, still_open: int) -> str:
    """How many support cases there are, and how many of them are open."""
    if not total:
        return "No support case is known"
    still = f"{in_words(still_open)} open" if still_open else "none open"
    return f"{capital(counted(total, 'case'))}, {still}"


def case_line(row: Any) -> tuple[str, str, str]:
    """When a case was opened, what became of it, and how urgent and how rated it was."""
    state = f"Closed {day(row.closed_at)}" if row.closed_at else label(row.status or "open")
    rated = f"rated {number(row.csat, 0 if float(row.csat).is_integer() else 1)}" if row.csat is not None else ""
    about = " · ".join(part for part in (label(row.priority) if row.priority else "", rated) if part)
    return instant(row.opened_at), state, about
