"""Is the health score right? The test of a scorecard in the browser: asked for, read, and taken up by a person."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.health.queries import newest_scorecard
from app.health.services import compute_health
from app.reports.drawing import drawings
from app.reports.rendering import reports_folder
from app.reports.rules.validity import tested_on, validity_page
from app.reports.views.blueprint import blueprint
from app.scoring.queries import validations_of
from app.scoring.services.validating import accept_weights, ask_validation
from app.users.policy import Permission, access, current_scope


@blueprint.get("/scorecards/<key>/validity")
@access(Permission.STUDIES)
def validity(key: str) -> ResponseReturnValue:
    """Show what the newest test of a scorecard came to; the figures are read, never computed here."""
    newest, tests = newest_scorecard(db.session, key), validations_of(db.session, key)
    done = next((each for each in tests if each[0].figures is not None), None)
    values = {"scorecard": newest, "is_waiting": any(test.computed_at is None for test, _ in tests)}
    if done is None or done[0].figures is None:
        return render_template("reports/validity.html", **values, page=None, test=None)
    test, version = done
    page = validity_page(done[0].figures)
    return render_template(
        "reports/validity.html",
        **values,
        page=page,
        test=test,
        tested_on=tested_on(done[0].figures),
        drawings=drawings(page.charts, reports_folder(), f"validity-{version.key}"),
        is_newest=version.id == newest.id,
        has_weights=bool((done[0].figures.get("suggestion") or {}).get("weights")),
    )


@blueprint.post("/scorecards/<key>/validity")
@access(Permission.STUDIES)
def ask_for_validity(key: str) -> ResponseReturnValue:
    """Ask the worker to test the newest version of a scorecard against the outcomes known today."""
    version = newest_scorecard(db.session, key)
    ask_validation(db.session, version=version, as_of=today(), actor_id=current_scope().user_id)
    db.session.commit()
    current_app.extensions["bell"].ring("validate")
    flash("The scorecard is being tested.")
    return redirect(url_for("reports.validity", key=key))


@blueprint.post("/scorecards/<key>/validity/<int:number>/weights")
@access(Permission.STUDIES)
def accept_suggestion(key: str, number: int) -> ResponseReturnValue:
    """Publish the suggested weights as the scorecard's next version and compute today’s health by it."""
    found = next((test for test, _ in validations_of(db.session, key) if test.id == number), None)
    if found is None:
        raise Missing("There is no such test of this scorecard.", "number")
    try:
        version = accept_weights(db.session, validation=found, actor_id=current_scope().user_id)
        compute_health(db.session, version=version, as_of=today())
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.sentence)
        return redirect(url_for("reports.validity", key=key))
    flash(f"{version.name}, version {version.version}, is published with the suggested weights.")
    return redirect(url_for("reports.validity", key=key))
