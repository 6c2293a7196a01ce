"""Beginning a draft: an empty one, one of the newest version, or a copy under another key; and throwing one away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.authoring.forms import good_key, number_sent, refuse_nul, text
from app.authoring.queries import draft_of, has_draft, question_bank, questionnaire_keys
from app.authoring.rules.arranging import key_from, with_question
from app.authoring.rules.parts import QUESTION, SECTION, Document, keys
from app.authoring.services import RESERVED, create_draft, discard_draft, save_draft
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.questionnaires.queries import newest_version
from app.users.policy import Permission, access, current_scope


@blueprint.route("/questionnaires/new", methods=["GET", "POST"])
@access(Permission.STUDIES)
def new() -> ResponseReturnValue:
    """Show the form of a new questionnaire, or begin its draft, empty or as a copy of `from`."""
    typed = {"name": "", "key": "", "language": "en", "from": request.args.get("from", "")}
    if request.method == "GET":
        return new_page(typed, {})
    typed = {name: request.form.get(name, "") for name in typed}
    try:
        draft = create_draft(db.session, definition=first_document(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return new_page(typed, {refusal.field or "name": refusal.sentence}), 400
    except IntegrityError:
        db.session.rollback()
        return new_page(typed, {"key": "This key was taken a moment ago; choose another."}), 400
    return redirect(url_for("authoring.edit", key=draft.key))


@blueprint.post("/questionnaires/<key>/draft")
@access(Permission.STUDIES)
def begin(key: str) -> ResponseReturnValue:
    """Begin the draft of a questionnaire's next version, or go on with the one that there is."""
    if not has_draft(db.session, key):
        definition = dict(newest_version(db.session, key).definition)
        try:
            create_draft(db.session, definition=definition, by=current_scope().user_id)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
    return redirect(url_for("authoring.edit", key=key))


@blueprint.post("/questionnaires/<key>/discard")
@access(Permission.STUDIES)
def discard(key: str) -> ResponseReturnValue:
    """Throw a draft away, where nobody saved it since the page was made."""
    draft = draft_of(db.session, key, is_locked=True)
    revision = number_sent(request.form.get("revision", ""))
    discard_draft(db.session, draft=draft, revision=revision, by=current_scope().user_id)
    db.session.commit()
    flash(f"The draft of “{key}” is gone. What was published stays.")
    return redirect(url_for("authoring.index"))


@blueprint.post("/questionnaires/<key>/bank")
@access(Permission.STUDIES)
def add_from_bank(key: str) -> ResponseReturnValue:
    """Add a question of the bank to a draft, under its own key, so that answers compare."""
    draft = draft_of(db.session, key, is_locked=True)
    wanted = request.form.get("question", "")
    entry = next((each.entry for each in question_bank(db.session) if each.key == wanted), None)
    if entry is None:
        raise Missing("The bank has no such question.", "question")
    if wanted in keys(draft.definition, QUESTION):
        flash(f"“{wanted}” stands in this draft already.")
        return redirect(url_for("authoring.edit", key=key, at=f"question.{wanted}"))
    document, place = with_banked(draft.definition, entry)
    save_draft(db.session, draft=draft, revision=draft.revision, definition=document, by=current_scope().user_id)
    db.session.commit()
    flash("The question is added with its key, so that its answers compare.")
    return redirect(url_for("authoring.edit", key=key, at=place))


def first_document() -> Document:
    """Return the document that the form of a new questionnaire asks for."""
    refuse_nul(request.form)
    name, source = text(request.form, "name"), request.form.get("from", "")
    if not name:
        raise Refusal("Write how colleagues will find it, such as Spring pulse.", "name")
    taken = questionnaire_keys(db.session) | RESERVED
    typed = text(request.form, "key")
    key = good_key(typed, taken) if typed else key_from(name, taken, blank="questionnaire")
    if source:
        return {**newest_version(db.session, source).definition, "key": key, "name": name}
    section = {"key": "section_1", "title": "Questions"}
    language = text(request.form, "language") or "en"
    return {"key": key, "name": name, "language": language, "sections": [section], "questions": []}


def with_banked(document: Document, entry: dict[str, Any]) -> tuple[Document, str]:
    """Return a draft with a question of the bank at its end, without what refers to its old questionnaire."""
    sections = keys(document, SECTION)
    local = {"matrix", "about", "relevant", "constraint", "constraint_message"}
    kept = {name: value for name, value in entry.items() if name not in local}
    return with_question(document, {**kept, "section": sections[-1] if sections else ""})


def new_page(typed: dict[str, str], errors: dict[str, str]) -> str:
    """Return the page with the form of a new questionnaire."""
    source = newest_version(db.session, typed["from"]) if typed["from"] else None
    return render_template("authoring/new.html", texts=typed, errors=errors, source=source)
