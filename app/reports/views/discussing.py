"""Comments on an edition and signatures under it, in the browser; people outside never see them."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.reports.discussing import add_comment, sign_edition, take_back_comment, withdraw_sign_off
from app.reports.queries.discussion import reads_all_comments
from app.reports.rules.comments import Typed
from app.reports.views.blueprint import blueprint, own_study, visible_edition, visible_study
from app.reports.views.edition_page import edition_page
from app.users.policy import Permission, access, current_scope


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/comments")
@access(Permission.REPORTS)
def comment(key: str, number: int) -> ResponseReturnValue:
    """Add a comment; refused, the page keeps what was typed."""
    study = visible_study(key)
    found, form = visible_edition(study, number), request.form
    may_address_all = reads_all_comments(current_scope(), study)
    typed = Typed(form.get("body", ""), form.get("part", ""), may_address_all and "is_for_all" in form)
    form_key, by = form.get("form_key", ""), current_scope().user_id
    try:
        add_comment(db.session, study=study, edition=found, typed=typed, form_key=form_key, at=now(), by=by)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        return refused(key, number, "comment", refusal, typed=typed, form_key=form_key)
    return told("Your comment stands under the edition.", key, number, "comments")


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/comments/<int:comment_id>/take-back")
@access(Permission.REPORTS)
def take_back(key: str, number: int, comment_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    study = visible_study(key)
    found, by = visible_edition(study, number), current_scope().user_id
    take_back_comment(db.session, study=study, edition=found, comment_id=comment_id, at=now(), by=by)
    db.session.commit()
    return told("Your comment is taken back; its words are gone.", key, number, "comments")


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/sign-off")
@access(Permission.STUDIES)
def sign(key: str, number: int) -> ResponseReturnValue:
    """State that one has read the edition and stands behind it."""
    study = own_study(key)
    found, note = visible_edition(study, number), request.form.get("note", "")
    try:
        sign_edition(db.session, study=study, edition=found, note=note, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        return refused(key, number, "note", refusal, note=note)
    return told("You stand behind this edition.", key, number, "sign-off")


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/sign-off/withdraw")
@access(Permission.STUDIES)
def withdraw(key: str, number: int) -> ResponseReturnValue:
    """Withdraw one's own signature."""
    study = own_study(key)
    found = visible_edition(study, number)
    withdraw_sign_off(db.session, study=study, edition=found, at=now(), by=current_scope().user_id)
    db.session.commit()
    return told("You do not stand behind this edition any more.", key, number, "sign-off")


def told(words: str, key: str, number: int, anchor: str) -> ResponseReturnValue:
    """Say what happened, and lead to where it stands."""
    flash(words)
    return redirect(url_for("reports.edition", key=key, number=number, _anchor=anchor), code=303)


def refused(key: str, number: int, what: str, refusal: Refusal, **kept: Any) -> ResponseReturnValue:
    """Show the edition with what kept a comment or a note from being stored, and with what was typed."""
    db.session.rollback()
    study = visible_study(key)
    page = edition_page(study, visible_edition(study, number), problems={what: refusal}, **kept)
    return page, 400
