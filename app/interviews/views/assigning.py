"""Who asks whom: interviewers for the people of one study, chosen one by one or shared out."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.forms import chosen_people, interviewer_in
from app.interviews.queries.assignment import (
    assignment_counts,
    interviewers,
    open_load,
    people_not_to_ask,
    people_to_interview,
)
from app.interviews.rules.sharing import RELATIONS
from app.interviews.services import Assigned, assign_interviews, share_interviews
from app.interviews.views.blueprint import blueprint
from app.studies.models import Study
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope

PER_PAGE = 100


@blueprint.route("/studies/<key>/interviews", methods=["GET", "POST"])
@access(Permission.STUDIES)
def assign(key: str) -> ResponseReturnValue:
    """Show who is interviewed by whom; assign those who were chosen, or share out the unassigned.

    Refused, the page keeps what was chosen.
    """
    study = managed_study(key)
    if request.method != "POST":
        return assign_page(study)
    is_sharing = request.form.get("action") == "share"
    try:
        assigned = share(study) if is_sharing else assign_chosen(study)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return assign_page(managed_study(key), refusal), 400
    flash(assigned_words(assigned))
    return redirect(url_for("interviews.assign", key=key, page=request.form.get("page") or None), code=303)


def managed_study(key: str) -> Study:
    """Return the study of this key if the caller may manage it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)


def assign_chosen(study: Study) -> Assigned:
    """Assign what was chosen person by person."""
    choices = {person: interviewer_in(raw) for person, raw in chosen_people(request.form).items() if raw}
    return assign_interviews(db.session, study=study, choices=choices, at=now(), by=current_scope().user_id)


def share(study: Study) -> Assigned:
    """Share the unassigned out over those who were ticked."""
    return share_interviews(
        db.session,
        study=study,
        interviewer_ids={interviewer_in(raw) for raw in request.form.getlist("interviewers")},
        to_own="to_own" in request.form,
        at=now(),
        by=current_scope().user_id,
    )


def assign_page(study: Study, refusal: Refusal | None = None) -> str:
    """Render one page of the people, with what was chosen where it was refused."""
    counts = assignment_counts(db.session, study)
    pages = max(1, -(-counts.people // PER_PAGE))
    page = min(max(1, request.values.get("page", 1, type=int)), pages)
    chosen: dict[str, Any] = {"people": {}, "interviewers": set(), "to_own": True}
    if refusal:
        chosen = {
            "people": chosen_people(request.form),
            "interviewers": set(request.form.getlist("interviewers")),
            "to_own": "to_own" in request.form,
        }
    return render_template(
        "interviews/assign.html",
        study=study,
        people=people_to_interview(db.session, study, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        not_to_ask=people_not_to_ask(db.session, study) if page == pages else [],
        counts=counts,
        interviewers=interviewers(db.session),
        load=open_load(db.session),
        chosen=chosen,
        relations=RELATIONS,
        refusal=refusal,
        page=page,
        pages=pages,
    )


def assigned_words(assigned: Assigned) -> str:
    """Return what the assignment came to, in a sentence."""
    parts = []
    if assigned.new:
        parts.append(f"{assigned.new:,} assigned")
    if assigned.moved:
        parts.append(f"{assigned.moved:,} given to somebody else")
    if assigned.left:
        parts.append(f"{assigned.left:,} still without an interviewer")
    return f"{', '.join(parts).capitalize()}." if parts else "Nothing changed."
