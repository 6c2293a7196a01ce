"""Accounts that may want more of us: strong by voice and health, with open room, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.display import count, money, number, percent
from app.core.words import capital, counted, listed
from app.playbooks.rules.opinions import Opinion, ProductView, product_views

FULL = 0.9
"""From which share of the seats on there is no room left in what an account has."""
FEWEST_USERS = 2
"""From how many accounts on something is a product that others could have too."""
MOST_LACKING = 3


@dataclass(frozen=True)
class Candidate:
    """An account with what is known of it; None is not known. `deals` are open opportunities, with their sum."""

    account_id: int
    crm_id: str
    name: str
    csm_email: str | None
    arr: Decimal | None
    currency: str | None
    voice: float | None
    people: int
    health: float
    has: Collection[str] = ()
    users: float | None = None
    seats: int | None = None
    deals: int = 0
    deals_amount: Decimal | None = None
    opinions: Sequence[Opinion] = field(default_factory=tuple)

    @property
    def used(self) -> float | None:
        """The share of seats in use; None where it cannot be told."""
        return self.users / self.seats if self.users is not None and self.seats else None


@dataclass(frozen=True)
class Line:
    """One candidate as finished text; `is_held_back` is one whose people dislike what there would be more of."""

    crm_id: str
    name: str
    csm_email: str
    revenue: str
    scores: str
    reasons: list[str]
    views: list[ProductView]
    title: str
    is_held_back: bool


def products_of(kept: Mapping[int, Collection[str]]) -> list[str]:
    """What several accounts have, what most have first: a name of one account alone is no product of ours."""
    numbers: dict[str, int] = {}
    for names in kept.values():
        for name in set(names):
            numbers[name] = numbers.get(name, 0) + 1
    return sorted((name for name, n in numbers.items() if n >= FEWEST_USERS), key=lambda it: (-numbers[it], it))


def lacking(candidate: Candidate, products: Sequence[str]) -> list[str]:
    """What others have and this account does not; nothing where it is not known what it has."""
    return [name for name in products if name not in candidate.has] if candidate.has else []


def has_room(candidate: Candidate, products: Sequence[str]) -> bool:
    """Tell whether there is something more to have: seats nearly all used, or a product that is lacking."""
    used = candidate.used
    return (used is not None and used > FULL) or bool(lacking(candidate, products))


def line_of(candidate: Candidate, products: Sequence[str]) -> Line:
    """A candidate in words: what is strong, where there is room, what speaks for it and what against."""
    used, lacks, views = candidate.used, lacking(candidate, products), product_views(candidate.opinions)
    is_full = used is not None and used > FULL
    reasons = []
    if is_full:
        share = f"{percent(used)}" if used is None or used <= 1 else f"{percent(used)}, more than it pays for"
        reasons.append(f"Uses {number(candidate.users)} of {count(candidate.seats)} seats ({share}).")
    if lacks:
        more = f" and {count(len(lacks) - MOST_LACKING)} more" if len(lacks) > MOST_LACKING else ""
        reasons.append(f"Has {listed(sorted(candidate.has))}; not {listed(lacks[:MOST_LACKING])}{more}.")
    if candidate.deals:
        reasons.append(
            f"{capital(counted(candidate.deals, 'deal'))} {'is' if candidate.deals == 1 else 'are'} open already"
            f"{', ' + money(candidate.deals_amount, candidate.currency) if candidate.deals_amount else ''}."
        )
    return Line(
        crm_id=candidate.crm_id,
        name=candidate.name,
        csm_email=candidate.csm_email or "",
        revenue=money(candidate.arr, candidate.currency) if candidate.arr is not None else "",
        scores=_scores(candidate),
        reasons=reasons,
        views=views,
        title=_title(views, lacks, is_full=is_full),
        is_held_back=_is_held_back(views, lacks),
    )


def upsell_title(strong: int, silent: int) -> str:
    """The finding: how many are strong on both sides, and how many use much and have said nothing."""
    if strong:
        return capital(f"{counted(strong, 'account')} may want more of us")
    if silent:
        return capital(f"nobody has said enough yet; {counted(silent, 'account')} by health alone")
    return "No account may want more of us just now"


def missing_sources(*, has_voice: bool, has_products: bool, has_users: bool, has_opinions: bool) -> list[str]:
    """What would make the list say more, each in one sentence; empty where everything is there."""
    found = {
        "No voice is scored yet: a study that is drawn, answered and scored tells who is content.": has_voice,
        "No products are known: import relationships, one line for each product of an account.": has_products,
        "No users are counted: telemetry named active_users and the seats of accounts tell who is full.": has_users,
        "Nobody was asked about products: the value interview asks what is liked and disliked of each.": has_opinions,
    }
    return [sentence for sentence, is_there in found.items() if not is_there]


def _scores(candidate: Candidate) -> str:
    voice = (
        f"voice {number(candidate.voice)}, {counted(candidate.people, 'person')}" if candidate.voice is not None else ""
    )
    return capital(f"health {number(candidate.health)}" + (f", {voice}" if voice else ", no voice"))


def _is_held_back(views: Sequence[ProductView], lacks: Sequence[str]) -> bool:
    """Whether all that was said of what they have speaks against more of it, and they lack nothing else."""
    return bool(views) and not lacks and all(view.is_disliked for view in views)


def _title(views: Sequence[ProductView], lacks: Sequence[str], *, is_full: bool) -> str:
    if views and all(view.is_disliked for view in views):
        return f"Offer {lacks[0]}" if lacks else f"Mend {views[0].product} before offering more"
    return "More seats" if is_full else f"Offer {lacks[0]}" if lacks else "Offer more"
