"""Agreement of voice and health in depth: bands and their margins, points, places in the order, and firm flags."""

from collections import Counter

from app.scoring.rules.analyses.agreement import agreement_in_depth
from app.scoring.rules.analyses.flags import both_scores, checked_flags, flag_counts, points_agreement
from app.scoring.services.analyses.scene import Figures, Scene


def agreement(scene: Scene) -> Figures:
    """Return how two instruments that look alike in sum can disagree account by account (methods g1, g2, g4)."""
    compared, drawn, voice = scene.picture.compared, scene.picture.drawn, scene.picture.voices.voice
    found = agreement_in_depth(voice, drawn.health, compared.voice_bands, drawn.health_bands)
    places = found.pop("percentiles")
    both = both_scores(compared, drawn.health)
    flags = checked_flags(compared, {place["position"]: place["voice"] - place["health"] for place in places})
    return {
        **found,
        "points": points_agreement(voice[both], drawn.health[both]),
        "quadrants": dict(Counter(compared.quadrants)),
        "flag_counts": flag_counts(flags),
        "flags": [{"id": drawn.account_ids[flag.pop("position")], **flag} for flag in flags],
        "accounts": [{"id": drawn.account_ids[place.pop("position")], **place} for place in places],
    }
