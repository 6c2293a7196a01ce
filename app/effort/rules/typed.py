"""A week as it is typed in: one line for each account, and what of it is new."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.effort.rules.levels import Complexity, points_of

LONGEST_KEY = 64
_SHARE = re.compile(r"(\d{1,3})(?:[.,](\d))?")
MOST = 1_000


@dataclass(frozen=True)
class Said:
    """What is said about an account; None is nothing."""

    week_permille: int | None = None
    complexity: str | None = None


NOTHING = Said()


@dataclass(frozen=True)
class Line:
    """What a form sends for one account; `seen_id` is the row that the page showed, 0 for none."""

    account_id: int
    share: str = ""
    complexity: str = ""
    seen_id: int = 0


def read_lines(lines: Sequence[Line]) -> tuple[dict[int, Said], dict[str, str]]:
    """What was typed by account id, and sentences by the name of the field that cannot be read."""
    said: dict[int, Said] = {}
    errors: dict[str, str] = {}
    for line in lines:
        share, is_share = _share(line.share)
        if not is_share:
            errors[f"share-{line.account_id}"] = "Type a share from 0 to 100, such as 5 or 7.5."
        if line.complexity not in {"", *Complexity}:
            errors[f"complexity-{line.account_id}"] = "Choose 1 to 5, or N/A."
        said[line.account_id] = Said(share, line.complexity or None)
    return (said, {}) if not errors else ({}, errors)


def what_is_new(said: Mapping[int, Said], *, seen: Mapping[int, Said], present: Mapping[int, Said]) -> dict[int, Said]:
    """Of what was typed, what differs both from what the page showed and from what holds now.

    A line that nobody touched says nothing, even where another window has changed it since.
    """
    return {
        id_: each for id_, each in said.items() if each != seen.get(id_, NOTHING) and each != present.get(id_, NOTHING)
    }


def share_typed(permille: int | None) -> str:
    """A share as it stands in the form: `7.5`, `5`, or nothing."""
    if permille is None:
        return ""
    whole, tenth = divmod(permille, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def mean_complexity(complexities: Sequence[str | None]) -> tuple[float | None, int]:
    """The mean over those on the scale and how many they are; None where there is none. N/A is in neither."""
    points = [each for each in map(points_of, complexities) if each is not None]
    return (sum(points) / len(points) if points else None), len(points)


def _share(raw: str) -> tuple[int | None, bool]:
    """A share in tenths of a percent, and whether it could be read; nothing typed is None."""
    text = raw.replace("\u00a0", " ").strip().removesuffix("%").strip()
    if not text:
        return None, True
    found = _SHARE.fullmatch(text) if text.isascii() else None
    permille = int(found[1]) * 10 + int(found[2] or 0) if found else MOST + 1
    return (permille, True) if permille <= MOST else (None, False)
