"""The page on which a prediction is sealed before an interview."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.queries.predictions import may_predict, predictions_of
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.prediction import MEASURES, predicted_in
from app.interviews.services.predicting import predict
from app.interviews.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.route("/interviews/<int:interview_id>/prediction", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_READ)
def prediction(interview_id: int) -> ResponseReturnValue:
    """Show or seal what the caller expects this person to say."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not may_predict(db.session, scope=current_scope(), talk=talk):
        abort(403)
    if request.method != "POST":
        return prediction_page(talk)
    try:
        predict(db.session, talk=talk, predicted=predicted_in(request.form), at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return prediction_page(talk, refusal), 400
    flash("Sealed. Nobody else sees it before the interview is submitted.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


def prediction_page(talk: Talk, refusal: Refusal | None = None) -> str:
    """Render the three numbers with what was sealed before."""
    mine = [
        each
        for each in predictions_of(db.session, scope=current_scope(), talk=talk)
        if each.author_id == current_scope().user_id
    ]
    sealed = mine[0] if mine else None
    values = {each.key: sealed.values[each.key] if sealed else None for each in MEASURES}
    typed = {key: request.form.get(key, "" if value is None else str(value)) for key, value in values.items()}
    return render_template(
        "interviews/prediction.html", talk=talk, measures=MEASURES, sealed=sealed, typed=typed, refusal=refusal
    )
