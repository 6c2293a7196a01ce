"""Open deals in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.display import day, money

MOST_LINES = 5


@dataclass(frozen=True)
class Deal:
    """One open deal."""

    amount: Decimal
    stage: str
    close_date: date | None
    product: str | None
    owner_email: str | None


@dataclass(frozen=True)
class Deals:
    """What the page of an account says of its open deals: a title, the first lines, and what is left out."""

    title: str
    lines: list[tuple[str, str]]
    more: int


def deals_of(found: Sequence[Deal], currency: str | None, on: date) -> Deals | None:
    """The open deals of an account with their sum in its currency; None where there is none."""
    if not found:
        return None
    total = money(sum(each.amount for each in found), currency)
    count = "1 open opportunity" if len(found) == 1 else f"{len(found):,} open opportunities"
    lines = [_line(each, currency, on) for each in found[:MOST_LINES]]
    return Deals(f"{count}: {total}", lines, len(found) - len(lines))


def _line(deal: Deal, currency: str | None, on: date) -> tuple[str, str]:
    about = [deal.stage]
    if deal.close_date:
        about.append(f"{'was to close' if deal.close_date < on else 'closes'} {day(deal.close_date)}")
    if deal.owner_email:
        about.append(deal.owner_email)
    return f"{money(deal.amount, currency)}{f' for {deal.product}' if deal.product else ''}", " · ".join(about)
