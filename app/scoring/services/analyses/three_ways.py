"""Customer, the csm's sealed prediction and telemetry, side by side; predictions are handed in by interviews."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.scoring import queries
from app.scoring.rules.analyses.three_ways import (
    PREDICTED,
    STAYED,
    Said,
    adjusted,
    by_account,
    closeness,
    renewal_came,
    renewal_said,
)
from app.scoring.rules.inputs import FloatArray
from app.scoring.services.analyses.scene import Figures, Scene


def three_ways(scene: Scene) -> Figures:
    """Return who came closer to what customers said about recommending, renewing and satisfaction (brief and Brier)."""
    given = scene.beside.predictions
    rows = [] if given is None else given(scene.session, scene.study.id)
    said = _said(scene, rows)
    health = dict(zip(scene.picture.drawn.account_ids, scene.picture.drawn.health.tolist(), strict=True))
    measures: dict[str, Figures] = {}
    for key in PREDICTED:
        ids, answers, predicted = by_account(said, key)
        if ids:
            measures[key] = closeness(answers, predicted, _column(ids, health))
    return {
        "was_handed_in": given is not None,
        "by_others": len({(row.interview_id, row.author_id) for row in rows if not row.is_csm}),
        "measures": adjusted(measures),
        **_renewal(scene, said, health),
    }


def _said(scene: Scene, rows: Sequence[Any]) -> list[Said]:
    """The answers with the prediction of the account's own csm, where the question has the scale of the prediction."""
    asked = {question.key: (question.minimum, question.maximum) for question in scene.definition.questions}
    return [
        Said(row.account_id, row.key, float(row.said), float(predicted))
        for row in rows
        if row.is_csm
        and row.key in PREDICTED
        and asked.get(row.key) == PREDICTED[row.key]
        and (predicted := getattr(row, row.key)) is not None
    ]


def _renewal(scene: Scene, said: Sequence[Said], health: dict[int, float]) -> Figures:
    ids, answers, predicted = by_account(said, "renewal_intent")
    telemetry = _column(ids, health)
    came = {row.account_id: STAYED[row.outcome] for row in queries.outcomes_since(scene.session, scene.study)}
    has = [i for i, account_id in enumerate(ids) if account_id in came and not np.isnan(telemetry[i])]
    forecasts = {"prediction": predicted[has], "telemetry": telemetry[has], "customer": answers[has]}
    return {
        "renewal_said": renewal_said(answers, predicted, telemetry),
        "renewal_came": renewal_came([came[ids[i]] for i in has], forecasts),
    }


def _column(ids: Sequence[int], health: dict[int, float]) -> FloatArray:
    return np.array([health.get(account_id, np.nan) for account_id in ids], dtype=np.float64)
