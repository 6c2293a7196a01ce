"""The list of studies: what was asked whom, and how far it has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.core.database import db
from app.responses.queries import anonymous_counts
from app.studies.models import Study
from app.studies.rules.progress import Step, next_anonymous_step, next_step
from app.studies.scope import may_run, sees_assigned_only, studies_in_scope
from app.studies.views.handed_in import FromScoring
from app.studies.views.links import QUESTIONNAIRES, UPLOADS, address
from app.users.policy import Permission, Scope, access, current_scope

MODES = {"survey": "Survey", "interview": "Interviews", "both": "Survey and interviews"}
ANONYMOUS = "Anonymous survey"


@dataclass(frozen=True)
class Line:
    """One study as the list shows it."""

    study: Study
    questionnaire: str
    mode: str
    owner: str | None
    drawn: int
    heard: int
    answers: int | None
    scored_at: datetime | None
    step: Step | None
    is_run: bool


def index_view(scoring: FromScoring) -> Callable[[], ResponseReturnValue]:
    """Return the view of the list."""

    @access(Permission.REPORTS)
    def index() -> ResponseReturnValue:
        scope = current_scope()
        found = studies_in_scope(db.session, scope=scope)
        answers = anonymous_counts(db.session, [row.Study.id for row in found if row.Study.is_anonymous])
        times = scoring.scored_at(db.session, [row.Study.id for row in found])
        lines = [line_of(row, times.get(row.Study.id), answers, scope) for row in found]
        return render_template(
            "studies/index.html",
            lines=lines,
            scored=sum(line.scored_at is not None for line in lines),
            runs_studies=scope.can(Permission.STUDIES),
            sees_part=sees_assigned_only(scope),
            uploads=address(UPLOADS),
            authoring=address(QUESTIONNAIRES),
        )

    return index


def line_of(row: Row[Any], scored_at: datetime | None, answers: Mapping[int, int], scope: Scope) -> Line:
    """Return one study as the list shows it; of an anonymous one the answers are counted, never the accounts heard."""
    study: Study = row.Study
    came = answers.get(study.id, 0) if study.is_anonymous else None
    return Line(
        study=study,
        questionnaire=row.questionnaire,
        mode=ANONYMOUS if study.is_anonymous else MODES.get(study.plan.get("mode", ""), "Survey"),
        owner=row.owner or row.owner_email,
        drawn=row.drawn,
        heard=row.heard,
        answers=came,
        scored_at=scored_at,
        step=step_of(study, row.heard, came, scored_at),
        is_run=may_run(scope, study),
    )


def step_of(study: Study, heard: int, came: int | None, scored_at: datetime | None) -> Step | None:
    """Return what a study waits for."""
    if came is not None:
        return next_anonymous_step(drawn_at=study.drawn_at, answers=came, closed_at=study.closed_at)
    is_triggered = "trigger" in study.plan
    return next_step(drawn_at=study.drawn_at, heard=heard, scored_at=scored_at, is_triggered=is_triggered)
