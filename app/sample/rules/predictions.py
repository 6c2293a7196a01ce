"""What the csm of an account expects to hear: nearer to the customer than telemetry, yet too bright."""

from app.sample.rules.profiles import Profile
from app.sample.rules.streams import stream

_SCALES = {"recommend": (0, 10), "renewal_intent": (1, 5), "satisfaction": (1, 5)}
_KNOWN = 0.6
"""How much of the account's true voice a csm knows; for the rest they trust the health score."""

_BRIGHT, _SPREAD = 4.0, 9.0


def predicted(profile: Profile, contact_id: str, seed: int) -> dict[str, int | None]:
    """The three numbers, each on the scale of its question."""
    chance = stream(seed, "prediction", contact_id)
    level = _KNOWN * profile.voice + (1 - _KNOWN) * profile.health + _BRIGHT
    scores = {key: min(max(level + chance.gauss(0, _SPREAD), 0.0), 100.0) for key in _SCALES}
    return {key: low + round((high - low) * scores[key] / 100) for key, (low, high) in _SCALES.items()}
