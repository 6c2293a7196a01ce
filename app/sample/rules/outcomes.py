"""What became of the contracts that came up in the past year."""

from datetime import date, timedelta

from app.sample.rules.profiles import Profile
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = ("account_id", "outcome_date", "outcome", "reason_category", "reason")
_SHRUNK = (
    ("budget", "Budget cut across the group; fewer seats for the field teams."),
    ("fit", "Two departments went back to their own tool."),
    ("value", "Could not show the saving that the business case had named."),
    ("organisation", "A site was closed and its seats were given back."),
)
_GREW = (
    ("success", "Second site asked to join after seeing the first."),
    ("success", "Seats added for the evening shift."),
    ("organisation", "A newly acquired company was brought in."),
    ("product", "Took the reporting module in addition."),
)


def outcomes_table(accounts: tuple[Profile, ...], seed: int, today: date) -> Table:
    """At most one outcome per account, on the day its yearly term ended within the past year."""
    rows = [row for profile in accounts if (row := _outcome(profile, seed, today)) is not None]
    return Table(HEADER, tuple(rows))


def _outcome(profile: Profile, seed: int, today: date) -> tuple[str, ...] | None:
    """Yearly contracts came up within the past year; longer ones only where they grew in between."""
    chance = stream(seed, "outcome", profile.account_id)
    if profile.term_months == 12:
        day = profile.renewal_on.replace(year=profile.renewal_on.year - 1, day=min(profile.renewal_on.day, 28))
        kind = chance.choices(("renewed", "contracted", "expanded"), _odds(profile))[0]
    elif chance.random() < profile.voice / 400:
        day, kind = today - timedelta(days=chance.randint(30, 330)), "expanded"
    else:
        return None
    category, reason = {"contracted": chance.choice(_SHRUNK), "expanded": chance.choice(_GREW)}.get(kind, ("", ""))
    return (profile.account_id, day.isoformat(), kind, category, reason)


def _odds(profile: Profile) -> tuple[float, float, float]:
    unhappy = 1 - profile.voice / 100
    return (0.6, 0.6 * unhappy, 0.3 * (1 - unhappy))
