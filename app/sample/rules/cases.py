"""The support cases of the sample accounts."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.sample.rules.profiles import Profile
from app.sample.rules.scorecard import BACKLOG, RESOLUTION, value_earning
from app.sample.rules.stories import SHAPES
from app.sample.rules.streams import stream
from app.sample.rules.table import Table
from app.sample.rules.telemetry import target

HEADER = ("case_id", "account_id", "opened_at", "closed_at", "priority", "status", "csat")
_A_YEAR = {"Enterprise": (10, 22), "Mid-market": (5, 11), "Small": (2, 6)}
_PRIORITIES = ("low", "normal", "high", "urgent")


def cases_table(accounts: tuple[Profile, ...], seed: int, until: date) -> Table:
    """Closed and open cases of the year that ends with the given day."""
    return Table(HEADER, tuple(row for profile in accounts for row in _cases_of(profile, seed, until)))


def _cases_of(profile: Profile, seed: int, until: date) -> list[tuple[str, ...]]:
    chance = stream(seed, "cases", profile.account_id)
    shift = SHAPES[profile.story].service
    days_to_close = value_earning(target(chance, profile, shift), RESOLUTION)
    still_open = round(value_earning(target(chance, profile, shift), BACKLOG))
    rows = [_closed(chance, profile, until, days_to_close) for _ in range(chance.randint(*_A_YEAR[profile.segment]))]
    rows += [_open(chance, until) for _ in range(still_open)]
    prefix = profile.account_id.replace("A-", "K-")
    return [(f"{prefix}-{number:02d}", profile.account_id, *row) for number, row in enumerate(sorted(rows), start=1)]


def _closed(chance: Random, profile: Profile, until: date, days_to_close: float) -> tuple[str, ...]:
    closed_at = _at_work(chance, until - timedelta(days=chance.randint(1, 330)))
    opened_at = closed_at - timedelta(minutes=round(days_to_close * chance.lognormvariate(-0.05, 0.3) * 24 * 60))
    happy = profile.voice + chance.gauss(0, 18)
    csat = str(min(max(round(1 + happy / 25), 1), 5)) if chance.random() < 0.45 else ""
    return (_instant(opened_at), _instant(closed_at), _priority(chance), "closed", csat)


def _open(chance: Random, until: date) -> tuple[str, ...]:
    opened_at = _at_work(chance, until - timedelta(days=chance.randint(1, 55)))
    return (_instant(opened_at), "", _priority(chance), "open", "")


def _priority(chance: Random) -> str:
    return chance.choices(_PRIORITIES, (30, 45, 19, 6))[0]


def _at_work(chance: Random, day: date) -> datetime:
    return datetime.combine(day, time(chance.randint(7, 16), chance.randint(0, 59)), UTC)


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
