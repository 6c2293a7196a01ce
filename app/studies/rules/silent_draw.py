"""Who was asked and never answered, and which of them are drawn to be interviewed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from app.core.documents import canonical_sha256
from app.core.errors import Refusal
from app.studies.rules.dispositions import ORDER, Disposition, dispositions_of
from app.studies.rules.drawing import random_number

WAVE = "silent"
"""Stands in the text that is hashed, so that the silent are not drawn by the numbers of the study's own draw."""

MOST_AT_ONCE = 500


class Standing(IntEnum):
    """What we have from a person who was drawn."""

    HEARD = 0
    SILENT = 1
    REFUSED = 2
    NOT_ASKED = 3


_STANDINGS = {
    **dict.fromkeys((Disposition.COMPLETE, Disposition.PARTIAL, Disposition.BREAK_OFF), Standing.HEARD),
    Disposition.REFUSED: Standing.REFUSED,
    **dict.fromkeys((Disposition.NOT_INVITED, Disposition.QUOTA_FULL, Disposition.LEFT), Standing.NOT_ASKED),
}
_BY_POSITION = np.array([_STANDINGS.get(each, Standing.SILENT) for each in ORDER], dtype=np.int64)


@dataclass(frozen=True)
class Standings:
    """Each person's `Standing`, and whether it is assumed that everybody was asked."""

    each: NDArray[np.int64]
    is_assumed: bool


def standings_of(
    facts: NDArray[np.int64], *, is_heard: NDArray[np.bool_], is_unwilling: NDArray[np.bool_]
) -> Standings:
    """Return each person's standing; `facts` are positions in `CONTACTED`.

    Whoever was asked and sent nothing is silent, also when a mail came back or answers were begun. Where answers came
    and nobody is known to have been asked, they were collected elsewhere: everybody drawn but those whose consent is no
    then counts as asked.
    """
    each: NDArray[np.int64] = _BY_POSITION[dispositions_of(facts, is_heard=is_heard, core_share=np.ones(len(facts)))]
    unknown = each == Standing.NOT_ASKED
    if not (is_heard.any() and (is_heard | unknown).all()):
        return Standings(each, is_assumed=False)
    return Standings(np.where(unknown & ~is_unwilling, Standing.SILENT, each), is_assumed=True)


@dataclass(frozen=True)
class Candidate:
    """A silent person at a silent account; the keys are the CRM's."""

    respondent_id: int
    account_id: int
    account_key: str
    contact_key: str


@dataclass(frozen=True)
class Ranked:
    """A silent account with its number u, 0 to 1, and the person there who would be interviewed."""

    candidate: Candidate
    u: float


def ranked(candidates: Iterable[Candidate], *, seed: int) -> list[Ranked]:
    """Return every silent account by rising u, each with one person: the first so many are a simple random sample.

    u is the first 8 bytes of SHA-256("seed|silent|account") over 2⁶⁴, and among the people of an account the one with
    the smallest number made alike is taken; so the draw does not depend on the order of rows, and can be recomputed.
    """
    chosen: dict[int, tuple[float, Candidate]] = {}
    for each in candidates:
        ticket = (random_number(each.contact_key, seed, WAVE), each)
        known = chosen.get(each.account_id)
        if known is None or (ticket[0], each.contact_key) < (known[0], known[1].contact_key):
            chosen[each.account_id] = ticket
    rows = [Ranked(each, random_number(each.account_key, seed, WAVE)) for _, each in chosen.values()]
    return sorted(rows, key=lambda row: (row.u, row.candidate.account_key))


def frame_sha256(candidates: Iterable[Candidate]) -> str:
    """Return the hash of the frame: every candidate's account and contact, sorted."""
    return canonical_sha256(sorted([each.account_key, each.contact_key] for each in candidates))


def whole_in(raw: str) -> int:
    """Return the whole number that was typed; 0 for anything else, which is no number to draw."""
    text = raw.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def seed_in(raw: str | None, usual: int) -> int:
    """Return the seed that was typed; the usual one where none was sent. Refuses what is no whole number."""
    if raw is None:
        return usual
    text = raw.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal("Enter a whole number of at most nine digits as the seed.", "seed")
    return int(text)
