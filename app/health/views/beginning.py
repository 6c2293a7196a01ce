"""Beginning a draft: from a template, from what was measured, or from the newest version; and throwing one away."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.health.forms import text, whole
from app.health.queries.drafts import draft_of, has_draft
from app.health.queries.sealing import metrics_shown
from app.health.queries.versions import newest_versions, versions_of
from app.health.rules.editing import Sheet, key_from, sheet_of
from app.health.rules.starter import starter_scorecard
from app.health.rules.templates import TEMPLATES, template_of, template_sheet
from app.health.services.drafts import create_draft, discard_draft
from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

STARTER = "starter"


@blueprint.route("/scorecards/new", methods=["GET", "POST"])
@access(Permission.STUDIES)
def new_scorecard() -> ResponseReturnValue:
    """Show the ways to begin a scorecard, or begin its draft."""
    typed = {"name": "", "key": "", "from": TEMPLATES[0].key, "form_key": uuid4().hex}
    if request.method == "GET":
        return new_page(typed, {})
    typed = {name: request.form.get(name, "") for name in typed}
    try:
        draft = create_draft(
            db.session,
            sheet=first_sheet(),
            based_on=None,
            form_key=text(request.form, "form_key")[:64],
            by=current_scope().user_id,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return new_page(typed, {refusal.field or "name": refusal.sentence}), 400
    except IntegrityError:
        db.session.rollback()
        return new_page(typed, {"key": "This key was taken a moment ago; choose another."}), 400
    return redirect(url_for("health.edit", key=draft.key))


@blueprint.post("/scorecards/<key>/draft")
@access(Permission.STUDIES)
def begin(key: str) -> ResponseReturnValue:
    """Begin the draft of a scorecard's next version, or go on with the one that there is."""
    newest = versions_of(db.session, key)[0]
    if not has_draft(db.session, key):
        try:
            create_draft(
                db.session,
                sheet=sheet_of(newest.definition),
                based_on=newest.version,
                form_key="",
                by=current_scope().user_id,
            )
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
    return redirect(url_for("health.edit", key=key))


@blueprint.post("/scorecards/<key>/discard")
@access(Permission.STUDIES)
def discard(key: str) -> ResponseReturnValue:
    """Throw a draft away, where nobody saved it since the page was made."""
    draft = draft_of(db.session, key, is_locked=True)
    discard_draft(db.session, draft=draft, revision=whole(request.form, "revision"), by=current_scope().user_id)
    db.session.commit()
    flash(f"The draft of “{key}” is gone. What was published stays.")
    return redirect(url_for("health.scorecards"))


def first_sheet() -> Sheet:
    """Return the draft that the form asks for."""
    name, typed, source = (text(request.form, field) for field in ("name", "key", "from"))
    if not name:
        raise Refusal("Write how colleagues will find it, such as Enterprise.", "name")
    taken = list(newest_versions(db.session))
    if typed in taken:
        raise Refusal("A scorecard has this key already; begin its next version from the list.", "key")
    key = typed or key_from(name, taken)
    measured = metrics_shown(db.session)
    if source == STARTER:
        return sheet_of({**starter_scorecard(measured), "key": key, "name": name})
    template = template_of(source)
    if template is None:
        raise Missing("There is no such template.", "from")
    return template_sheet(template, key=key, name=name, measured=measured)


def new_page(typed: dict[str, str], errors: dict[str, str]) -> str:
    """Return the page with the ways to begin."""
    return render_template("health/new.html", texts=typed, errors=errors, templates=TEMPLATES, starter=STARTER)
