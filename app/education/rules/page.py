"""How education and missing skills read on pages: finished words for templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.display import MISSING, day, money
from app.core.words import capital, counted, label
from app.education.rules.records import Reading, bought_words, taken_words
from app.education.rules.skills import Need
from app.questionnaires.rules.quoting import LEVELS

MOST_QUOTES = 2
LONGEST_QUOTE = 280


@dataclass(frozen=True)
class ReadingLine:
    """One reading on the page of education."""

    reading: Reading
    accounts: int
    arr: str


@dataclass(frozen=True)
class AccountLine:
    """One account of a reading."""

    crm_id: str
    name: str
    arr: str
    bought: str
    taken: str


@dataclass(frozen=True)
class NeedLine:
    """What one person said that they lack, and what was begun for it."""

    respondent_id: int
    role: str
    crm_id: str
    account: str
    signs: list[str]
    quotes: list[tuple[str, str]]
    said: str
    study_key: str
    external_id: str
    action_id: int | None
    action: str


def reading_lines(rows: Sequence[Any], currency: str | None) -> list[ReadingLine]:
    """How many accounts each reading has and what they pay a year, in the order of what wants doing."""
    found = {row.reading: row for row in rows}
    return [
        ReadingLine(each, found[each].accounts if each in found else 0, _arr(found.get(each), currency))
        for each in Reading
    ]


def account_line(row: Any, currency: str | None) -> AccountLine:
    """One account with what it bought and took."""
    return AccountLine(
        crm_id=row.crm_id,
        name=row.name,
        arr=MISSING if row.arr is None else money(row.arr, currency),
        bought=bought_words(row.what, row.hours, row.seats),
        taken=taken_words(row.taken_on, row.people, row.share),
    )


def title(lines: Sequence[ReadingLine], needs: int, open_needs: int) -> str:
    """What the page of education comes to, in one line."""
    not_taken = next(line.accounts for line in lines if line.reading is Reading.NOT_TAKEN)
    parts = [f"{counted(not_taken, 'account')} bought education and took none"] if not_taken else []
    if open_needs:
        parts.append(f"{counted(open_needs, 'person')} in need of it")
    if not parts and needs:
        return "Every need of education has an action"
    return capital(", ".join(parts)) if parts else "Nobody is known to lack education"


def ordered(needs: Mapping[int, Need], actions: Mapping[int, Any]) -> list[int]:
    """Respondents in the order in which they are shown: without an action first, then open, then done; lowest first."""

    def place(respondent_id: int) -> tuple[int, float, int]:
        action = actions.get(respondent_id)
        state = 0 if action is None else 1 if action.done_at is None else 2
        return state, needs[respondent_id].rank, respondent_id

    return sorted(needs, key=place)


def need_line(need: Need, facts: Any, action: Any, quotes: Sequence[tuple[str, str | None]], today: date) -> NeedLine:
    """What one person lacks, by role, with their words as their consent has it."""
    return NeedLine(
        respondent_id=facts.id,
        role=label(facts.role),
        crm_id=facts.crm_id,
        account=facts.account,
        signs=need.signs,
        quotes=[
            (_short(words), capital(LEVELS.get(level or "", "level not asked")))
            for words, level in quotes[:MOST_QUOTES]
        ],
        said=f"{facts.study}, {day(facts.submitted_at)}",
        study_key=facts.study_key,
        external_id=facts.external_id,
        action_id=action.id if action else None,
        action=_action(action, today),
    )


def _action(action: Any, today: date) -> str:
    if action is None:
        return ""
    if action.done_at is not None:
        return f"Done {day(action.done_at)}"
    late = ", overdue" if action.due_on < today else ""
    return f"Under way until {day(action.due_on)}{late}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"


def _arr(row: Any, currency: str | None) -> str:
    return MISSING if row is None or row.arr is None else money(Decimal(row.arr), currency)
