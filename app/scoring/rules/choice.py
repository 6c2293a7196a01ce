"""A part of a study that somebody wants to see alone: some of its accounts, or some of the people heard there."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from operator import attrgetter

from app.core.documents import canonical_sha256
from app.core.words import label, lower_first, plural

ACCOUNT_FIELDS = ("segment", "tier", "csm", "product", "renewal")
PEOPLE_FIELDS = ("role", "mode")
FIELDS = (*ACCOUNT_FIELDS, *PEOPLE_FIELDS)

NOT_GIVEN = "(none)"
"""Stands in addresses for accounts where a field is empty."""

OVERDUE = "overdue"
WINDOWS: Mapping[str, str] = {
    "30": "renews within 30 days",
    "90": "renews within 90 days",
    "180": "renews within 180 days",
    "365": "renews within 365 days",
    OVERDUE: "renewal overdue",
    NOT_GIVEN: "no renewal date",
}
"""The renewal windows by what stands for them in addresses; days count from the health date."""

OF_ACCOUNTS = (
    "respondents",
    "role_coverage",
    "role_range",
    "voice",
    "voice_se",
    "voice_band",
    "equated_health",
    "gap",
    "shrunken_gap",
    "se",
    "p_low",
    "p_high",
    "tier",
    "quadrant",
)
"""What an account's row says of the chosen people alone, in this order."""

_EMPTY_WORDS = {"segment": "no segment", "tier": "no tier", "csm": "no CSM", "product": "no product"}
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Traits:
    """What accounts are chosen by; `csm` is an address in small letters, empty texts are not given."""

    segment: str = ""
    tier: str = ""
    csm: str = ""
    renewal_on: date | None = None
    products: frozenset[str] = frozenset()

    def values(self, field: str, as_of: date) -> frozenset[str]:
        """Return every value of a field that would choose the account."""
        if field == "renewal":
            return frozenset(window for window in WINDOWS if renews(self.renewal_on, as_of, window))
        if field == "product":
            return self.products or frozenset({NOT_GIVEN})
        return frozenset({getattr(self, field) or NOT_GIVEN})


NOTHING = Traits()
STORED_AS = {"renewal": "renewal_on", "product": "products"}
"""The names of traits that differ from the field which chooses by them."""


@dataclass(frozen=True)
class Choice:
    """What was chosen, each by its value in the address; empty is all."""

    segment: str = ""
    tier: str = ""
    csm: str = ""
    product: str = ""
    renewal: str = ""
    role: str = ""
    mode: str = ""

    @property
    def of_accounts(self) -> bool:
        """Whether some accounts are left out."""
        return any(getattr(self, field) for field in ACCOUNT_FIELDS)

    @property
    def of_people(self) -> bool:
        """Whether some people are left out, so that an account's voice is another than in the whole study."""
        return bool(self.role or self.mode)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left out."""
        return not (self.of_accounts or self.of_people)

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address: the fields that were chosen, in one order."""
        return {field: value for field, value in asdict(self).items() if value}

    @property
    def key(self) -> str:
        """What tells choices apart: empty where all is chosen."""
        return "" if self.is_empty else canonical_sha256(self.query)

    def without(self, field: str) -> "Choice":
        """Return the choice with one field open again."""
        return replace(self, **{field: ""})

    def takes(self, traits: Traits, as_of: date) -> bool:
        """Tell whether an account is among those chosen, renewals counted from a day on."""
        return all(
            getattr(self, field) in traits.values(field, as_of) for field in ACCOUNT_FIELDS if getattr(self, field)
        )


def renews(renewal_on: date | None, as_of: date, window: str) -> bool:
    """Tell whether a renewal lies in a window: from the day on so many days, both included, or before the day."""
    if renewal_on is None:
        return window == NOT_GIVEN
    if window == OVERDUE:
        return renewal_on < as_of
    return window != NOT_GIVEN and as_of <= renewal_on <= as_of + timedelta(days=int(window))


def chosen(values: Mapping[str, str], known: Mapping[str, Collection[str]]) -> tuple[Choice, list[str]]:
    """Return what an address chooses among the known values of each field, and a sentence for what it chooses wrongly.

    Addresses of CSMs are taken in any letters.
    """
    found: dict[str, str] = {}
    ignored: list[str] = []
    for field in FIELDS:
        wanted = values.get(field, "").strip()
        wanted = wanted.lower() if field == "csm" else wanted
        if wanted in known.get(field, ()):
            found[field] = wanted
        elif wanted:
            shown = wanted if len(wanted) <= _LONGEST_SHOWN else f"{wanted[:_LONGEST_SHOWN]}…"
            ignored.append(f"“{shown}” is no {field} of this study and was left out.")
    return Choice(**found), ignored


def choice_of(query: Mapping[str, str]) -> Choice:
    """Return the choice that was stored as its query."""
    return Choice(**{field: query[field] for field in FIELDS if field in query})


def words_of(choice: Choice, csm_names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return each chosen field in words, as they stand in the head of a report; CSMs by name where it is known."""
    return {field: value_words(field, value, csm_names) for field, value in choice.query.items()}


def value_words(field: str, value: str, csm_names: Mapping[str, str] | None = None) -> str:
    """Return one value of a field in words."""
    if field == "renewal":
        return WINDOWS[value]
    if value == NOT_GIVEN:
        return _EMPTY_WORDS[field]
    if field == "csm":
        return (csm_names or {}).get(value) or value
    if field == "mode":
        return f"{plural(2, value)} only"
    return plural(2, lower_first(label(value))) if field == "role" else value


def facets(
    choice: Choice, accounts: Iterable[Traits], as_of: date, fields: Collection[str] = ACCOUNT_FIELDS
) -> dict[str, dict[str, int]]:
    """Return how many accounts each value of each field would leave, the other fields staying as they are chosen."""
    known = list(accounts)
    return {field: _facet(field, choice.without(field), known, as_of) for field in fields}


def _facet(field: str, others: Choice, accounts: Iterable[Traits], as_of: date) -> dict[str, int]:
    """How many accounts each value of a field would leave; many accounts have the same, which is looked at once."""
    left = (each for each in accounts if others.takes(each, as_of)) if others.of_accounts else accounts
    name = STORED_AS.get(field, field)
    found: Counter[str] = Counter()
    for stored, n in Counter(map(attrgetter(name), left)).items():
        for value in replace(NOTHING, **{name: stored}).values(field, as_of):
            found[value] += n
    return dict(found)
