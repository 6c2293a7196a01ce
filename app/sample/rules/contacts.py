"""The people at the sample accounts."""

from dataclasses import dataclass

from app.sample.rules.people import person_name, slug
from app.sample.rules.profiles import Profile
from app.sample.rules.stories import Archetype
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "contact_id",
    "account_id",
    "name",
    "email",
    "role",
    "is_primary",
    "language",
    "timezone",
    "consent",
    "job_title",
)
# The order in which the seats at an account are filled: the first three are there everywhere.
_SEATS = ("decision_maker", "champion", "power_user", "admin", "power_user", "champion")
_TITLES = {
    "decision_maker": ("Chief operating officer", "Finance director", "Managing director", "Head of procurement"),
    "champion": ("Head of operations", "Programme lead", "Process owner", "Head of digital projects"),
    "admin": ("Systems administrator", "Application manager", "IT coordinator"),
    "power_user": ("Planner", "Team leader", "Dispatcher", "Billing specialist", "Shift supervisor", "Analyst"),
}
_HOW_MANY = {"Enterprise": (4, 5, 5, 6, 6), "Mid-market": (3, 4, 4, 5, 5), "Small": (3, 3, 4, 4, 4)}


@dataclass(frozen=True)
class Person:
    """One contact."""

    contact_id: str
    account_id: str
    name: str
    email: str
    role: str
    is_primary: bool
    timezone: str
    consent: str
    job_title: str


def people(accounts: tuple[Profile, ...], seed: int) -> tuple[Person, ...]:
    """Three to six people per account; no two share a name, so that a name is found by search."""
    taken: set[str] = set()
    return tuple(person for profile in accounts for person in _people_of(profile, seed, taken))


def contacts_table(persons: tuple[Person, ...]) -> Table:
    """One row per contact; job_title is a custom field."""
    return Table(HEADER, tuple(_row(person) for person in persons))


def _people_of(profile: Profile, seed: int, taken: set[str]) -> list[Person]:
    chance = stream(seed, "people", profile.account_id)
    # Where voice and telemetry disagree the finding needs several witnesses, hence at least four people there.
    fewest = 4 if profile.archetype in {Archetype.HIDDEN_RISK, Archetype.HIDDEN_STRENGTH} else 3
    count = max(fewest, chance.choice(_HOW_MANY[profile.segment]))
    domain = f"{slug(profile.name)}.example"
    found = []
    for position, role in enumerate(_SEATS[:count], start=1):
        name = person_name(chance, profile.region_group)
        while name in taken:
            name = person_name(chance, profile.region_group)
        taken.add(name)
        found.append(
            Person(
                contact_id=profile.account_id.replace("A-", "C-") + f"-{position}",
                account_id=profile.account_id,
                name=name,
                email=f"{slug(name, '.')}@{domain}",
                role=role,
                is_primary=position == 2,
                timezone=profile.place.timezone,
                consent=chance.choices(("yes", "unknown", "no"), (82, 14, 4))[0],
                job_title=chance.choice(_TITLES[role]),
            )
        )
    return found


def _row(person: Person) -> tuple[str, ...]:
    return (
        person.contact_id,
        person.account_id,
        person.name,
        person.email,
        person.role,
        "yes" if person.is_primary else "no",
        "en",
        person.timezone,
        person.consent,
        person.job_title,
    )
