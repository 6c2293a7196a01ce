"""Twelve months of telemetry whose latest figures earn each account its latent health."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from app.sample.rules.profiles import Profile
from app.sample.rules.scorecard import BREADTH, MOMENTUM, PAYMENT, USAGE, Points, value_earning
from app.sample.rules.stories import SHAPES, Archetype, Story
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = ("account_id", "period_end", "metric", "value", "unit")
MONTHS = 12
_UNITS = {
    "active_users": "users",
    "logins": "logins",
    "features_used": "features",
    "api_calls": "calls",
    "training_sessions": "sessions",
    "invoices_overdue_days": "days",
}
# How far a single measure strays from the account's latent health, in points.
_MEASURE_SPREAD = 8.0
# A season that ended half a year ago: the factor on people at work, the oldest month first.
_SEASON = (1.0, 1.1, 1.5, 2.1, 2.6, 2.6, 2.2, 1.6, 1.2, 1.0, 1.0, 1.0)

Series = list[float]


def month_ends(today: date, count: int = MONTHS) -> list[date]:
    """The last days of the latest complete months, the oldest first."""
    ends = []
    day = today + timedelta(days=1)
    for _ in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def telemetry_table(accounts: tuple[Profile, ...], seed: int, today: date) -> Table:
    """One row per account, month and metric."""
    ends = month_ends(today)
    return Table(
        HEADER,
        tuple(
            (profile.account_id, end.isoformat(), metric, str(round(value)), unit)
            for profile in accounts
            for metric, unit in _UNITS.items()
            for end, value in zip(ends, _series(profile, metric, seed, ends), strict=True)
        ),
    )


def target(chance: Random, profile: Profile, shift: float) -> float:
    """The sub-score that one measure shall earn."""
    return min(max(profile.health + shift + chance.gauss(0, _MEASURE_SPREAD), 4.0), 98.0)


def _series(profile: Profile, metric: str, seed: int, ends: list[date]) -> Series:
    chance = stream(seed, "telemetry", profile.account_id, metric)
    makers: dict[str, Callable[[Random, Profile, list[date]], Series]] = {
        "active_users": _active_users,
        "logins": _logins,
        "features_used": _features_used,
        "api_calls": _api_calls,
        "training_sessions": _training_sessions,
        "invoices_overdue_days": _overdue_days,
    }
    return makers[metric](chance, profile, ends)


def _level(chance: Random, profile: Profile, points: Points) -> float:
    return value_earning(target(chance, profile, SHAPES[profile.story].use), points)


def _active_users(chance: Random, profile: Profile, ends: list[date]) -> Series:
    """Up to the number of seats, drifting over the year towards today's level."""
    latest = min(_level(chance, profile, USAGE), 0.98) * profile.seats
    drift = chance.uniform(-0.03, 0.02) if profile.health > 50 else chance.uniform(0.0, 0.05)
    season = _SEASON if profile.story is Story.SEASONAL else (1.0,) * len(ends)
    ages = range(len(ends) - 1, -1, -1)
    drawn = [latest * factor * (1 + drift) ** max(0, age - 2) for age, factor in zip(ages, season, strict=True)]
    return [min(users * chance.gauss(1, 0.02), profile.seats) for users in drawn]


def _logins(chance: Random, profile: Profile, ends: list[date]) -> Series:
    """A straight trend over the last six months, flat before, about twelve logins a month and active person."""
    latest = 12.0 * max(profile.health, 25.0) / 100
    slope = _level(chance, profile, MOMENTUM)
    ages = [min((ends[-1] - end).days / 30, 6.0) for end in ends]
    # The noise is small against the trend, which would otherwise drown in it at quiet accounts.
    return [max(latest - slope * age, 0.2) * profile.seats * chance.gauss(1, 0.01) for age in ages]


def _features_used(chance: Random, profile: Profile, ends: list[date]) -> Series:
    latest = _level(chance, profile, BREADTH)
    ages = range(len(ends) - 1, -1, -1)
    return [max(1.0, latest - 0.15 * max(0, age - 2) + chance.uniform(-0.5, 0.5)) for age in ages]


def _api_calls(chance: Random, profile: Profile, ends: list[date]) -> Series:
    """Calls grow with use, except where machines do all the work."""
    per_seat = 2600.0 if profile.story is Story.API_ONLY else 0.9 * profile.health
    return [
        per_seat * profile.seats * chance.lognormvariate(0, 0.08) * (1 + 0.02 * month) for month in range(len(ends))
    ]


def _training_sessions(chance: Random, profile: Profile, ends: list[date]) -> Series:
    """Few come to training where people are tied in rather than won over."""
    most = 1 if profile.archetype is Archetype.HIDDEN_RISK else 1 + round(profile.health / 30)
    return [float(max(0, chance.randint(-1, most))) for _ in ends]


def _overdue_days(chance: Random, profile: Profile, ends: list[date]) -> Series:
    latest = value_earning(target(chance, profile, SHAPES[profile.story].service), PAYMENT)
    return [latest * chance.uniform(0.2, 1.1) for _ in ends[1:]] + [latest]
