"""Voice against health by segment, tier and stratum."""

from app.scoring import queries
from app.scoring.rules.analyses.segments import segment_figures
from app.scoring.services.analyses.scene import Figures, Scene


def segments(scene: Scene) -> Figures:
    """Return the groups of each way to share out the portfolio that tells more than one group (methods b, g)."""
    picture = scene.picture
    rows = queries.account_groups(scene.session, scene.study)
    groupings = {
        "segment": [row.segment for row in rows],
        "tier": [row.tier for row in rows],
        "stratum": list(picture.drawn.strata),
    }
    return {"groupings": segment_figures(picture.drawn, picture.voices.voice, picture.compared, groupings)}
