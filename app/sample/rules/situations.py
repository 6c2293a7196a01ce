"""What happens around the sample's accounts, and what they bought and took of education."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.education.rules.records import Typed
from app.overlays.rules.typed import TypedChange, TypedOverlay
from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.streams import stream

NAME = "Freight shortage"
_SINCE, _UNTIL = 75, 120
IMPACTS = (
    ("Manufacturing", "severe", "Parts arrive weeks late; lines stand still."),
    ("Logistics", "severe", "Ships and drivers are missing, orders wait."),
    ("Retail", "moderate", "Shelves are thinner, fewer shifts to plan."),
    ("Food and drink", "moderate", "Packaging arrives late."),
    ("Construction", "slight", "Some sites wait for timber."),
    ("Insurance", "none", ""),
    ("Financial services", "none", ""),
    ("Media", "helped", "More people read, more shifts to plan."),
)
"""Industry, level and words; the other industries nobody has judged."""

_CHANGES = (
    TypedChange("severe", "The plant works three days a week until parts arrive.", "Two months free", "6000", ""),
    TypedChange("slight", "They had stocked up in spring and plan as before.", "", "", ""),
    TypedChange("moderate", "Two of five sites stand still.", "", "", "Paid every month instead of once a year"),
)
_EDUCATION_SEATS = (8, 12, 20, 40)


def shortage(today: date) -> TypedOverlay:
    """The situation of the sample: begun weeks ago, with a day on which it is looked at again."""
    return TypedOverlay(
        name=NAME,
        description="Containers and drivers are scarce in Europe; whoever makes or moves goods plans from day to day.",
        starts_on=(today - timedelta(days=_SINCE)).isoformat(),
        ends_on=(today + timedelta(days=_UNTIL)).isoformat(),
    )


def changes(accounts: Sequence[Profile]) -> list[tuple[str, TypedChange]]:
    """What CSMs say of single accounts: the first three of the industries that are met severely."""
    severe = {industry for industry, level, _ in IMPACTS if level == "severe"}
    met = [profile.account_id for profile in accounts if profile.industry in severe]
    return list(zip(met, _CHANGES, strict=False))


def education(accounts: Sequence[Profile], seed: int, today: date) -> list[tuple[str, Typed]]:
    """What about every third account bought of education and took of it; of the others nobody noted anything."""
    noted, known = [], showcase(accounts)
    for profile in accounts:
        chance = stream(seed, "education", profile.account_id)
        if chance.random() < 1 / 3 or profile.account_id in known:
            noted.append((profile.account_id, _typed(chance.random(), chance.choice(_EDUCATION_SEATS), today)))
    return noted


def _typed(luck: float, seats: int, today: date) -> Typed:
    if luck < 0.2:
        return Typed("no")
    bought = {"included": "yes", "what": "Course for planners", "hours": "8", "seats": str(seats)}
    if luck < 0.55:
        return Typed(**bought)
    day = (today - timedelta(days=40 + round(200 * luck))).isoformat()
    return Typed(**bought, taken_on=day, takers="Planners", people=str(max(round(seats * luck), 1)))
