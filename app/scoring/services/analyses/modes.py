"""Survey against interview: from a study's people and those of other studies who answered by the other door."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from app.scoring.rules.partial import MINIMUM_PARTIAL
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
    elsewhere = _elsewhere(scene, shared)
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
        "paired": _paired(scene, elsewhere),
        **_foretold(scene, shared, elsewhere),
    }


def _doors(scene: Scene) -> Any:
    """By which door each person was to be asked where lots were drawn, else by which they answered."""
    people = scene.picture.people
    if not _is_randomised(scene):
        return people.modes
    drawn = queries.drawn_modes(scene.session, scene.study)
    return np.array([drawn[each] for each in scene.picture.drawn.account_ids], dtype=np.str_)[people.account]


def _is_randomised(scene: Scene) -> bool:
    return scene.study.plan["mode"] == Mode.BOTH and "trigger" not in scene.study.plan


def _design(scene: Scene, doors: Any) -> Figures:
    people, drawn = scene.picture.people, scene.picture.drawn
    arms = {}
    for door in (Mode.INTERVIEW, Mode.SURVEY):
        inside = doors == door
        arms[str(door)] = {
            "accounts": len(np.unique(people.account[inside])),
            "heard": len(np.unique(people.account[inside & people.has_response])),
            "people": int((inside & people.has_response).sum()),
        }
    return {
        "mode": scene.study.plan["mode"],
        "is_randomised": _is_randomised(scene),
        "strata": len(set(drawn.strata)),
        "arms": arms,
        "other_door": int((people.has_response & (people.modes != doors)).sum()),
        "by_both": people.other_door,
    }


def _columns(scene: Scene, questions: Sequence[Question], chosen: BoolArray) -> dict[str, FloatArray]:
    people, scores = scene.picture.people, question_scores(scene)
    accounts = len(scene.picture.drawn.account_ids)
    return {q.key: account_means(people.account, only_where(scores[q.key], chosen), accounts) for q in questions}


def _apart(columns: dict[str, FloatArray], others: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The columns without accounts that have an answer by the other door too, which no comparison of arms may hold."""
    return {key: only_where(column, np.isnan(others[key])) for key, column in columns.items()}


@dataclass(frozen=True)
class _Elsewhere:
    """What the study's people said by the other door in other studies: by question and person, 0-100."""

    columns: dict[str, FloatArray]
    studies: int


def _elsewhere(scene: Scene, shared: Sequence[Question]) -> _Elsewhere:
    """Of several answers to a question the nearest in time."""
    people = scene.picture.people
    by_id = {scene.question_ids[q.key]: q for q in shared}
    columns = {q.key: np.full(len(people.ids), np.nan) for q in shared}
    studies = set()
    rows = queries.other_door(scene.session, scene.study, list(by_id), NEAR)
    for respondent_id, study_id, question_id, value in rows:
        question = by_id[question_id]
        low, high = question.minimum or 0.0, question.maximum or 1.0
        score = 100 * (value - low) / (high - low)
        studies.add(study_id)
        columns[question.key][np.searchsorted(people.ids, respondent_id)] = 100 - score if question.reverse else score
    return _Elsewhere(columns, len(studies))


def _paired(scene: Scene, elsewhere: _Elsewhere) -> Figures:
    """The same people by both doors: here by one, by the other in another study; each account's mean counts once."""
    people, scores = scene.picture.people, question_scores(scene)
    is_interview = people.modes == Mode.INTERVIEW
    accounts = len(scene.picture.drawn.account_ids)
    interview, survey = {}, {}
    persons = np.zeros(len(people.ids), dtype=np.bool_)
    for key, other in elsewhere.columns.items():
        both = ~np.isnan(other) & ~np.isnan(scores[key])
        persons |= both
        asked, sent = np.where(is_interview, scores[key], other), np.where(is_interview, other, scores[key])
        interview[key] = account_means(people.account, only_where(asked, both), accounts)
        survey[key] = account_means(people.account, only_where(sent, both), accounts)
    found = paired_differences(with_voice(interview), with_voice(survey)) if persons.any() else []
    return {
        "people": int(persons.sum()),
        "accounts": len(np.unique(people.account[persons])),
        "studies": elsewhere.studies,
        "days": NEAR.days,
        "questions": found,
    }


def _foretold(scene: Scene, shared: Sequence[Question], elsewhere: _Elsewhere) -> Figures:
    """What short questions say about the dimensions that only the interview asks, over the accounts interviewed.

    The short questions are those of another survey where thirty accounts answered one, else those of the same talk.
    """
    people, heard = scene.picture.people, scene.picture.people.heard
    accounts = len(scene.picture.drawn.account_ids)
    interviewed = (people.modes == Mode.INTERVIEW) & people.has_response
    asked = {q.dimension for q in shared}
    long = {
        name: account_means(people.account, only_where(heard.dimensions[:, i], interviewed), accounts)
        for i, name in enumerate(heard.names)
        if name not in asked and name not in OUTSIDE_VOICE
    }
    long = {name: column for name, column in long.items() if not np.isnan(column).all()}
    apart = {
        key: account_means(people.account, only_where(column, interviewed), accounts)
        for key, column in elsewhere.columns.items()
    }
    is_apart = bool(apart) and min(int((~np.isnan(column)).sum()) for column in apart.values()) >= MINIMUM_PARTIAL
    short = apart if is_apart else _columns(scene, shared, interviewed)
    return {
        "interviewed": len(np.unique(people.account[interviewed])),
        "is_apart": is_apart,
        "predictions": predictions(short, with_voice(long)) if long else [],
        "proposals": proposals(short, long) if long else None,
        "long_questions": {str(q.dimension): q.key for q in scored_questions(scene) if q.dimension in long},
    }
