"""The topics of a scored study beyond its gap report: one function each, run with every scoring."""

from collections.abc import Mapping

from app.scoring.rules.plain import plain
from app.scoring.services.analyses.agreement import agreement
from app.scoring.services.analyses.drivers import drivers
from app.scoring.services.analyses.modes import modes
from app.scoring.services.analyses.scene import Analyse, Figures, Scene
from app.scoring.services.analyses.trends import trends

ANALYSES: Mapping[str, Analyse] = {
    "agreement": agreement,
    "modes": modes,
    "drivers": drivers,
    "trends": trends,
}


def analyses(scene: Scene) -> dict[str, Figures]:
    """Return every topic's figures, as a file can hold them."""
    return {topic: plain(analyse(scene)) for topic, analyse in ANALYSES.items()}


__all__ = ["ANALYSES", "Figures", "Scene", "analyses"]
