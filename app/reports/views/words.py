"""What people do about the words: name, merge and hide themes, and read open answers to check the sentiment."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.reports.reading import LABELS, last_changes, theme_lines, to_read
from app.reports.rules.theme_names import COMMON, NameLine, refused, typed_lines, wanted_edits
from app.reports.views.blueprint import blueprint
from app.scoring.rules.hand_coding import UNCLEAR
from app.scoring.services.reading import code_text, draw_to_read
from app.scoring.services.theming import Wanted, edit_themes, undo_edit
from app.studies.models import Study
from app.studies.scope import study_in_scope
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access, current_scope


@blueprint.route("/studies/<key>/gaps/words/names", methods=["GET", "POST"])
@access(Permission.STUDIES)
def theme_names(key: str) -> ResponseReturnValue:
    """Show every theme with its name, and store what was typed; refused, it all stays in the form."""
    study = own_study(key)
    lines = theme_lines(db.session, study)
    if request.method == "GET":
        return names_page(study, lines)
    lines = typed_lines(lines, request.form)
    try:
        wanted = [Wanted(*each) for each in wanted_edits(lines)]
        changed = edit_themes(db.session, study=study, wanted=wanted, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return names_page(study, refused(lines, refusal), refusal), 400
    return stored(study, "Stored; the study is being scored again." if changed else "Nothing has changed.")


@blueprint.post("/studies/<key>/gaps/words/names/<int:edit_id>/undo")
@access(Permission.STUDIES)
def undo_theme(key: str, edit_id: int) -> ResponseReturnValue:
    """Take an edit of a theme back."""
    study = own_study(key)
    try:
        undo_edit(db.session, study=study, edit_id=edit_id, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return names_page(study, theme_lines(db.session, study), refusal), 400
    return stored(study, "Taken back; the study is being scored again.")


@blueprint.route("/studies/<key>/gaps/words/reading", methods=["GET", "POST"])
@access(Permission.STUDIES)
def reading(key: str) -> ResponseReturnValue:
    """Show the next answer to read without what we made of it, and store how it sounds to the reader."""
    study, answer_id = own_study(key), request.values.get("answer", type=int)
    refusal = None
    if request.method == "POST":
        try:
            read_or_draw(study, answer_id)
            db.session.commit()
            return redirect(url_for("reports.reading", key=key), code=303)
        except Missing:
            raise
        except Refusal as refused_:
            db.session.rollback()
            refusal = refused_
    shown = to_read(db.session, study, answer_id)
    page = render_template(
        "reports/reading.html", study=study, shown=shown, labels=LABELS, unclear=UNCLEAR, refusal=refusal
    )
    return page, 400 if refusal else 200


def read_or_draw(study: Study, answer_id: int | None) -> None:
    """Store what the reader found in an answer, or draw answers where none was named."""
    at, by = now(), current_scope().user_id
    if answer_id is None:
        draw_to_read(db.session, study=study, at=at, by=by)
    else:
        label = request.form.get("label", "")
        code_text(db.session, study=study, answer_id=answer_id, label=label, at=at, by=by)


def own_study(key: str) -> Study:
    """Return the study of this key if the caller runs it; an anonymous one is refused."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    refuse_anonymous(study)
    return study


def names_page(study: Study, lines: list[NameLine], refusal: Refusal | None = None) -> str:
    """Return the form with these lines in it."""
    changes = last_changes(db.session, lines)
    return render_template(
        "reports/theme_names.html", study=study, lines=lines, common=COMMON, changes=changes, refusal=refusal
    )


def stored(study: Study, sentence: str) -> ResponseReturnValue:
    """Wake the worker, say what happened and show the form anew."""
    current_app.extensions["bell"].ring("score")
    flash(sentence)
    return redirect(url_for("reports.theme_names", key=study.key), code=303)
