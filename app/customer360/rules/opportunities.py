"""Open deals in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.display import day, money
from app.core.words import capital, counted, in_words, plural

MOST_LINES = 5


@dataclass(frozen=True)
class Deal:
    """One open deal; a null currency is the account's."""

    amount: Decimal
    currency: str | None
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
    note: str = ""


def deals_of(found: Sequence[Deal], currency: str | None, on: date) -> Deals | None:
    """The open deals of an account with their sum in its currency; None where there is none.

    A deal in another currency is in no sum: it is counted apart.
    """
    if not found:
        return None
    own = [each for each in found if (each.currency or currency) == currency]
    count = capital(f"{in_words(len(found))} open {plural(len(found), 'opportunity')}")
    title = f"{count}: {money(sum(each.amount for each in own), currency)}" if own else count
    lines = [_line(each, currency, on) for each in found[:MOST_LINES]]
    return Deals(title, lines, len(found) - len(lines), _left_out(len(found) - len(own)))


def _left_out(n: int) -> str:
    return f"{capital(counted(n, 'deal'))} in another currency {plural(n, 'is')} not in the sum." if n else ""


def _line(deal: Deal, currency: str | None, on: date) -> tuple[str, str]:
    about = [deal.stage]
    if deal.close_date:
        about.append(f"{'was to close' if deal.close_date < on else 'closes'} {day(deal.close_date)}")
    if deal.owner_email:
        about.append(deal.owner_email)
    amount = money(deal.amount, deal.currency or currency)
    return f"{amount}{f' for {deal.product}' if deal.product else ''}", " · ".join(about)
