"""What is unusual about a response: told with the reason, counted in the report, and never a ground to leave it out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.words import squeezed
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.marks import marks_of

ENOUGH_TIMED = 20
SHARE_OF_MEDIAN = 1 / 3
SECONDS_PER_QUESTION = 2
MACHINE_SECONDS = 3
ENOUGH_SCALES = 5
LONG_TEXT = 40
ENOUGH_ALIKE = 6
ALIKE_SECONDS = 3600


class Kind(StrEnum):
    """What a response can be flagged for."""

    SPEEDER = "speeder"
    STRAIGHT_LINER = "straight_liner"
    DUPLICATE = "duplicate"
    MACHINE = "machine"


@dataclass(frozen=True)
class Flag:
    """One flag with its reason in a sentence."""

    kind: Kind
    reason: str


class Content(NamedTuple):
    """All that somebody answered: how many answers, their plain numbers bit for bit, and what stands beside them."""

    answers: int
    numbers: bytes
    beside: frozenset[Any]


@dataclass(frozen=True)
class Sent:
    """Columns over the responses that were sent.

    `account` and `version` are labels, `seconds` is how long the form stood open (NaN: unknown) and `answered` how many
    questions were (0: unknown). `positions` is responses × scale questions: where on the scale the answer stands, 0
    left and 1 right as it was shown, NaN where there is none; `reverse` says which of these questions are put the other
    way round. `texts` are (response, words) of long words that may stand in several; `contents` all answers of
    those responses whose numbers equal another's (see `candidates`). What these are called, and when they were sent
    (seconds), stands in `ids` and `at`.
    """

    account: IntArray
    version: IntArray
    seconds: FloatArray
    answered: IntArray
    positions: FloatArray
    reverse: BoolArray
    texts: Sequence[tuple[int, str]]
    contents: Mapping[int, Content]
    ids: Mapping[int, str]
    at: Mapping[int, float]


Flags = dict[int, list[Flag]]


def flags_of(sent: Sent) -> Flags:
    """Return the flags of each response that has any, by its position."""
    flags: Flags = defaultdict(list)
    for found in (_hasty(sent), _straight(sent), _same_words(sent), _same_answers(sent)):
        for position, flag in found:
            if all(flag.kind is not kept.kind for kept in flags[position]):
                flags[position].append(flag)
    return dict(flags)


def counts_of(flags: Flags, responses: int) -> dict[str, int]:
    """Return how many responses there are, how many are flagged, and how many for each kind."""
    kinds = [{flag.kind for flag in each} for each in flags.values()]
    return {"responses": responses, "flagged": len(flags)} | {
        str(kind): sum(kind in each for each in kinds) for kind in Kind
    }


def candidates(account: IntArray, numbers: FloatArray, words: NDArray[np.uint64]) -> list[int]:
    """Return the responses whose numbers and words equal those of another person of their account, by all appearance.

    `words` is a mark of each one's open answers, the same for the same words.
    """
    groups: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for position in repeated(marks_of(account.astype(np.uint64) ^ words, numbers)):
        groups[int(account[position]), numbers[position].tobytes()].append(position)
    return sorted(position for group in groups.values() if len(group) > 1 for position in group)


def near(alike: Sequence[int], account: IntArray, at: Mapping[int, float]) -> list[int]:
    """Return those of the responses within an hour of which another of their account was sent."""
    groups: dict[int, list[int]] = defaultdict(list)
    for position in sorted(alike, key=at.__getitem__):
        groups[int(account[position])].append(position)
    pairs = [pair for group in groups.values() for pair in pairwise(group)]
    return sorted({each for pair in pairs if at[pair[1]] - at[pair[0]] <= ALIKE_SECONDS for each in pair})


def repeated(marks: NDArray[Any]) -> list[int]:
    """Return the positions of marks that occur more than once."""
    ordered = np.sort(marks)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    found: list[int] = np.flatnonzero(np.isin(marks, several)).tolist() if len(several) else []
    return found


def slowest_hasty(seconds: FloatArray) -> float | None:
    """Return the seconds below which a form was answered hastily: a third of the median of 20 or more; else None."""
    known = seconds[~np.isnan(seconds)]
    return None if len(known) < ENOUGH_TIMED else float(np.median(known)) * SHARE_OF_MEDIAN


def _hasty(sent: Sent) -> Iterator[tuple[int, Flag]]:
    limits = {version: slowest_hasty(sent.seconds[sent.version == version]) for version in np.unique(sent.version)}
    for position in np.flatnonzero(~np.isnan(sent.seconds)).tolist():
        flag = _haste(float(sent.seconds[position]), int(sent.answered[position]), limits[sent.version[position]])
        if flag is not None:
            yield position, flag


def _haste(seconds: float, answered: int, limit: float | None) -> Flag | None:
    if seconds <= 0:
        return Flag(Kind.MACHINE, "Sent from a form that had not been opened: perhaps a machine.")
    if seconds < MACHINE_SECONDS:
        return Flag(Kind.MACHINE, f"Sent {_time(seconds)} after the form was opened: perhaps a machine.")
    if answered and seconds < SECONDS_PER_QUESTION * answered:
        return Flag(
            Kind.SPEEDER,
            f"{answered} questions answered in {_time(seconds)}, less than {SECONDS_PER_QUESTION} seconds for each.",
        )
    if limit is not None and seconds < limit:
        median = _time(limit / SHARE_OF_MEDIAN)
        return Flag(Kind.SPEEDER, f"Answered in {_time(seconds)}, less than a third of the usual {median} (median).")
    return None


def _straight(sent: Sent) -> Iterator[tuple[int, Flag]]:
    given = ~np.isnan(sent.positions)
    count = given.sum(axis=1)
    low = np.where(given, sent.positions, np.inf).min(axis=1, initial=np.inf)
    high = np.where(given, sent.positions, -np.inf).max(axis=1, initial=-np.inf)
    for position in np.flatnonzero((count >= ENOUGH_SCALES) & (high - low < 1e-9)).tolist():
        turned = int((given[position] & sent.reverse).sum())
        place = _place(float(low[position]))
        doubt = (
            f"though {turned} of them {'is' if turned == 1 else 'are'} put the other way round"
            if turned
            else "which may be meant: none of them is put the other way round"
        )
        yield position, Flag(Kind.STRAIGHT_LINER, f"All {count[position]} scales are answered {place}, {doubt}.")


def _same_words(sent: Sent) -> Iterator[tuple[int, Flag]]:
    groups: dict[str, set[int]] = defaultdict(set)
    for position, words in sent.texts:
        if len(words) >= LONG_TEXT:
            groups[squeezed(words)].add(position)
    for group in groups.values():
        if len(group) > 1:
            for position in sorted(group):
                yield position, Flag(Kind.DUPLICATE, f"The same words as in {_others(sent, group, position)}.")


def _same_answers(sent: Sent) -> Iterator[tuple[int, Flag]]:
    groups: dict[tuple[int, Content], list[int]] = defaultdict(list)
    for position, content in sent.contents.items():
        if content.answers >= ENOUGH_ALIKE:
            groups[int(sent.account[position]), content].append(position)
    for group in groups.values():
        for position in group if len(group) > 1 else ():
            near = {each for each in group if abs(sent.at[each] - sent.at[position]) <= ALIKE_SECONDS}
            if len(near) > 1:
                others = _others(sent, near, position)
                yield position, Flag(Kind.DUPLICATE, f"Every answer is that of {others}, sent within an hour.")


def _others(sent: Sent, group: set[int], position: int) -> str:
    named = [f"response {sent.ids[each]}" for each in sorted(group) if each != position]
    return named[0] if len(named) == 1 else f"{named[0]} and {len(named) - 1} more"


def _place(position: float) -> str:
    if position <= 0:
        return "at the lowest point"
    return "at the highest point" if position >= 1 else f"at the same place ({position:.0%} along)"


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
    return f"{seconds / 60:.1f} minutes"
