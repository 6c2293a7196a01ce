"""The pages of personal data: how long words are kept, and the data of one person."""

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.core.mail import OUTBOX
from app.core.workspace import the_workspace
from app.settings.services import change_retention
from app.subjects.erasure import finish
from app.subjects.forms import ErasureForm, PersonForm, RetentionForm
from app.subjects.rules import BACKUPS, ELSEWHERE
from app.subjects.services.erasing import copy_of, erase_person, traces_of
from app.subjects.services.retention import outlook
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("subjects", __name__)


@blueprint.route("/settings/personal-data", methods=["GET", "POST"])
@access(Permission.USERS)
def index() -> ResponseReturnValue:
    """Show how long words are kept and what goes next, or change it; and ask for a person's address."""
    form = retention_form()
    if form.validate_on_submit():
        typed = form.retention_months.data or ""
        try:
            change_retention(db.session, months=typed, actor_id=current_scope().user_id)
        except Refusal as refusal:
            db.session.rollback()
            form.retention_months.errors = [refusal.sentence]
        else:
            db.session.commit()
            flash("The retention period is stored.")
            return redirect(url_for("subjects.index"))
    return index_page(form, PersonForm(formdata=None)), 400 if form.is_submitted() else 200


@blueprint.post("/settings/personal-data/person")
@access(Permission.USERS)
def person() -> ResponseReturnValue:
    """Show what there is of a person; by POST, so that no address stands in logs and histories."""
    form = PersonForm()
    try:
        return person_page(form.email.data or "", ErasureForm(formdata=None))
    except Refusal as refusal:
        form.email.errors = [refusal.sentence]
        return index_page(retention_form(is_empty=True), form), 404


@blueprint.post("/settings/personal-data/copy.json")
@access(Permission.USERS)
def copy() -> ResponseReturnValue:
    """Hand out everything that is on record about a person as a file."""
    document = copy_of(db.session, address=PersonForm().email.data or "", outbox=outbox(), at=now())
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="personal-data.json"'}
    return Response(text + "\n", mimetype="application/json", headers=headers)


@blueprint.post("/settings/personal-data/erase")
@access(Permission.USERS)
def erase() -> ResponseReturnValue:
    """Erase a person whose address was typed twice, or show the page again."""
    form = ErasureForm()
    address = form.email.data or ""
    if (form.again.data or "").strip().lower() != address.strip().lower():
        form.again.errors = ["This is another address; nothing was erased."]
        return person_page(address, form), 400
    erased = erase_person(db.session, address=address, outbox=outbox(), at=now(), actor_id=current_scope().user_id)
    db.session.commit()
    is_swept = finish(erased)
    return render_template(
        "subjects/erased.html", traces=erased.traces, is_swept=is_swept, backups=BACKUPS, elsewhere=ELSEWHERE
    )


def retention_form(*, is_empty: bool = False) -> RetentionForm:
    """Return the form of the retention period, as it was sent or (empty of what was sent) as it stands."""
    months = the_workspace(db.session).retention_months
    data = {"retention_months": "" if months is None else str(months)}
    return RetentionForm(formdata=None, data=data) if is_empty else RetentionForm(data=data)


def index_page(form: RetentionForm, asked: PersonForm) -> str:
    """Return the first page, with what was typed in one of its forms."""
    workspace = the_workspace(db.session)
    return render_template(
        "subjects/index.html",
        form=form,
        asked=asked,
        months=workspace.retention_months,
        last_run=workspace.expired_at,
        next=outlook(db.session, outbox=outbox(), at=now()),
    )


def person_page(address: str, form: ErasureForm) -> str:
    """Return the page of what there is of a person."""
    traces = traces_of(db.session, address=address, outbox=outbox())
    return render_template(
        "subjects/person.html", address=address.strip(), traces=traces, form=form, backups=BACKUPS, elsewhere=ELSEWHERE
    )


def outbox() -> Path:
    """Return the folder of mails that were written as files."""
    home: Path = current_app.config["SETTINGS"].home
    return home / OUTBOX
