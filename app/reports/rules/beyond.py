"""What stands behind the gap, in short: the finding of each topic and what became of what was promised."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.core.display import count
from app.core.words import capital, counted, in_words, plural
from app.reports.rules.topics.page import Page

Entry = dict[str, Any]

TOPICS: Mapping[str, str] = {
    "silence": "Silence",
    "dimensions": "Services and topics",
    "drivers": "Drivers",
    "three_ways": "Who was closer",
    "modes": "Survey or interview",
}
"""The topics with a finding here before that of the health score, by what stands above each."""
VALIDITY, TRENDS, ACTIONS = "Is the health score right?", "Trends", "Actions"

SENTENCES, FIGURES = 2, 3
"""The most of each that a topic takes up in the report; the rest stands on its page."""

UNTESTED = (
    "Nobody has held this health score against outcomes yet. Import outcomes (renewals, churn), then ask for the test "
    "on the scorecard’s page."
)
NO_ACTIONS = "Nothing was agreed on yet. Follow-ups are noted during interviews and on each account’s page."


@dataclass(frozen=True)
class Followed:
    """What became of follow-ups, or of promises: how many there are, how many are done, and how many late."""

    all: int
    done: int
    late: int


def entry(key: str, name: str, page: Page | None, *, empty: str = "") -> Entry:
    """The finding of a page with its first figures; a page where nothing can be said gives what would fill it."""
    if page is None:
        return {"key": key, "name": name, "title": "", "text": [], "figures": [], "empty": empty}
    workings = [working for section in page.sections for working in section.workings]
    gaps = [section.empty for section in page.sections if section.empty]
    is_empty = not workings and not page.lede and bool(gaps)
    return {
        "key": key,
        "name": name,
        "title": page.title,
        "text": list(page.lede[:SENTENCES]),
        "figures": [asdict(working) for working in workings[:FIGURES]],
        "empty": gaps[0] if is_empty else "",
    }


def actions_entry(promised: Followed, internal: Followed, delivered: Followed) -> Entry:
    """What became of follow-ups that customers were promised, of those among ourselves, and of promises of value."""
    rows = [
        ("Follow-ups promised to customers", promised),
        ("Follow-ups among ourselves", internal),
        ("Promises of value", delivered),
    ]
    known = [(name, row) for name, row in rows if row.all]
    return {
        "key": "actions",
        "name": ACTIONS,
        "title": actions_title(promised, internal) if known else "",
        "text": _delivered_text(delivered),
        "figures": [],
        "counts": [{"name": name, **asdict(row)} for name, row in known],
        "empty": "" if known else NO_ACTIONS,
    }


def actions_title(promised: Followed, internal: Followed) -> str:
    """What is late of what was agreed, promises to customers first."""
    if promised.late:
        return f"{_of(promised.late, promised.all)} promised to customers {plural(promised.late, 'is')} late"
    if internal.late:
        return f"{_of(internal.late, internal.all)} among ourselves {plural(internal.late, 'is')} late"
    every = promised.all + internal.all
    if not every:
        return "No follow-up was agreed on yet"
    return f"No follow-up is late; {_some(promised.done + internal.done)} of {in_words(every)} done"


def _of(n: int, every: int) -> str:
    return f"{capital(in_words(n))} of {counted(every, 'follow-up')}"


def _some(n: int) -> str:
    return in_words(n) if n else "none"


def _delivered_text(delivered: Followed) -> list[str]:
    if not delivered.all:
        return []
    promises = counted(delivered.all, "promise")
    return [
        f"Of {promises} of value on record, {_some(delivered.done)} {plural(delivered.done or 1, 'is')} noted as kept."
    ]


def action_rows(made: Sequence[Entry]) -> list[tuple[str, str, str, str]]:
    """The counts of follow-ups and promises as texts: of what, all, done, late."""
    rows = (row for each in made for row in each.get("counts", ()))
    return [(row["name"], count(row["all"]), count(row["done"]), count(row["late"])) for row in rows]
