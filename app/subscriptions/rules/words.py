"""What the mail with a page says: the figures that moved since the last one, in two sentences."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.core.display import day, number
from app.core.words import lower_first

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Figures:
    """Health and voice of an account on a day, 0 to 100; None where they are not known."""

    on: str
    health: float | None
    voice: float | None


@dataclass(frozen=True)
class Moved:
    """What a mail says of both figures."""

    health: str
    voice: str

    @property
    def subject(self) -> str:
        """The sentence of health as it stands behind a name and a colon."""
        return lower_first(self.health.removesuffix("."))


def figures_document(figures: Figures) -> dict[str, Any]:
    """The plain document of figures; `figures_of` reads it back."""
    return asdict(figures)


def figures_of(document: Mapping[str, Any] | None) -> Figures | None:
    """The figures that a document holds; None where there is none."""
    return None if document is None else Figures(document["on"], document["health"], document["voice"])


def moved(now: Figures, before: Figures | None) -> Moved:
    """What moved since the last mail; in the first one, how both figures stand."""
    since = day(date.fromisoformat(before.on)) if before else ""
    return Moved(
        _sentence("Health", now.health, before.health if before else None, since, "nothing was measured"),
        _sentence("Voice", now.voice, before.voice if before else None, since, "too few people were heard"),
    )


def _sentence(name: str, now: float | None, before: float | None, since: str, missing: str) -> str:
    if now is None:
        known = f"; on {since} it was {number(before)}" if since and before is not None else ""
        return f"{name} is not known: {missing}{known}."
    if not since:
        return f"{name} stands at {number(now)}."
    if before is None:
        return f"{name} stands at {number(now)}; on {since} it was not known."
    if round(now) == round(before):
        return f"{name} stands at {number(now)}, as it did on {since}."
    return f"{name} moved from {number(before)} to {number(now)} since {since}."
