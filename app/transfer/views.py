"""Files in and out by the browser: uploaded, previewed, then imported; and the answers of a study."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden
from wtforms import SelectChoice

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.web import takes_uploads
from app.studies.scope import may_see_contacts, study_in_scope
from app.transfer.forms import NO_STUDY, ColumnsForm, UploadForm
from app.transfer.models import Upload
from app.transfer.queries import customer_counts, recent_uploads, studies_to_fill
from app.transfer.rules.guesses import CUSTOM, OUT
from app.transfer.rules.mappings import differences, plain_name
from app.transfer.rules.outcome import ImportReport
from app.transfer.services import ImportRefused, Options, export_answers, export_codebook, export_crm, export_responses
from app.transfer.services.formats import FORMATS
from app.transfer.services.mapping import SAMPLES, Look, forget_mapping, known_sources
from app.transfer.services.uploads import (
    FOLDER,
    discard_upload,
    existing_upload,
    forget_bytes,
    import_upload,
    look_at_upload,
    map_upload,
    try_upload,
)
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("transfer", __name__)

RECENT = 10
ONE_UPLOAD = "/imports/<int(max=2147483647):upload_id>"
MIMETYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sav": "application/x-spss-sav",
}
FIELDS = {"map": "renamed", "ignore": "ignored", "study": "study", "date_format": "date_format", "sheet": "sheet"}
"""Which field of the form a refusal is about, where it is not about the file."""


@blueprint.get("/imports")
@access(Permission.STUDIES)
def uploads() -> ResponseReturnValue:
    """Show the form for a file, what each kind of file needs, and what came in before."""
    return show_form(upload_form(formdata=None))


@blueprint.post("/imports")
@access(Permission.STUDIES)
@takes_uploads
def upload() -> ResponseReturnValue:
    """Try a file and lead to what importing it would do, or say which of its cells are at fault."""
    form = upload_form()
    if not form.validate_on_submit():
        return show_form(form), 400
    try:
        kept = try_upload(
            db.session,
            folder=folder(),
            content=form.file.data.stream,
            filename=plain_name(form.file.data.filename),
            kind=form.kind.data,
            options=present_options(**form.chosen()),
            user_id=current_scope().user_id,
        )
    except ImportRefused as refused:
        db.session.rollback()
        return show_form(form, refused.report), 400
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form[FIELDS.get(refusal.field or "", "file")].errors = [refusal.sentence]
        return show_form(form), 400
    db.session.commit()
    return redirect(url_for("transfer.preview", upload_id=kept.id))


@blueprint.get(ONE_UPLOAD)
@access(Permission.STUDIES)
def preview(upload_id: int) -> ResponseReturnValue:
    """Show what an import would do, or what it did; where its columns are not known, lead to them."""
    found = existing_upload(db.session, user_id=current_scope().user_id, upload_id=upload_id)
    if "preview" not in found.options:
        return redirect(url_for("transfer.columns", upload_id=upload_id))
    return show_result(found) if found.imported_at else show_preview(found)


@blueprint.get(f"{ONE_UPLOAD}/columns")
@access(Permission.STUDIES)
def columns(upload_id: int) -> ResponseReturnValue:
    """Show the columns of a file and ask what they are."""
    found = existing_upload(db.session, user_id=current_scope().user_id, upload_id=upload_id)
    if found.imported_at:
        return redirect(url_for("transfer.preview", upload_id=upload_id))
    look = look_at_upload(db.session, found, folder=folder())
    choices = chosen_before(found, look)
    date_format, has_comma = look.guessed_shape(choices)
    form = ColumnsForm(
        formdata=None,
        source=found.options.get("source"),
        date_format=found.options["date_format"] or date_format,
        has_decimal_comma=found.options["has_decimal_comma"] or has_comma,
    )
    return show_columns(found, look, choices, form)


@blueprint.post(f"{ONE_UPLOAD}/columns")
@access(Permission.STUDIES)
def map_columns(upload_id: int) -> ResponseReturnValue:
    """Take what the columns of a file are and lead to what importing it would do."""
    user_id, form = current_scope().user_id, ColumnsForm()
    found = existing_upload(db.session, user_id=user_id, upload_id=upload_id)
    look = look_at_upload(db.session, found, folder=folder())
    choices = [request.form.get(f"column-{place}", "") for place in range(len(look.header))]
    if not form.validate_on_submit():
        return show_columns(found, look, choices, form), 400
    written = {
        "date_format": (form.date_format.data or "").strip() or None,
        "has_decimal_comma": form.has_decimal_comma.data,
    }
    try:
        map_upload(
            db.session,
            folder=folder(),
            upload_id=upload_id,
            choices=choices,
            source=form.source.data or "",
            options=present_options(**written),
            user_id=user_id,
        )
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        found = existing_upload(db.session, user_id=user_id, upload_id=upload_id)
        return show_columns(found, look, choices, form, refusal), 400
    db.session.commit()
    return redirect(url_for("transfer.preview", upload_id=upload_id))


@blueprint.post("/imports/sources/<int(max=2147483647):mapping_id>/forget")
@access(Permission.STUDIES)
def forget(mapping_id: int) -> ResponseReturnValue:
    """Forget what the columns of a source are."""
    source = forget_mapping(db.session, mapping_id=mapping_id, user_id=current_scope().user_id)
    db.session.commit()
    flash(f"The columns of {source} are forgotten. What was imported stays.")
    return redirect(url_for("transfer.uploads"))


@blueprint.post(f"{ONE_UPLOAD}/confirm")
@access(Permission.STUDIES)
def confirm(upload_id: int) -> ResponseReturnValue:
    """Import a previewed file; a second click finds it done."""
    user_id = current_scope().user_id
    try:
        done = import_upload(
            db.session, folder=folder(), upload_id=upload_id, options=present_options(), user_id=user_id
        )
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        found = existing_upload(db.session, user_id=user_id, upload_id=upload_id)
        if "preview" not in found.options:
            return redirect(url_for("transfer.columns", upload_id=upload_id))
        return show_preview(found, refusal), 400
    stored_as = done.stored_as
    db.session.commit()
    forget_bytes(folder(), stored_as)
    return redirect(url_for("transfer.preview", upload_id=upload_id))


@blueprint.post(f"{ONE_UPLOAD}/discard")
@access(Permission.STUDIES)
def discard(upload_id: int) -> ResponseReturnValue:
    """Forget a previewed file; one that is imported stays in the list."""
    stored_as = discard_upload(db.session, upload_id=upload_id, user_id=current_scope().user_id)
    db.session.commit()
    if stored_as is None:
        return redirect(url_for("transfer.preview", upload_id=upload_id))
    forget_bytes(folder(), stored_as)
    flash("The file is discarded. Nothing of it was stored.")
    return redirect(url_for("transfer.uploads"))


@blueprint.get("/studies/<key>/answers.csv")
@access(Permission.REPORTS)
def answers_csv(key: str) -> ResponseReturnValue:
    """Give the answers of a study that the caller may see with the contacts who gave them."""
    return sent_file(key, f"answers-{key}.csv", export_answers)


@blueprint.get("/studies/<key>/responses.<any(csv, xlsx, sav):kind>")
@access(Permission.REPORTS)
def responses_file(key: str, kind: str) -> ResponseReturnValue:
    """Give the responses of a study, one row each, that the caller may see with the contacts who gave them."""
    return sent_file(key, f"responses-{key}.{kind}", export_responses)


@blueprint.get("/studies/<key>/codebook.csv")
@access(Permission.REPORTS)
def codebook_csv(key: str) -> ResponseReturnValue:
    """Give what the columns of a study's responses mean."""
    return sent_file(key, f"codebook-{key}.csv", export_codebook)


@blueprint.get("/accounts.<any(csv, xlsx):kind>")
@access(Permission.REPORTS)
def crm_file(kind: str) -> ResponseReturnValue:
    """Give health, voice, gap and tier of the caller's accounts by the CRM's ids."""
    return written_file(f"accounts.{kind}", lambda path: export_crm(db.session, path=path, scope=current_scope()))


def sent_file(key: str, name: str, export: Callable[..., int]) -> ResponseReturnValue:
    """Give what an export writes about a study, to those who may see the contacts there."""
    scope = current_scope()
    study = study_in_scope(db.session, scope=scope, key=key)
    if not may_see_contacts(scope, study):
        raise Forbidden
    return written_file(name, lambda path: export(db.session, study=study, path=path, scope=scope))


def written_file(name: str, write: Callable[[Path], int]) -> ResponseReturnValue:
    """Give what an export writes.

    Written to a file first: whole or not at all, and a slow reader holds no connection to the database.
    """
    with tempfile.TemporaryDirectory() as temporary:
        path = (Path(temporary) / "export").with_suffix(Path(name).suffix)
        write(path)
        # The open file outlives its name, so nothing is left behind once it has been sent.
        content = path.open("rb")
    return send_file(content, mimetype=MIMETYPES[path.suffix], as_attachment=True, download_name=name)


def folder() -> Path:
    """Return where uploads are kept."""
    home: Path = current_app.config["SETTINGS"].home
    return home / FOLDER


def present_options(**chosen: Any) -> Options:
    """Return the options of an import as they hold now, for the caller."""
    return Options(currency=current_app.config["SETTINGS"].currency, scope=current_scope(), **chosen)


def upload_form(**given: Any) -> UploadForm:
    """Return the form with the kinds of file there are."""
    form = UploadForm(**given)
    form.kind.choices = [SelectChoice(kind, kind.capitalize()) for kind in FORMATS]
    return form


def show_form(form: UploadForm, report: ImportReport | None = None) -> str:
    """Show the form, above it what is wrong with the file that was sent."""
    scope = current_scope()
    studies = studies_to_fill(db.session, scope)
    form.study.choices = [NO_STUDY, *(SelectChoice(study.key, f"{study.name} ({study.key})") for study in studies)]
    accounts, contacts = customer_counts(db.session)
    return render_template(
        "transfer/uploads.html",
        form=form,
        report=report,
        filename=plain_name(form.file.data.filename) if report else "",
        kinds=FORMATS.values(),
        accounts=accounts,
        contacts=contacts,
        studies=len(studies),
        sources=known_sources(db.session),
        recent=recent_uploads(db.session, user_id=scope.user_id, limit=RECENT),
    )


def chosen_before(found: Upload, look: Look) -> list[str]:
    """Return what was said of the columns before, else what they seem to be."""
    kept = found.options.get("columns")
    if not kept:
        return [guess.choice for guess in look.guesses]
    known = set(look.kind.expected.known)
    meanings = [kept.get(name, name) for name in look.header]
    return [meaning if meaning in known else CUSTOM if meaning else OUT for meaning in meanings]


def show_columns(
    found: Upload, look: Look, choices: list[str], form: ColumnsForm, refusal: Refusal | None = None
) -> str:
    """Show the columns of a file with samples and choices, above them why the last choice was refused."""
    report = refusal.report if isinstance(refusal, ImportRefused) else None
    rows = [
        {"name": name, "samples": texts[:SAMPLES], "choice": choice, "why": guess.why if guess.choice == choice else ""}
        for name, texts, choice, guess in zip(look.header, look.texts, choices, look.guesses, strict=True)
    ]
    if refusal and refusal.field in {"date_format", "source"}:
        form[refusal.field].errors = [refusal.sentence]
    others = [(CUSTOM, "Custom field")] if look.kind.takes_custom else []
    return render_template(
        "transfer/columns.html",
        upload=found,
        form=form,
        rows=rows,
        fields=look.kind.expected.known,
        required=look.kind.expected.required,
        others=[*others, (OUT, "Leave out")],
        refusal=refusal,
        report=report,
    )


def show_preview(found: Upload, refusal: Refusal | None = None) -> str:
    """Show what an import would do, above it why it did not where it was tried."""
    kept = found.options["preview"]
    before = kept["imported_before"]
    return render_template(
        "transfer/preview.html",
        upload=found,
        preview=kept,
        report=kept["report"],
        imported_before=datetime.fromisoformat(before) if before else None,
        refusal=refusal,
        refused=refusal.report if isinstance(refusal, ImportRefused) else None,
    )


def show_result(found: Upload) -> str:
    """Show what an import did, and where that is not what its preview said."""
    result, previewed = found.options["result"], found.options["preview"]["report"]
    return render_template(
        "transfer/result.html", upload=found, result=result, differences=differences(previewed, result)
    )
