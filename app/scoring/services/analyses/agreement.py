"""Agreement of voice and health in depth: the two ways to draw bands, their margins, and the places in the order."""

from app.scoring.rules.analyses.agreement import agreement_in_depth
from app.scoring.services.analyses.scene import Figures, Scene


def agreement(scene: Scene) -> Figures:
    """Return how two instruments that look alike in sum can disagree account by account (methods g1, g2)."""
    compared, drawn = scene.picture.compared, scene.picture.drawn
    found = agreement_in_depth(scene.picture.voices.voice, drawn.health, compared.voice_bands, drawn.health_bands)
    places = found.pop("percentiles")
    return {**found, "accounts": [{"id": drawn.account_ids[place.pop("position")], **place} for place in places]}
