"""The promises that stand beside an interview: what each says, and what the customer answered when asked about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import day
from app.core.errors import Refusal
from app.core.words import label

NOT_ASKED = ""
CHOICES = (("yes", "Yes"), ("partly", "Partly"), ("no", "No"), (NOT_ASKED, "Not asked"))
LONGEST = 240


@dataclass(frozen=True)
class Promised:
    """One promise with the answer of this interview, `said` blank where it was not asked."""

    id: int
    text: str
    about: str
    said: str
    words: str


def promised(promises: Sequence[Any], said: Mapping[int, str]) -> list[Promised]:
    """Promises with what this interview says of each."""
    return [
        Promised(each.id, _short(each.text), _about(each), said.get(each.id, NOT_ASKED), _words(said.get(each.id)))
        for each in promises
    ]


def said_in(raw: str) -> str | None:
    """What was chosen, None for not asked; Refusal where it is none of the choices."""
    if raw not in dict(CHOICES):
        raise Refusal("Choose yes, partly, no or not asked.", "said")
    return raw or None


def _about(it: Any) -> str:
    delivered = f"delivered {day(it.delivered_on)}" if it.delivered_on else "delivered in part"
    return f"{label(it.source)}, {delivered}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _words(said: str | None) -> str:
    return dict(CHOICES)[said or NOT_ASKED]
