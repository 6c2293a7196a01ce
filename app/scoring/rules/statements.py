"""What people said in words, as columns: open answers, and sentences that interviewers wrote down word for word."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.verbatims import POSITIVE_FROM

LOW = 50.0
"""Score under which somebody counts as low (methods k)."""

KEPT = 60
"""Statements kept for and against a finding; their words are read when somebody looks."""


@dataclass(frozen=True)
class Said:
    """Statements as columns: id, position of the account, and sentiment −1…1.

    The id is the row of an open answer, or the row of a remark below 0: a quote.
    """

    ids: IntArray
    account: IntArray
    compound: FloatArray

    def at(self, places: Any) -> "Said":
        """The same columns at these places alone."""
        return Said(self.ids[places], self.account[places], self.compound[places])

    @property
    def quotes(self) -> int:
        """How many of them are quotes."""
        return int((self.ids < 0).sum())


def is_quote(statement: int) -> bool:
    """Whether a statement is a quote and not an open answer."""
    return statement < 0


def remark_id(statement: int) -> int:
    """Return the row of the remark that a quote stands in."""
    return -statement


def both_sides(said: Said, score: FloatArray, *, is_of_low: bool) -> tuple[list[int], list[int]]:
    """Return the statements that bear out that something is bad for low scores, and those that contradict it.

    It is borne out by who scores low (0-100, one score per statement) and does not praise, and contradicted by the rest
    and by praise; the other way round for what is good for the rest. Without a score nothing is said. The strongest
    words come first, every account once before any stands twice.
    """
    compound = np.nan_to_num(said.compound)
    is_theirs = score < LOW if is_of_low else score >= LOW
    turn = compound if is_of_low else -compound
    is_scored: BoolArray = ~np.isnan(score)
    bears_out = is_theirs & (turn < POSITIVE_FROM)
    return (
        _varied(said.at(np.flatnonzero(bears_out)), turn[bears_out]),
        _varied(said.at(np.flatnonzero(is_scored & ~bears_out)), -turn[is_scored & ~bears_out]),
    )


def _varied(said: Said, order: FloatArray) -> list[int]:
    """Return ids by rising order, every account once before any stands twice."""
    places = np.lexsort((said.ids, order))
    account = said.account[places]
    turn = np.zeros(len(places), np.int64)
    by_account = np.argsort(account, kind="stable")
    ordered = account[by_account]
    turn[by_account] = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    found: list[int] = said.ids[places[np.argsort(turn, kind="stable")]][:KEPT].tolist()
    return found
