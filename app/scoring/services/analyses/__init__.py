"""The topics of a scored study beyond its gap report: one function each, run with every scoring."""

from collections.abc import Mapping

from app.scoring.rules.plain import plain
from app.scoring.services.analyses.agreement import agreement
from app.scoring.services.analyses.dimensions import dimensions
from app.scoring.services.analyses.drivers import drivers
from app.scoring.services.analyses.footprint import footprint
from app.scoring.services.analyses.modes import modes
from app.scoring.services.analyses.scene import Analyse, Beside, Figures, Scene
from app.scoring.services.analyses.segments import segments
from app.scoring.services.analyses.silence import silence
from app.scoring.services.analyses.three_ways import three_ways
from app.scoring.services.analyses.trends import trends
from app.scoring.services.analyses.words import words

ANALYSES: Mapping[str, Analyse] = {
    "agreement": agreement,
    "dimensions": dimensions,
    "segments": segments,
    "three_ways": three_ways,
    "modes": modes,
    "drivers": drivers,
    "words": words,
    "silence": silence,
    "footprint": footprint,
    "trends": trends,
}


def analyses(scene: Scene) -> dict[str, Figures]:
    """Return every topic's figures, as a file can hold them."""
    return {topic: plain(analyse(scene)) for topic, analyse in ANALYSES.items()}


__all__ = ["ANALYSES", "Beside", "Figures", "Scene", "analyses"]
