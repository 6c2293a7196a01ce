"""What publishing a draft would change, in words, and publishing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.documents import FieldError
from app.core.errors import Refusal
from app.health.forms import whole
from app.health.models import ScorecardDraft
from app.health.queries.drafts import draft_of
from app.health.queries.versions import newest_versions
from app.health.rules.comparing import changes_in_words
from app.health.rules.readiness import Reading, reading_of
from app.health.rules.scorecard import parse_scorecard, to_document
from app.health.services.drafts import publish_draft
from app.health.views.blueprint import blueprint
from app.health.views.comparing import left_out, preview_of
from app.users.policy import Permission, access, current_scope


@blueprint.get("/scorecards/<key>/publish")
@access(Permission.STUDIES)
def look_before_publishing(key: str) -> ResponseReturnValue:
    """Show what publishing would change, or what stands in the way."""
    return publish_page(draft_of(db.session, key), "")


@blueprint.post("/scorecards/<key>/publish")
@access(Permission.STUDIES)
def publish_written(key: str) -> ResponseReturnValue:
    """Publish a draft as the next version and compute today's health by it."""
    draft = draft_of(db.session, key, is_locked=True)
    note = request.form.get("note", "").replace("\r\n", "\n").replace("\0", "").strip()
    try:
        version = publish_draft(
            db.session,
            draft=draft,
            revision=whole(request.form, "revision"),
            note=note,
            as_of=today(),
            by=current_scope().user_id,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return publish_page(draft_of(db.session, key), note, refusal), 400
    flash(f"{version.name}, version {version.version}, is published and today’s health is computed by it.")
    if version.version > 1:
        return redirect(url_for("health.compare", key=key))
    return redirect(url_for("health.scorecards"))


def publish_page(draft: ScorecardDraft, note: str, refusal: Refusal | None = None) -> str:
    """Return the page before publishing."""
    reading = reading_of(draft.definition)
    newest = newest_versions(db.session).get(draft.key)
    return render_template(
        "health/publish.html",
        draft=draft,
        reading=reading,
        newest=newest,
        lines=lines_of(reading, newest.definition if newest else None),
        preview=preview_of(draft.key, reading.scorecard)[0] if reading.scorecard else None,
        note=note,
        refusal=refusal,
        sealed=left_out(),
    )


def lines_of(reading: Reading, old: dict[str, object] | None) -> list[str]:
    """Return what the draft changes against the newest version, a sentence each; nothing where it cannot be read."""
    try:
        return changes_in_words(old, to_document(parse_scorecard(reading.document)))
    except FieldError:
        return []
