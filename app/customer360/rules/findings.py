"""The sentences over an account's page, made from its numbers."""

from dataclasses import dataclass
from datetime import date

from app.core.display import NBSP, number
from app.core.words import capital, counted, plural


@dataclass(frozen=True)
class Standing:
    """How an account stands: bands and scores 0-100, None where there is none; people asked and heard."""

    name: str
    health: float | None
    health_band: str | None
    voice: float | None
    voice_band: str | None
    quadrant: str | None
    asked: int
    heard: int
    is_scored: bool
    renewal: date | None


def account_title(it: Standing) -> str:
    """The finding about an account; it claims no more than bands say."""
    if it.quadrant == "hidden_risk":
        return f"{it.name} is {it.health_band} on the screen and unhappy in the room"
    if it.quadrant == "hidden_strength":
        return f"{it.name} is {it.health_band} on the screen and happy in the room"
    if it.quadrant == "agree":
        return f"{it.name} is {it.voice_band} on the screen and in the room"
    if it.quadrant == "mixed":
        return f"{it.name} is {it.health_band} on the screen and {it.voice_band} in the room"
    screen = f"is {it.health_band} on the screen" if it.health_band else "has no telemetry"
    return f"{it.name} {screen}; {_silence(it)}"


def account_lede(it: Standing, on: date) -> str:
    """What people said, what telemetry says, and when they decide."""
    says = "no telemetry says anything yet" if it.health is None else f"telemetry says {number(it.health)} of 100"
    if it.voice is not None and it.heard:
        said = f"{capital(counted(it.heard, 'person'))} {'puts' if it.heard == 1 else 'put'} us at {number(it.voice)}"
        first = f"{said} of 100; {says.removesuffix(' of 100')}."
    elif it.asked:
        first = f"{capital(counted(it.asked, 'person'))} {plural(it.asked, 'was')} asked; {says}."
    else:
        first = f"{capital(says)}; nobody was asked yet."
    return f"{first} {_renewal(it.renewal, on)}".strip()


def _silence(it: Standing) -> str:
    if it.heard and it.is_scored:
        return "too few roles were heard to say more"
    if it.heard:
        return "answers wait to be scored"
    return "nobody has answered" if it.asked else "nobody was asked yet"


def _renewal(renewal: date | None, on: date) -> str:
    if renewal is None:
        return ""
    days = (renewal - on).days
    if days < 0:
        return f"The renewal was due {number(-days)}{NBSP}{plural(-days, 'day')} ago."
    return "They decide today." if days == 0 else f"They decide in {number(days)}{NBSP}{plural(days, 'day')}."
