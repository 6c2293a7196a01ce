"""The distress index in words: high is bad, and silence is not the same as calm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import MISSING, NBSP, count, day, money, number, signed
from app.core.words import capital, counted, listed, plural

DISTRESS_ROWS = 50

BANDS = {
    "high": "Highest quarter",
    "raised": "Third quarter",
    "some": "Second quarter",
    "calm": "Lowest quarter",
    "silent": "Silent",
    "unknown": "Not known",
}

_TOLD = {
    "ever": ("cases ever", "{} per 100 seats"),
    "recent": ("new cases", "{} per 100 seats in 30 days"),
    "open": ("open cases", "{} per 100 seats"),
    "days_open": ("age of open cases", "{} days on average"),
    "days_to_close": ("time to close", "{} days on average"),
}
MOST_DRIVERS = 2

Row = Any


@dataclass(frozen=True)
class DistressLine:
    """One account: its distress, how it changed, its place with the range that other weights give, and what drives it.

    `is_silent` is an account that never had a case: nothing says that it is well.
    """

    crm_id: str
    name: str
    arr: str
    score: str
    change: str
    with_voice: str
    band: str
    place: str
    place_range: str
    drivers: list[tuple[str, str]]
    is_silent: bool


def distress_line(row: Row) -> DistressLine:
    """The line of a row of `queries.distress`."""
    is_silent = row.band == "silent"
    has_score = row.score is not None and not is_silent
    return DistressLine(
        crm_id=row.crm_id,
        name=row.name,
        arr=money(row.arr, row.currency),
        score=number(row.score) if has_score else MISSING,
        change=change_of(row.score, row.earlier) if has_score else MISSING,
        with_voice=number(row.with_voice) if has_score else MISSING,
        band=BANDS[row.band],
        place=count(row.rank) if has_score else MISSING,
        place_range=f"{count(row.rank_lo)} to{NBSP}{count(row.rank_hi)}" if has_score and row.rank_lo else "",
        drivers=drivers_of(row.indicators) if has_score else [],
        is_silent=is_silent,
    )


def change_of(score: float | None, earlier: float | None) -> str:
    """The change against thirty days before, in points; a dash where there is none to compare with."""
    return MISSING if score is None or earlier is None else signed(round(score) - round(earlier)) or "0"


def drivers_of(indicators: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The two indicators that stand highest above the middle of the portfolio, each with its value in words."""
    known = [each for each in indicators if each["place"] is not None and each["place"] > 50]
    highest = sorted(known, key=lambda each: -each["place"])[:MOST_DRIVERS]
    return [(_TOLD[each["key"]][0], _TOLD[each["key"]][1].format(number(each["value"], 1))) for each in highest]


def distress_title(worst: Row | None, *, sees_all: bool) -> str:
    """The finding over the list of which `worst` is the first row, no surer than the place of that row."""
    if worst is None or worst.score is None or worst.band == "silent":
        return f"No account{'' if sees_all else ' of yours'} has had a support case yet"
    whose = "Distress" if sees_all else "Among your accounts, distress"
    near = "" if worst.rank_lo == worst.rank_hi else ", and its place depends on the weights"
    return f"{whose} is highest at {worst.name}: {number(worst.score)} of 100{near}"


def distress_lede(bands: Mapping[str, int]) -> str:
    """How many accounts are listed, and how to read the list."""
    told = sum(number for band, number in bands.items() if band not in ("silent", "unknown"))
    silent = bands.get("silent", 0)
    quiet = f" {capital(counted(silent, 'account'))} {plural(silent, 'is')} silent, which is not the same as well."
    what = "High is bad: how much trouble with support an account has beside the others."
    return f"{capital(counted(told, 'account'))}, the worst first. {what}{quiet if silent else ''}"


def distress_basis(as_of: Any, figures: Mapping[str, Any]) -> str:
    """How the index came about, in sentences."""
    scale = (
        "Each is placed between fixed goalposts, as fewer than ten accounts are no scale"
        if figures["uses_goalposts"]
        else "Each is placed among all accounts, 0 to 100"
    )
    return (
        "The distress index is the mean of five figures of support cases: cases ever, in the last 30 days "
        f"and open (per 100 seats), days that open ones are old, and days that closed ones took. {scale}. "
        f"As of {day(as_of)}; the change is against 30 days before. Places are from 1, the worst; the range is what "
        "remains when the five weights are changed by up to a quarter (5th to 95th percentile of "
        f"{count(figures['draws'])} draws, seed {figures['seed']})."
    )


def account_sentence(score: Row | None) -> tuple[str, str]:
    """The head and the sentence about one account's distress; empty where the index does not know it."""
    if score is None:
        return "", ""
    if score.band == "silent":
        return "No case yet: silent, not calm", "Nobody there has ever asked support for anything."
    if score.score is None:
        return "Distress is not known", "Its cases cannot be compared without a number of seats."
    head = f"Distress {number(score.score)} of 100, high is bad"
    parts = [f"{name} ({value})" for name, value in drivers_of(score.indicators)]
    why = f"Driven by {listed(parts)}." if parts else "No figure of its support cases stands out."
    change = change_of(score.score, score.earlier)
    trend = "" if change == MISSING else f" {change} in 30 days." if change != "0" else " Unchanged in 30 days."
    place = f" {BANDS[score.band]}, place {count(score.rank)} from the worst."
    return head, f"{why}{trend}{place}"
