"""The list of scorecards and drafts, and the text from which one may be published too."""

import json
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.documents import parse_json
from app.core.errors import Refusal
from app.health.models import ScorecardDraft, ScorecardVersion
from app.health.queries import scorecard_versions
from app.health.queries.drafts import drafts, name_of
from app.health.queries.sealing import metrics_shown
from app.health.rules.editing import judgement_share, sheet_of
from app.health.rules.starter import starter_scorecard
from app.health.services import compute_health, load_scorecard
from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@dataclass(frozen=True)
class Card:
    """A scorecard in the list: its newest version first, the share of judgement in that, and its draft."""

    key: str
    versions: list[ScorecardVersion]
    judgement: float
    draft: ScorecardDraft | None
    draft_by: str

    @property
    def newest(self) -> ScorecardVersion:
        """The version that is in use."""
        return self.versions[0]


@blueprint.get("/health/scorecards")
@access(Permission.STUDIES)
def scorecards_of_health() -> ResponseReturnValue:
    """Lead from the address that the hub's word suggests to the list."""
    return redirect(url_for("health.scorecards"))


@blueprint.get("/scorecards")
@access(Permission.STUDIES)
def scorecards() -> ResponseReturnValue:
    """Show the scorecards with their versions and drafts."""
    versions = scorecard_versions(db.session)
    document = versions[0].definition if versions else starter_scorecard(metrics_shown(db.session))
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
    versions = scorecard_versions(db.session)
    writing = {draft.key: draft for draft in drafts(db.session)}
    return render_template(
        "health/scorecards.html",
        cards=[card(key, versions, writing.get(key)) for key in dict.fromkeys(v.key for v in versions)],
        versions=versions,
        beginnings=[
            (draft, name_of(db.session, draft.changed_by))
            for key, draft in writing.items()
            if key not in {version.key for version in versions}
        ],
        measured=metrics_shown(db.session),
        document=document,
        problem=problem,
    )


def card(key: str, versions: Any, draft: ScorecardDraft | None) -> Card:
    """Return one scorecard of the list."""
    own = [version for version in versions if version.key == key]
    by = name_of(db.session, draft.changed_by) if draft else ""
    return Card(key, own, judgement_share(sheet_of(own[0].definition)), draft, by)
