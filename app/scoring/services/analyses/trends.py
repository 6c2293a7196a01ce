"""Trends: a study against the waves before it that asked the same."""

from array import array
from typing import Any

import numpy as np

from app.core.workspace import the_workspace
from app.health.models import HealthComputation
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import Questionnaire
from app.scoring.models import Scoring
from app.scoring.queries import drawn_accounts
from app.scoring.queries import waves as queries
from app.scoring.rules.analyses.trends import NPS, VOICE, Wave, account_changes, changes, who
from app.scoring.rules.respondents import OUTSIDE_VOICE
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.columns import drawn_columns, items_of, role_weights
from app.studies.models import Study
from app.studies.rules.plan import Method

MOST_WAVES = 8
"""Waves shown, the newest among them."""

RECOMMEND = "recommend"


def trends(scene: Scene) -> Figures:
    """Return the waves that asked some of the same, and how this one differs from the last of them.

    Questions of a dimension have to be the same in both questionnaires for the dimension to be compared. Where accounts
    join by themselves there are no waves. The figures hold as of this scoring: an earlier wave that changes later is
    seen by the next.
    """
    earlier = [] if "trigger" in scene.study.plan else _comparable(scene)
    waves = [_stored(study, scoring, version, scene) for study, scoring, version in reversed(earlier)]
    mine = {
        **_named(scene.study, scene.definition.key),
        "is_alike": True,
        "accounts": int(scene.picture.voices.answered.sum()),
        "people": int(scene.picture.people.has_response.sum()),
    }
    if not earlier:
        return {"waves": [mine], "against": None, "changes": [], "accounts": []}
    now = _present(scene)
    study, scoring, version = earlier[0]
    shared = _shared(scene.definition, definition_of(version))
    before, modes = _past(scene, study, scoring, version)
    shared = [name for name in shared if name in before.names and name in now.names]
    spoken = [name for name in shared if name not in OUTSIDE_VOICE]
    ids = scene.picture.drawn.account_ids
    found = changes(before, now, shared, spoken)
    figures = {row["figure"]: row["now"] for row in found}
    return {
        "waves": [*waves, {**mine, VOICE: figures[VOICE], NPS: figures[NPS]}],
        "against": {
            **_named(study, version.key),
            "dimensions": spoken,
            "is_whole": set(spoken) == _spoken(scene.definition) == _spoken(definition_of(version)),
            **who(before, now),
            "other_door": _other_door(scene, now, modes),
        },
        "changes": found,
        "accounts": [{"id": ids[row.pop("position")], **row} for row in account_changes(before, now, spoken)],
    }


def _comparable(scene: Scene) -> list[Any]:
    rows = queries.earlier_waves(scene.session, scene.study)
    kept = [
        row
        for row in rows
        if "trigger" not in row[0].plan and set(_shared(scene.definition, definition_of(row[2]))) - OUTSIDE_VOICE
    ]
    return kept[: MOST_WAVES - 1]


def _shared(one: Questionnaire, other: Questionnaire) -> list[str]:
    """The dimensions whose scored questions are the same in both questionnaires."""
    here, there = _asked(one), _asked(other)
    return [name for name, questions in here.items() if there.get(name) == questions]


def _asked(definition: Questionnaire) -> dict[str, set[Any]]:
    asked: dict[str, set[Any]] = {}
    for question, item in zip(definition.questions, items_of(definition), strict=True):
        if item.enters_dimension and item.minimum is not None:
            asked.setdefault(str(item.dimension), set()).add((question.key, question.kind, question.reverse))
    return asked


def _spoken(definition: Questionnaire) -> set[str]:
    return _asked(definition).keys() - OUTSIDE_VOICE


def _named(study: Study, questionnaire: str) -> Figures:
    return {
        "key": study.key,
        "name": study.name,
        "closes_on": study.closes_on.isoformat(),
        "questionnaire": questionnaire,
    }


def _stored(study: Study, scoring: Scoring, version: QuestionnaireVersion, scene: Scene) -> Figures:
    figures = scoring.figures
    return {
        **_named(study, version.key),
        "is_alike": _spoken(definition_of(version)) == _spoken(scene.definition)
        and set(_shared(scene.definition, definition_of(version))) >= _spoken(scene.definition),
        "accounts": figures["sample"]["responded"],
        "people": figures["quality"]["responses"] if "quality" in figures else None,
        VOICE: figures["voice"]["mean"],
        NPS: figures["voice"]["nps"],
    }


def _present(scene: Scene) -> Wave:
    people, heard = scene.picture.people, scene.picture.people.heard
    contacts = queries.contacts_of(scene.session, scene.study)
    here = np.flatnonzero(people.has_response)
    keys = [question.key for question in scene.definition.questions]
    recommend = heard.raw[:, keys.index(RECOMMEND)] if RECOMMEND in keys else np.full(len(people.ids), np.nan)
    return Wave(
        drawn=scene.picture.drawn,
        contacts=np.array([contacts[each] for each in people.ids[here].tolist()], dtype=np.int64),
        account=people.account[here],
        role=people.role[here],
        role_weights=people.role_weights,
        names=heard.names,
        dimensions=heard.dimensions[here],
        recommend=recommend[here],
    )


def _past(scene: Scene, study: Study, scoring: Scoring, version: QuestionnaireVersion) -> tuple[Wave, dict[int, str]]:
    """An earlier wave as it is stored, and by which door each contact answered."""
    session = scene.session
    health = session.get_one(HealthComputation, scoring.health_computation_id)
    rows = drawn_accounts(session, study, health)
    currency = the_workspace(session).currency
    drawn = drawn_columns(rows, currency, is_by_size=study.plan.get("method") == Method.PPS)
    place = {account_id: i for i, account_id in enumerate(drawn.account_ids)}
    roles = sorted(study.plan["roles"])
    names = sorted(_asked(definition_of(version)))
    said = dict(_recommended(scene, study, version))
    ids, account, role = array("q"), array("q"), array("q")
    dimensions, recommend = array("d"), array("d")
    modes = {}
    for respondent_id, contact_id, account_id, role_name, mode, scores in queries.people_of(session, scoring):
        ids.append(contact_id)
        account.append(place[account_id])
        role.append(roles.index(role_name))
        dimensions.extend(scores.get(name, np.nan) for name in names)
        recommend.append(said.get(respondent_id, np.nan))
        modes[contact_id] = mode
    wave = Wave(
        drawn=drawn,
        contacts=np.array(ids, dtype=np.int64),
        account=np.array(account, dtype=np.int64),
        role=np.array(role, dtype=np.int64),
        role_weights=role_weights(roles, study.plan["roles"]),
        names=names,
        dimensions=np.array(dimensions, dtype=np.float64).reshape(len(ids), len(names)),
        recommend=np.array(recommend, dtype=np.float64),
    )
    return wave, modes


def _recommended(scene: Scene, study: Study, version: QuestionnaireVersion) -> Any:
    questions = questions_of(scene.session, version)
    if RECOMMEND not in questions:
        return ()
    return queries.numbers_said(scene.session, study, questions[RECOMMEND])


def _other_door(scene: Scene, now: Wave, modes: dict[int, str]) -> int:
    """How many of the same people answered by another door than before."""
    people = scene.picture.people
    here = people.modes[people.has_response].tolist()
    return sum(modes.get(c, mode) != mode for c, mode in zip(now.contacts.tolist(), here, strict=True))
