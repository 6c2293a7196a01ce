"""What people answered to each question, as columns on 0-100."""

import numpy as np

from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire
from app.scoring.rules.inputs import FloatArray
from app.scoring.services.analyses.scene import Scene
from app.scoring.services.columns import items_of


def scored_questions(scene: Scene, door: AskedIn | None = None) -> list[Question]:
    """Return the questions with a scale that enter a dimension, of one door where it is named, in the order of asking.

    What was promised or is still to come is no praise or blame, and is left out; so are questions asked more than once.
    """
    looped = {section.key for section in scene.definition.sections if section.per}
    return [
        question
        for question, item in zip(scene.definition.questions, items_of(scene.definition), strict=True)
        if item.enters_dimension
        and question.minimum is not None
        and question.section not in looped
        and (door is None or door in question.asked_in)
    ]


def questions_about(definition: Questionnaire, dimension: str) -> list[str]:
    """Return the keys of the questions that ask about a dimension, and of the open ones that stand beside them."""
    rated = {question.key for question in definition.questions if question.dimension == dimension}
    return [each.key for each in definition.questions if each.key in rated or each.about in rated]


def question_scores(scene: Scene) -> dict[str, FloatArray]:
    """Return every person's answers on 0-100 by question, NaN where there is none."""
    scores = scene.picture.people.heard.scores
    return {question.key: scores[:, i] for i, question in enumerate(scene.definition.questions)}


def only_where(values: FloatArray, chosen: object) -> FloatArray:
    """Return the values with NaN wherever they were not chosen."""
    kept: FloatArray = np.where(np.asarray(chosen), values, np.nan)
    return kept
