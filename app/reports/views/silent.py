"""Drawing silent people of a study to be interviewed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Refusal
from app.reports.views.blueprint import blueprint
from app.studies.models import Study
from app.studies.queries.silent_draw import drawn_so_far, silent_accounts_now
from app.studies.rules.silent_draw import MOST_AT_ONCE, seed_in, whole_in
from app.studies.scope import study_in_scope
from app.studies.services.anonymity import refuse_anonymous
from app.studies.services.silent_draw import draw_silent
from app.users.policy import Permission, access, current_scope

USUAL = 10
"""How many the form proposes to draw."""
USUAL_SEED = 1
"""The seed that the form proposes where the study was not drawn by one."""


@blueprint.route("/studies/<key>/gaps/silence/draw", methods=["GET", "POST"])
@access(Permission.STUDIES)
def draw_silent_people(key: str) -> ResponseReturnValue:
    """Show how many are silent and how the draw goes, or draw; refused, the form keeps what was typed."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    refuse_anonymous(study)
    if request.method == "GET":
        return draw_page(study)
    try:
        drawn = draw_silent(
            db.session,
            study=study,
            number=whole_in(request.form.get("number", "")),
            seed=seed_in(request.form.get("seed"), study.plan.get("seed", USUAL_SEED)),
            at=now(),
            by=current_scope().user_id,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return draw_page(study_in_scope(db.session, scope=current_scope(), key=key), refusal), 400
    left = f"; {drawn.left:,} silent accounts are left" if drawn.left else ""
    flash(f"Drawn to be interviewed: {drawn.new:,}{left}. Now choose who interviews them.")
    return redirect(url_for("interviews.assign", key=key), code=303)


def draw_page(study: Study, refusal: Refusal | None = None) -> str:
    """Return the form with what was typed in it."""
    so_far = drawn_so_far(db.session, study)
    left = so_far.frame - so_far.drawn if so_far else silent_accounts_now(db.session, study)
    return render_template(
        "reports/draw_silent.html",
        study=study,
        so_far=so_far,
        left=left,
        is_over=study.closed_at is not None or today() > study.closes_on,
        most=min(left, MOST_AT_ONCE),
        number=request.form.get("number", str(min(left, USUAL))),
        seed=request.form.get("seed", str(study.plan.get("seed", USUAL_SEED))),
        refusal=refusal,
    )
