"""Drivers and priorities: from a study's dimensions, its importance questions and its accounts' health."""

from collections.abc import Mapping

import numpy as np

from app.scoring.rules.analyses.drivers import (
    OUTCOMES,
    SERVICES,
    dimension_gaps,
    importance,
    is_shown_below,
    names_of,
    quadrants,
    reliability_of,
    service_accounts,
)
from app.scoring.rules.analyses.modes import account_means
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.portfolio import mean_of
from app.scoring.rules.respondents import OUTSIDE_VOICE
from app.scoring.rules.scales import Reliability
from app.scoring.services.analyses.asked import question_scores, questions_about, scored_questions
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.analyses.stated import stated_importance
from app.scoring.services.columns import rolled_up


def drivers(scene: Scene) -> Figures:
    """Return what matters to customers, how it is rated, and which topics fall short of what health leads to expect.

    `outcome` is the one that the grid is ordered by. `stories` names, per service, the questions whose words tell of
    it. Nothing here says what causes what.
    """
    drawn = scene.picture.drawn
    columns = _dimensions(scene)
    performance = {name: mean_of(drawn, column) for name, column in columns.items()}
    reliabilities = _reliabilities(scene)
    derived = importance(columns, reliabilities)
    outcome = next(
        (name for name, rows in derived.items() if any(row["estimate"].value is not None for row in rows)), None
    )
    weight = {row["dimension"]: row["estimate"] for row in derived.get(outcome or "", [])}
    judged = {name: performance[name] for name in names_of(columns, OUTCOMES)}
    expected = scene.picture.compared.equated_health
    gaps = dimension_gaps({name: columns[name] for name in names_of(columns)}, expected)
    said = [service for service in SERVICES if service in columns]
    return {
        "outcome": outcome,
        "derived": derived,
        "performance": judged,
        "reliability": {name: each for name, each in reliabilities.items() if each is not None},
        **stated_importance(scene, judged),
        "grid": quadrants(judged, weight),
        "is_equated": scene.picture.compared.was_equated,
        "gaps": gaps,
        "services": [{**gap, "is_gap": is_shown_below(gap)} for gap in gaps if gap["dimension"] in said],
        "stories": {service: questions_about(scene.definition, service) for service in said},
        "accounts": _accounts(scene, {name: columns[name] for name in said}, expected),
    }


def _dimensions(scene: Scene) -> dict[str, FloatArray]:
    """The account scores of every dimension of the voice; circumstances of the customer are no driver of ours."""
    people, heard = scene.picture.people, scene.picture.people.heard
    return {
        name: rolled_up(people, heard.dimensions[:, i], scene.picture.drawn).voice
        for i, name in enumerate(heard.names)
        if name not in OUTSIDE_VOICE
    }


def _reliabilities(scene: Scene) -> Mapping[str, Reliability | None]:
    """By dimension, from account means of its questions: the level on which dimensions are correlated."""
    people, accounts = scene.picture.people, len(scene.picture.drawn.account_ids)
    scores = question_scores(scene)
    keys: dict[str, list[str]] = {}
    for question in scored_questions(scene):
        keys.setdefault(str(question.dimension), []).append(question.key)
    return {
        name: reliability_of(np.column_stack([account_means(people.account, scores[k], accounts) for k in several]))
        for name, several in keys.items()
    }


def _accounts(scene: Scene, services: Mapping[str, FloatArray], expected: FloatArray) -> list[Figures]:
    people, ids = scene.picture.people, scene.picture.drawn.account_ids
    heard = {
        name: np.bincount(people.account[~np.isnan(people.heard.dimensions[:, i])], minlength=len(ids))
        for i, name in enumerate(people.heard.names)
        if name in services
    }
    return [
        {
            "id": ids[row["position"]],
            "people": int(heard[row["dimension"]][row["position"]]),
            **{name: row[name] for name in ("dimension", "said", "expected", "gap")},
        }
        for row in service_accounts(services, expected)
    ]
