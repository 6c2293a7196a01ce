"""Pages prepared once: text cut where each visitor's own words go, so that showing one is joining strings.

A template asks for a slot by name; `Slots` puts a mark there that no text can hold by chance, and `Prepared` cuts the
finished text at the marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Slots:
    """The marks of one preparation; `secret` must be random, so that nobody's words are taken for a mark."""

    secret: str

    def mark(self, name: str) -> str:
        """What a template writes where the text of that slot will go."""
        return f"{self.secret}{name}{self.secret}"

    def cut(self, text: str) -> "Prepared":
        """The text cut at its marks."""
        return Prepared(tuple(text.split(self.secret)))


@dataclass(frozen=True)
class Prepared:
    """A prepared page: literal text and names of slots by turns."""

    pieces: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The page with the slots filled, which must be safe as HTML already; a slot without a value stays empty."""
        pieces = list(self.pieces)
        pieces[1::2] = [values.get(name, "") for name in pieces[1::2]]
        return "".join(pieces)
