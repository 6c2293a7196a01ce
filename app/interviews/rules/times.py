"""How the time of an interview went: per question what was sent, in sum, and whether it could have been read aloud."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.errors import Refusal

WORDS_PER_MINUTE = 150
"""How fast a script is read aloud, by convention; an answer that stands there sooner was given before its end."""
MOST_ROWS = 400
LONGEST_SECONDS = 86_400
_TAB = re.compile(r"[0-9a-f]{8,32}")
_ROW = re.compile(r"(\S{1,700}) ([0-9]{1,6}) ([0-9]{1,6}|-) ([0-9]{1,6}) ([0-9]{1,6}) ([0-9]{1,6})")


@dataclass(frozen=True)
class Spent:
    """What was done at one question: seconds in view, those until its first answer, changes, visits, jumps to it."""

    slot: str
    seconds: int
    seconds_to_answer: int | None = None
    edits: int = 0
    visits: int = 0
    jumps: int = 0


def tab_in(raw: str) -> str:
    """The name of a window; Refusal where it is none."""
    if not _TAB.fullmatch(raw):
        raise Refusal("The page does not say which window it is; reload it.", "tab")
    return raw


def spent_in(rows: Sequence[str], known: Iterable[str]) -> list[Spent]:
    """What a page sent, one row of words each: slot, seconds, seconds to the answer or -, edits, visits, jumps.

    Rows of places that the interview does not have are left out; Refusal where a row is none.
    """
    names, found = set(known), {}
    for raw in rows[:MOST_ROWS]:
        match = _ROW.fullmatch(raw)
        if match is None:
            raise Refusal("These are no times of this page.", "row")
        slot, seconds, until, edits, visits, jumps = match.groups()
        if slot in names:
            until_answer = None if until == "-" else _bounded(until)
            found[slot] = Spent(slot, _bounded(seconds), until_answer, int(edits), int(visits), int(jumps))
    return list(found.values())


def _bounded(raw: str) -> int:
    return min(int(raw), LONGEST_SECONDS)


def summed(first: Spent, second: Spent) -> Spent:
    """What was done at one question in two windows, the first of which was opened first."""
    until = first.seconds_to_answer
    return Spent(
        first.slot,
        first.seconds + second.seconds,
        until if until is not None else second.seconds_to_answer,
        first.edits + second.edits,
        first.visits + second.visits,
        first.jumps + second.jumps,
    )


def seconds_to_read(words: str) -> float:
    """How many seconds it takes to read words aloud: their count ÷ WORDS_PER_MINUTE × 60."""
    return len(words.split()) / WORDS_PER_MINUTE * 60


def is_faster_than_read(words: str, spent: Spent) -> bool:
    """Whether the first answer stood there before the words could have been read aloud."""
    return spent.seconds_to_answer is not None and spent.seconds_to_answer < int(seconds_to_read(words))
