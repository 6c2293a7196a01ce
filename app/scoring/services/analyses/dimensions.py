"""Telemetry against voice by dimension, by the mapping that the workspace keeps for the study's scorecard."""

from collections.abc import Mapping

import numpy as np

from app.health.models import ScorecardVersion
from app.health.rules.scorecard import parse_scorecard
from app.scoring.queries import matching as queries
from app.scoring.rules.analyses.dimensions import adjusted, dimension_figures, side_of, telemetry_scores, unheard
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.matching import COMPARABLE, matched
from app.scoring.rules.rollup_arrays import within_variance_of
from app.scoring.rules.statements import both_sides
from app.scoring.services.analyses.asked import questions_about
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.analyses.statements import Statements
from app.scoring.services.columns import rolled_up

NO_WORDS: Figures = {"is_of_low": None, "speak": [], "against": []}


def dimensions(scene: Scene) -> Figures:
    """Return each dimension that a measure speaks about, and which measures speak about which (methods g).

    Where there is a gap, `speak` and `against` hold the ids of statements about the dimension that bear it out and that
    contradict it, and `is_of_low` says whether it is one of those who score low. What CSMs think speaks about nothing
    here: it is no telemetry.
    """
    version = scene.session.get_one(ScorecardVersion, scene.health.scorecard_version_id)
    measures = [each for each in parse_scorecard(version.definition).measures if not each.is_judgement]
    found = matched(measures, queries.chosen_dimensions(scene.session, version.key))
    names = [name for name in COMPARABLE if name in found.values()]
    ids = scene.picture.drawn.account_ids
    lines = queries.health_lines(scene.session, scene.study, scene.health)
    scores = telemetry_scores([lines.get(account_id, []) for account_id in ids], found, names)
    figures = adjusted({name: _figures(scene, name, scores[:, i]) for i, name in enumerate(names)})
    words = dimension_words(scene, {name: side_of(each) for name, each in figures.items()})
    figures = {name: each | words.get(name, NO_WORDS) for name, each in figures.items()}
    for each in figures.values():
        each["accounts"] = [{"id": ids[row.pop("position")], **row} for row in each.get("accounts", [])]
    return {
        "scorecard": version.key,
        "measures": [
            {
                "key": measure.key,
                "name": measure.name,
                "group": measure.group,
                "dimension": found[measure.key],
                "weight": measure.effective_weight,
                "is_voice": measure.is_voice,
            }
            for measure in measures
        ],
        "dimensions": figures,
    }


def _figures(scene: Scene, name: str, telemetry: FloatArray) -> Figures:
    picture, people = scene.picture, scene.picture.people
    if name not in people.heard.names:
        return unheard(telemetry) | {"gap": None}
    said = people.heard.dimensions[:, people.heard.names.index(name)]
    spoken = ~np.isnan(said)
    within = within_variance_of(people.account[spoken], said[spoken], len(picture.drawn.account_ids))
    return dimension_figures(picture.drawn, telemetry, rolled_up(people, said, picture.drawn), within)


def dimension_words(scene: Scene, sides: Mapping[str, bool | None]) -> dict[str, Figures]:
    """Return the statements for and against each dimension's gap, by their speaker's own score on the dimension."""
    asked = {
        name: [scene.question_ids[key] for key in questions_about(scene.definition, name)]
        for name, is_of_low in sides.items()
        if is_of_low is not None
    }
    if not any(asked.values()):
        return {}
    found, people = Statements(scene, {each for several in asked.values() for each in several}), scene.picture.people
    words = {}
    for name, question_ids in asked.items():
        about = np.flatnonzero(np.isin(found.question, question_ids))
        score = people.heard.dimensions[found.person[about], people.heard.names.index(name)]
        speak, against = both_sides(found.said.at(about), score, is_of_low=bool(sides[name]))
        words[name] = {"is_of_low": sides[name], "speak": speak, "against": against}
    return words
