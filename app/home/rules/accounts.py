"""The accounts of a CSM in short: the worst gap first, and the renewals ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.words import capital, counted, plural
from app.customer360.rules.lines import Line, list_title
from app.customer360.rules.listing import RENEWAL_DAYS, Asked, Order, Show, Sort

WORST_FIRST = Asked(sort=Sort.GAP, order=Order.RISING)
RENEWALS_FIRST = Asked(show=Show.RENEWS, sort=Sort.RENEWAL, order=Order.RISING)
MOST_ACCOUNTS = 6
MOST_RENEWALS = 5


@dataclass(frozen=True)
class AccountsPanel:
    """The accounts assigned to somebody; `total` is how many there are."""

    total: int
    title: str
    lede: str
    worst: tuple[Line, ...]
    renewals: tuple[Line, ...]
    renewals_title: str


def accounts_panel(counts: Mapping[Show, int], worst: Sequence[Line], renewals: Sequence[Line]) -> AccountsPanel:
    """Return the panel; accounts without a gap stand there only where none has one."""
    with_gap = [line for line in worst if line.bar]
    return AccountsPanel(
        total=counts[Show.ALL],
        title=list_title(Asked(), counts, sees_all=False),
        lede=silence(counts[Show.SILENT]),
        worst=tuple((with_gap or list(worst))[:MOST_ACCOUNTS]),
        renewals=tuple(renewals[:MOST_RENEWALS]),
        renewals_title=renewals_title(counts[Show.RENEWS]),
    )


def silence(silent: int) -> str:
    """How many accounts were asked and have not answered."""
    if not silent:
        return ""
    return f"{capital(counted(silent, 'account'))} {plural(silent, 'was')} asked and silent so far."


def renewals_title(number: int) -> str:
    """How many contracts end soon."""
    ends = f"{'renews' if number == 1 else 'renew'} within {RENEWAL_DAYS} days"
    return capital(f"{counted(number, 'account')} {ends}") if number else f"No renewal within {RENEWAL_DAYS} days"
