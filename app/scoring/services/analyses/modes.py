"""Survey against interview: from a study's people and those of other studies who answered by the other door."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from app.questionnaires.rules.definition import AskedIn, Question
from app.scoring.queries import doors as queries
from app.scoring.rules.analyses.modes import (
    BOUND,
    account_means,
    arm_differences,
    paired_differences,
    predictions,
    proposals,
    with_voice,
)
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.respondents import OUTSIDE_VOICE
from app.scoring.services.analyses.asked import only_where, question_scores, scored_questions
from app.scoring.services.analyses.scene import Figures, Scene
from app.studies.rules.plan import Mode

NEAR = timedelta(days=180)
"""How far apart two answers of one person may lie to be compared as two ways of asking."""


def modes(scene: Scene) -> Figures:
    """Return what the way of asking changes, which short questions predict the interview, and what follows (methods h).

    `design` says whether the mode was drawn by lot. With a lot the arms are compared as drawn, else those interviewed
    with those surveyed; an account in which both happened belongs to neither arm then. Money and words never enter.
    """
    people = scene.picture.people
    doors = _doors(scene)
    is_interview, is_survey = doors == Mode.INTERVIEW, doors == Mode.SURVEY
    shared = [q for q in scored_questions(scene) if len(q.asked_in) == len(AskedIn)]
    design = _design(scene, doors)
    interview, survey = (_columns(scene, shared, chosen) for chosen in (is_interview, is_survey))
    if not design["is_randomised"]:
        interview, survey = _apart(interview, survey), _apart(survey, interview)
    differences = arm_differences(with_voice(interview), with_voice(survey), scene.picture.drawn.strata)
    return {
        "bound": BOUND,
        "design": design,
        "questions": {q.key: {"text": q.text, "dimension": q.dimension} for q in scored_questions(scene)},
        "differences": differences if (is_interview & people.has_response).any() else [],
        "paired": _paired(scene, shared),
        **_foretold(scene, shared, np.array(people.modes) == Mode.INTERVIEW),
    }


def _doors(scene: Scene) -> Any:
    """By which door each person was to be asked where lots were drawn, else by which they answered."""
    people = scene.picture.people
    if not _is_randomised(scene):
        return np.array(people.modes)
    drawn = queries.drawn_modes(scene.session, scene.study)
    return np.array([drawn[scene.picture.drawn.account_ids[i]] for i in people.account.tolist()], dtype=np.str_)


def _is_randomised(scene: Scene) -> bool:
    return scene.study.plan["mode"] == Mode.BOTH and "trigger" not in scene.study.plan


def _design(scene: Scene, doors: Any) -> Figures:
    people, drawn = scene.picture.people, scene.picture.drawn
    arms = {}
    for door in (Mode.INTERVIEW, Mode.SURVEY):
        inside = doors == door
        arms[str(door)] = {
            "accounts": len(set(people.account[inside].tolist())),
            "heard": len(set(people.account[inside & people.has_response].tolist())),
            "people": int((inside & people.has_response).sum()),
        }
    return {
        "mode": scene.study.plan["mode"],
        "is_randomised": _is_randomised(scene),
        "strata": len(set(drawn.strata)),
        "arms": arms,
        "other_door": int((people.has_response & (np.array(people.modes) != doors)).sum()),
        "by_both": queries.answers_by_other_door(scene.session, scene.study),
    }


def _columns(scene: Scene, questions: Sequence[Question], chosen: BoolArray) -> dict[str, FloatArray]:
    people, scores = scene.picture.people, question_scores(scene)
    accounts = len(scene.picture.drawn.account_ids)
    return {q.key: account_means(people.account, only_where(scores[q.key], chosen), accounts) for q in questions}


def _apart(columns: dict[str, FloatArray], others: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The columns without accounts that have an answer by the other door too, which no comparison of arms may hold."""
    return {key: only_where(column, np.isnan(others[key])) for key, column in columns.items()}


def _paired(scene: Scene, shared: Sequence[Question]) -> Figures:
    """The same people by both doors: here by one, by the other in another study, each question nearest in time."""
    people, scores = scene.picture.people, question_scores(scene)
    ids = {scene.question_ids[q.key]: q.key for q in shared}
    place = {respondent_id: i for i, respondent_id in enumerate(people.ids)}
    scale = {q.key: (q.minimum or 0.0, q.maximum or 1.0, q.reverse) for q in shared}
    other = {q.key: np.full(len(people.ids), np.nan) for q in shared}
    studies = set()
    for respondent_id, study_id, question_id, value in queries.other_door(scene.session, scene.study, list(ids), NEAR):
        key = ids[question_id]
        low, high, is_reversed = scale[key]
        score = 100 * (value - low) / (high - low)
        studies.add(study_id)
        other[key][place[respondent_id]] = 100 - score if is_reversed else score
    is_interview = np.array(people.modes) == Mode.INTERVIEW
    accounts = len(scene.picture.drawn.account_ids)
    sides: list[dict[str, FloatArray]] = [{}, {}]
    persons = np.zeros(len(people.ids), dtype=np.bool_)
    for key, column in other.items():
        both = ~np.isnan(column) & ~np.isnan(scores[key])
        persons |= both
        pair = (
            np.where(is_interview, scores[key], column),
            np.where(is_interview, column, scores[key]),
        )
        for side, values in zip(sides, pair, strict=True):
            side[key] = account_means(people.account, only_where(values, both), accounts)
    found = paired_differences(with_voice(sides[0]), with_voice(sides[1])) if persons.any() else []
    return {
        "people": int(persons.sum()),
        "accounts": len(set(people.account[persons].tolist())),
        "studies": len(studies),
        "days": NEAR.days,
        "questions": found,
    }


def _foretold(scene: Scene, shared: Sequence[Question], is_interview: BoolArray) -> Figures:
    """What short questions say about the dimensions that only the interview asks, over the accounts interviewed."""
    people, heard = scene.picture.people, scene.picture.people.heard
    accounts = len(scene.picture.drawn.account_ids)
    interviewed = is_interview & people.has_response
    asked = {q.dimension for q in shared}
    long = {
        name: account_means(people.account, only_where(heard.dimensions[:, i], interviewed), accounts)
        for i, name in enumerate(heard.names)
        if name not in asked and name not in OUTSIDE_VOICE
    }
    long = {name: column for name, column in long.items() if not np.isnan(column).all()}
    short = _columns(scene, shared, interviewed)
    return {
        "interviewed": len(set(people.account[interviewed].tolist())),
        "predictions": predictions(short, with_voice(long)) if long else [],
        "proposals": proposals(short, long) if long else None,
        "long_questions": {str(q.dimension): q.key for q in scored_questions(scene) if q.dimension in long},
    }
