"""Questionnaires as XLSForm: a file becomes a draft, and what was published goes out as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.authoring.forms import good_key, refuse_nul, text
from app.authoring.services import RESERVED, create_draft
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.errors import Refusal
from app.core.web import takes_uploads
from app.questionnaires.queries import definition_of, newest_version
from app.questionnaires.services import XLSFormRefused, read_xlsform, write_xlsform
from app.users.policy import Permission, access, current_scope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/questionnaires/xlsform", methods=["GET", "POST"])
@access(Permission.STUDIES)
@takes_uploads
def xlsform() -> ResponseReturnValue:
    """Show the form for a file, or make a draft of the one that was sent."""
    if request.method == "GET":
        return xlsform_page({"key": ""}, {})
    try:
        draft_key, left_out = begun_from_file()
        db.session.commit()
    except XLSFormRefused as refused:
        db.session.rollback()
        return xlsform_page({"key": request.form.get("key", "")}, {}, refused.constructs), 400
    except Refusal as refusal:
        db.session.rollback()
        field = "key" if refusal.field == "key" else "file"
        return xlsform_page({"key": request.form.get("key", "")}, {field: refusal.sentence}), 400
    flash("The file is a draft now; nobody sees it until you publish.")
    for sentence in left_out:
        flash(sentence)
    return redirect(url_for("authoring.edit", key=draft_key))


@blueprint.get("/questionnaires/<key>/questionnaire.xlsx")
@access(Permission.STUDIES)
def workbook(key: str) -> ResponseReturnValue:
    """Hand out the newest version as XLSForm."""
    version = newest_version(db.session, key)
    name = f'attachment; filename="{version.key}-{version.version}.xlsx"'
    content = write_xlsform(definition_of(version))
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": name})


def begun_from_file() -> tuple[str, tuple[str, ...]]:
    """Begin a draft from the file that was sent; return its key, and what of the file was left out."""
    refuse_nul(request.form)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal("Choose a file.", "file")
    key = good_key(text(request.form, "key"), RESERVED)
    converted = read_xlsform(file.stream.read(), file.filename, key=key)
    create_draft(db.session, definition=converted.document, by=current_scope().user_id)
    return key, tuple(converted.warnings)


def xlsform_page(typed: dict[str, str], errors: dict[str, str], constructs: tuple[str, ...] = ()) -> str:
    """Return the page with the form for a file, and all that keeps the last one from becoming a draft."""
    return render_template("authoring/xlsform.html", texts=typed, errors=errors, constructs=constructs)
