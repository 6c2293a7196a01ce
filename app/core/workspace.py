"""What is true of the whole workspace: who asks, in which currency, and whether its data are a sample."""

import re
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database import Base, Key
from app.core.errors import Refusal

ONLY = 1
LONGEST_NAME = 200
MONTHS = 24
"""How long people's own words are kept where nobody said otherwise."""
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "JPY", "INR", "BRL")
"""Currencies to choose from; any other may be typed by its three letters."""

_CODE = re.compile(r"[A-Z]{3}")


class Workspace(Base):
    """The single row of workspace facts; `organisation` is the name under which customers are asked.

    The contact budget over all studies: a person takes part in one study within `person_days`, an account in
    `account_studies` within `account_days`. People's own words are kept for `retention_months`, for ever where that is
    null; `expired_at` is when those that are older were last looked for.
    """

    __tablename__ = "workspace"

    id: Mapped[Key] = mapped_column(default=ONLY)
    currency: Mapped[str | None] = mapped_column(String(3))
    organisation: Mapped[str | None] = mapped_column(String(200))
    is_sample: Mapped[bool] = mapped_column(default=False)
    person_days: Mapped[int] = mapped_column(default=90, server_default="90")
    account_days: Mapped[int] = mapped_column(default=30, server_default="30")
    account_studies: Mapped[int] = mapped_column(default=2, server_default="2")
    retention_months: Mapped[int | None] = mapped_column(default=MONTHS, server_default=str(MONTHS))
    expired_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


def the_workspace(session: Session) -> Workspace:
    """Return the workspace row; before the first write it is an unsaved one with the defaults."""
    return session.get(Workspace, ONLY) or Workspace(
        id=ONLY,
        currency=None,
        organisation=None,
        is_sample=False,
        person_days=90,
        account_days=30,
        account_studies=2,
        retention_months=MONTHS,
        created_at=now(),
    )


def checked_organisation(text: str) -> str | None:
    """Return the name under which customers are asked, None where it is left empty; Refusal if it cannot be one."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refusal(f"Enter a name of at most {LONGEST_NAME} letters, digits and signs.", "organisation")
    return name or None


def checked_currency(text: str) -> str | None:
    """Return a currency's three letters (ISO 4217) as capitals, None where it is left empty; Refusal if it is none."""
    code = text.strip().upper()
    if code and not _CODE.fullmatch(code):
        raise Refusal("Enter the three letters of a currency, as EUR.", "currency")
    return code or None


LONGEST_BUDGET = 999


def checked_budget(text: str, field: str) -> int | None:
    """Return a number of the contact budget, None where it is left empty; Refusal with the field if it is none."""
    typed = text.strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= 9 and 1 <= int(typed) <= LONGEST_BUDGET):
        raise Refusal(f"Enter a whole number from 1 to {LONGEST_BUDGET}.", field)
    return int(typed) if typed else None


LONGEST_RETENTION = 240


def checked_retention(text: str) -> int | None:
    """Return for how many months people's own words are kept, None (for ever) where it is left empty."""
    typed = text.strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= 9 and 1 <= int(typed) <= LONGEST_RETENTION):
        raise Refusal(f"Enter a whole number of months from 1 to {LONGEST_RETENTION}, or nothing.", "retention_months")
    return int(typed) if typed else None
