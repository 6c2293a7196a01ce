"""Published editions in the browser: the list, each edition as it was frozen, and the links for people outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.reports.models import Edition
from app.reports.publishing import edition_document, publish_edition, revoke_link, share_edition
from app.reports.queries.discussion import signers_by_edition
from app.reports.queries.editions import edition_of, editions_of, next_number, opened_by
from app.reports.rendering import one_page_pdf, page_values, pdf_bytes
from app.reports.rules.editions import USUAL_DAYS, may_read
from app.reports.views.blueprint import (
    as_pdf,
    asked_of,
    blueprint,
    chosen_paper,
    own_study,
    part_or_refusal,
    reader_of,
    visible_accounts_of,
    visible_edition,
    visible_study,
)
from app.reports.views.edition_page import edition_page
from app.scoring.queries import scoring_of
from app.scoring.queries.choosing import csm_names
from app.scoring.rules.choice import choice_of, words_of
from app.studies.models import Study
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access, current_scope, public
from app.users.rules.sign_ins import token_sha256


@blueprint.get("/studies/<key>/gaps/editions")
@access(Permission.REPORTS)
def editions(key: str) -> ResponseReturnValue:
    """Show the editions of a study's report, and to who runs it how to publish the next."""
    study = visible_study(key)
    refuse_anonymous(study)
    return editions_page(study)


def editions_page(study: Study, problem: str = "") -> str:
    """Return the list of editions, with what kept the next from being published."""
    return render_template(
        "reports/editions.html",
        study=study,
        editions=edition_lines(study),
        next_number=next_number(db.session, study),
        signers=signers_by_edition(db.session, study),
        is_scored=scoring_of(db.session, study) is not None,
        runs_studies=current_scope().can(Permission.STUDIES),
        problem=problem,
    )


def edition_lines(study: Study) -> list[tuple[Any, str]]:
    """Return the editions that the caller may see, each with the part of the study that it is of, in words."""
    reader, rows = reader_of(study), editions_of(db.session, study)
    seen = [row for row in rows if may_read(row.choice, reader)]
    names = csm_names(db.session, {row.choice["csm"] for row in seen if row.choice and "csm" in row.choice})
    return [(row, " · ".join(words_of(choice_of(row.choice or {}), names).values())) for row in seen]


@blueprint.post("/studies/<key>/gaps/editions")
@access(Permission.STUDIES)
def publish(key: str) -> ResponseReturnValue:
    """Freeze the present report as the next edition, or that of the part of the study that the form names."""
    try:
        study = own_study(key)
        asked = asked_of(study, request.form)
        chosen = None if asked is None or asked.typed.is_empty else part_or_refusal(study, asked)
        edition = publish_edition(db.session, study=study, at=now(), by=current_scope().user_id, chosen=chosen)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return editions_page(own_study(key), refusal.sentence), 400
    current_app.extensions["bell"].ring_soon("delivery")
    flash(f"Edition {edition.number} is published. It stays as it is now.")
    return redirect(url_for("reports.edition", key=key, number=edition.number), code=303)


@blueprint.get("/studies/<key>/gaps/editions/<int:number>")
@access(Permission.REPORTS)
def edition(key: str, number: int) -> ResponseReturnValue:
    """Show an edition as it was published, with the words that may still be quoted."""
    study = visible_study(key)
    return edition_page(study, visible_edition(study, number))


@blueprint.get("/studies/<key>/gaps/editions/<int:number>.pdf")
@access(Permission.REPORTS)
def edition_pdf(key: str, number: int) -> ResponseReturnValue:
    """Give an edition as PDF."""
    study = visible_study(key)
    found = visible_edition(study, number)
    document = edition_document(db.session, edition=found, only=visible_accounts_of(study))
    return as_pdf(pdf_bytes(document, chosen_paper()), file_name(study, found))


@blueprint.get("/studies/<key>/gaps/editions/<int:number>/one-page.pdf")
@access(Permission.REPORTS)
def edition_one_page(key: str, number: int) -> ResponseReturnValue:
    """Give an edition on one page."""
    study = visible_study(key)
    found = visible_edition(study, number)
    document = edition_document(db.session, edition=found, only=visible_accounts_of(study))
    return as_pdf(one_page_pdf(document, chosen_paper()), f"{file_name(study, found)}-one-page")


def file_name(study: Study, edition: Edition) -> str:
    """Return a name that says which edition a file is."""
    return f"gap-report-{study.key}-edition-{edition.number}"


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/links")
@access(Permission.STUDIES)
def share(key: str, number: int) -> ResponseReturnValue:
    """Make a link for people outside and show it, this once."""
    study = own_study(key)
    found = edition_of(db.session, study, number)
    made_for, chosen = request.form.get("made_for", ""), request.form.get("days", type=int, default=USUAL_DAYS)
    try:
        token = share_edition(
            db.session,
            study=study,
            edition=found,
            made_for=made_for,
            days=chosen,
            at=now(),
            by=current_scope().user_id,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        study, told = own_study(key), {"problem": refusal.sentence, "made_for": made_for, "chosen": chosen}
        return edition_page(study, edition_of(db.session, study, number), **told), 400
    address = f"{current_app.config['SETTINGS'].base_url}{url_for('reports.shared', token=token)}"
    return edition_page(study, found, made=address, made_name=made_for)


@blueprint.post("/studies/<key>/gaps/editions/<int:number>/links/<int:link_id>/close")
@access(Permission.STUDIES)
def close_link(key: str, number: int, link_id: int) -> ResponseReturnValue:
    """Close a link at once."""
    study = own_study(key)
    found = edition_of(db.session, study, number)
    revoke_link(db.session, study=study, edition=found, link_id=link_id, at=now(), by=current_scope().user_id)
    db.session.commit()
    flash("The link is closed: it opens nothing any more.")
    return redirect(url_for("reports.edition", key=key, number=number, _anchor="links"), code=303)


@blueprint.get("/r/<token>")
@public
def shared(token: str) -> ResponseReturnValue:
    """Show an edition to people outside: without names of the team, and with those words alone that may leave it."""

    def page(edition: Edition, study: Study, until: datetime) -> ResponseReturnValue:
        values = page_values(edition_document(db.session, edition=edition, is_outside=True))
        frame = {"study": study, "edition": edition, "until": until, "token": token, "is_web": True, "is_app": False}
        return render_template("reports/shared.html", **values, **frame)

    return opened(token, page)


@blueprint.get("/r/<token>/report.pdf")
@public
def shared_pdf(token: str) -> ResponseReturnValue:
    """Give an edition as PDF to people outside."""

    def pdf(edition: Edition, study: Study, _until: datetime) -> ResponseReturnValue:
        document = edition_document(db.session, edition=edition, is_outside=True)
        return as_pdf(pdf_bytes(document, chosen_paper()), file_name(study, edition))

    return opened(token, pdf)


@blueprint.get("/r/<token>/one-page.pdf")
@public
def shared_one_page(token: str) -> ResponseReturnValue:
    """Give an edition on one page to people outside."""

    def pdf(edition: Edition, study: Study, _until: datetime) -> ResponseReturnValue:
        document = edition_document(db.session, edition=edition, is_outside=True)
        return as_pdf(one_page_pdf(document, chosen_paper()), f"{file_name(study, edition)}-one-page")

    return opened(token, pdf)


def opened(token: str, show: Callable[[Edition, Study, datetime], ResponseReturnValue]) -> ResponseReturnValue:
    """Show what a token opens, or in one sentence for all reasons that it opens nothing."""
    found = opened_by(db.session, token_sha256(token), now())
    return (render_template("reports/closed.html"), 404) if found is None else show(*found)
