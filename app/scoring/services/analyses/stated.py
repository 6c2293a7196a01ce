"""What people say matters, from the questions of a study that ask it, by points, by ratings or by an order."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.importance import Way, asked_importance, way_of
from app.scoring.queries import stated as queries
from app.scoring.rules.analyses.drivers import quadrants
from app.scoring.rules.analyses.modes import account_means
from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.estimates import Estimate
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.portfolio import mean_of
from app.scoring.rules.stated import ranked_points, stated_shares
from app.scoring.services.analyses.scene import Figures, Scene


def stated_importance(scene: Scene, performance: Mapping[str, Estimate]) -> Figures:
    """Return `stated`, mean shares of 100 points by topic, `stated_as`, how they were asked, and their grid.

    The grid takes ten accounts. Nothing is stated where fewer than two topics were asked about.
    """
    asked = asked_importance(scene.definition)
    if len(asked) < 2:
        return {"stated": {}, "stated_as": None, "stated_grid": quadrants({}, {})}
    people, drawn = scene.picture.people, scene.picture.drawn
    shares = stated_shares(_points(scene, list(asked), list(asked.values())))
    stated = {
        topic: mean_of(drawn, account_means(people.account, shares[:, i], len(drawn.account_ids)))
        for i, topic in enumerate(asked)
    }
    weight = {topic: each for topic, each in stated.items() if each.n >= MINIMUM_PAIRS}
    way = way_of(next(iter(asked.values())).kind)
    return {"stated": stated, "stated_as": way, "stated_grid": quadrants(performance, weight)}


def _points(scene: Scene, topics: Sequence[str], questions: Sequence[Question]) -> FloatArray:
    """People × topics: what each gave to each, as points of one kind; NaN where nothing."""
    people, first = scene.picture.people, questions[0]
    if way_of(first.kind) is Way.RANKING:
        orders = queries.orders(scene.session, scene.study, scene.question_ids[first.key])
        return ranked_points(orders, people.ids.tolist(), topics)
    column = {question.key: i for i, question in enumerate(scene.definition.questions)}
    points: FloatArray = people.heard.raw[:, [column[question.key] for question in questions]] - (first.minimum or 0.0)
    # A number without a scale may be below 0, which is no share of anything.
    return np.where(points < 0, np.nan, points)
