"""Figures of a part of a large study: wished for, computed by the worker, and given up."""

from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.core.database import db
from app.reports.choosing import Asked, is_large
from app.reports.views.blueprint import asked_of, blueprint, visible_study
from app.scoring.queries import scoring_of
from app.scoring.queries.choosing import figures_wanted, people_drawn
from app.scoring.services.loading import statistics_are_loaded
from app.scoring.services.wishes import give_up_figures, wish_for_figures
from app.studies.models import Study
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access

STEPS = ("Waiting for the worker.", "Reading the answers.", "Computing the figures.")
"""What the page says of each step."""


def waiting_page(study: Study, asked: Asked) -> str:
    """Return the page of figures that take too long for a page: how to have them computed, or how far that has come."""
    step = step_of(study, asked)
    return render_template(
        "reports/part_waiting.html",
        study=study,
        asked=asked,
        step=step,
        last=len(STEPS),
        words="" if step is None else STEPS[min(step, len(STEPS) - 1)],
        people=people_drawn(db.session, study),
        is_loading=not is_large(db.session, study),
    )


@blueprint.get("/studies/<key>/gaps/part.json")
@access(Permission.REPORTS)
def part_state(key: str) -> ResponseReturnValue:
    """Say how far the figures of a part have come: a page that waits for them asks every few seconds."""
    study = visible_study(key)
    asked = asked_of(study)
    return jsonify({"stamp": "" if asked is None else stamp_of(study, asked), "is_waiting": False})


@blueprint.post("/studies/<key>/gaps/part/compute")
@access(Permission.REPORTS)
def compute_part(key: str) -> ResponseReturnValue:
    """Leave the wish for the figures of a part, and ring for the worker."""
    study = visible_study(key)
    refuse_anonymous(study)
    asked, scoring = asked_of(study, request.form), scoring_of(db.session, study)
    if asked is None or scoring is None or asked.typed.is_empty or asked.is_nothing:
        return redirect(url_for("reports.gaps", key=key), code=303)
    query: dict[str, Any] = asked.typed.query
    try:
        wish_for_figures(db.session, scoring=scoring, key=asked.key, query=asked.choice.query)
        db.session.commit()
        current_app.extensions["bell"].ring("choose")
    except IntegrityError:
        # Somebody wished for the same figures at the same moment: one wish is enough.
        db.session.rollback()
    return redirect(url_for("reports.gaps", key=key, **query), code=303)


@blueprint.post("/studies/<key>/gaps/part/cancel")
@access(Permission.REPORTS)
def give_up_part(key: str) -> ResponseReturnValue:
    """Take the wish back; the worker stops at its next step."""
    study = visible_study(key)
    asked, scoring = asked_of(study, request.form), scoring_of(db.session, study)
    if asked is not None and scoring is not None:
        give_up_figures(db.session, scoring=scoring, key=asked.key)
        db.session.commit()
    return redirect(url_for("reports.gaps", key=key), code=303)


def step_of(study: Study, asked: Asked) -> int | None:
    """Return how far the worker has come; None where nobody has asked it."""
    scoring = scoring_of(db.session, study)
    wish = None if scoring is None else figures_wanted(db.session, scoring.id, asked.key)
    if wish is None:
        return None
    return len(STEPS) if wish.figures is not None else wish.step


def stamp_of(study: Study, asked: Asked) -> str:
    """Return what changes as soon as the page has something new to say."""
    step = step_of(study, asked)
    if step is not None:
        return str(step)
    return "none" if is_large(db.session, study) or not statistics_are_loaded() else "loaded"
