"""The scorecards: how health is computed, published in the browser, and today's health computed by it."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.documents import parse_json
from app.core.errors import Refusal
from app.health.queries import measured_metrics, scorecard_versions
from app.health.rules.starter import starter_scorecard
from app.health.services import compute_health, load_scorecard
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("health", __name__)


@blueprint.get("/scorecards")
@access(Permission.STUDIES)
def scorecards() -> ResponseReturnValue:
    """Show the published scorecards, and a text to publish the next one from."""
    versions = scorecard_versions(db.session)
    measured = measured_metrics(db.session)
    document = versions[0].definition if versions else starter_scorecard(measured)
    return page(json.dumps(document, ensure_ascii=False, indent=1))


@blueprint.post("/scorecards")
@access(Permission.STUDIES)
def publish() -> ResponseReturnValue:
    """Publish a scorecard and compute today's health by it, or show the text again with what is wrong."""
    typed = request.form.get("document", "")
    try:
        version = load_scorecard(db.session, document=read(typed), actor_id=current_scope().user_id)
        compute_health(db.session, version=version, as_of=today())
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return page(typed, refusal.sentence), 400
    flash(f"{version.name}, version {version.version}, is published and today’s health is computed by it.")
    return redirect(url_for("health.scorecards"))


def read(typed: str) -> dict[str, Any]:
    """Return the object that was typed, or refuse with what is wrong about it."""
    try:
        return parse_json(typed.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise Refusal(str(error).replace("The file", "The text"), "document") from error


def page(document: str, problem: str | None = None) -> str:
    """Return the page with a text in its form."""
    return render_template(
        "health/scorecards.html",
        versions=scorecard_versions(db.session),
        measured=measured_metrics(db.session),
        document=document,
        problem=problem,
    )
