"""The papers on which a report can be printed."""

from enum import StrEnum


class Paper(StrEnum):
    """A format of paper; its value names the style sheet that sets the page's size."""

    A4 = "a4"
    LETTER = "letter"


def paper_of(text: str | None) -> Paper:
    """Return the paper of this name, and A4 for every other word: nobody loses a report over its format."""
    return next((paper for paper in Paper if paper == (text or "").strip().lower()), Paper.A4)
