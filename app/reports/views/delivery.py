"""A report by mail, in the browser: when it comes to whom, what became of the last ones, and the way out of a mail."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.fates import fate_words
from app.core.forgery import csrf
from app.reports.delivering import nothing_to_send
from app.reports.queries.delivery import last_mails, readers_of, subscriptions_of
from app.reports.rules.delivery import MONTH_DAYS, WEEKDAYS, Rhythm, Unsent, Wish, checked_wish
from app.reports.subscribing import delivery_of_link, stop_delivery, subscribe
from app.reports.views.blueprint import blueprint, visible_study
from app.studies.models import Study
from app.studies.scope import may_run
from app.studies.services.anonymity import refuse_anonymous
from app.surveys.here import place
from app.surveys.leaving import FIELD, ONE_CLICK, is_meant, no_such_link, refuse_other_posts
from app.users.policy import Permission, access, current_scope, public

WAITING = {
    Unsent.UNSCORED: "This study has not been scored yet. Until it is there is no report, and nothing is sent.",
    Unsent.EMPTY: "Nobody has answered this study yet. Until somebody does, nothing is sent.",
}
PROPOSED = {"rhythm": Rhythm.WEEKLY.value, "weekday": "0", "month_day": "1", "person": ""}


@blueprint.get("/studies/<key>/gaps/delivery")
@access(Permission.REPORTS)
def delivery(key: str) -> ResponseReturnValue:
    """Show when the report comes by mail, and what became of the last ones."""
    study = visible_study(key)
    refuse_anonymous(study)
    return delivery_page(study)


@blueprint.post("/studies/<key>/gaps/delivery")
@access(Permission.REPORTS)
def deliver(key: str) -> ResponseReturnValue:
    """Have the report sent to oneself, or to a colleague where one runs the study."""
    study, me, form = visible_study(key), current_scope().user_id, request.form
    typed = {name: form.get(name, "") for name in PROPOSED}
    try:
        refuse_anonymous(study)
        user_id = chosen_person(study, typed["person"])
        wish = checked_wish(typed["rhythm"], typed["weekday"], typed["month_day"])
        any_hour = place().at_any_hour
        subscribe(db.session, study=study, user_id=user_id, wish=wish, at=now(), by=me, at_any_hour=any_hour)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return delivery_page(visible_study(key), typed, refusal), 400
    flash(f"The report goes {'to you' if user_id == me else 'to your colleague'} {wish.words}.")
    return redirect(url_for("reports.delivery", key=key), code=303)


@blueprint.post("/studies/<key>/gaps/delivery/<int:user_id>/stop")
@access(Permission.REPORTS)
def stop(key: str, user_id: int) -> ResponseReturnValue:
    """Stop the mails to oneself, or to a colleague where one runs the study."""
    study, scope = visible_study(key), current_scope()
    if user_id != scope.user_id and not may_run(scope, study):
        raise Missing("There is no such delivery.", "person")
    stop_delivery(db.session, study=study, user_id=user_id, at=now(), by=scope.user_id)
    db.session.commit()
    flash("The report is not sent any more.")
    return redirect(url_for("reports.delivery", key=key), code=303)


@blueprint.route("/d/<int:subscription_id>/<token>", methods=["GET", "POST"])
@public
def leave(subscription_id: int, token: str) -> ResponseReturnValue:
    """Show the one button that a mail leads to, or stop the mails: without signing in, the link proves who asks."""
    meant = is_meant()
    user_id, study, goes_on = opened(subscription_id, token)
    refuse_other_posts(meant=meant)
    if meant:
        stop_delivery(db.session, study=study, user_id=user_id, at=now(), by=user_id)
        db.session.commit()
        goes_on = False
    return render_template("reports/leave.html", study=study, goes_on=goes_on, field=FIELD, value=ONE_CLICK)


csrf.exempt(f"{leave.__module__}.{leave.__name__}")


def opened(subscription_id: int, token: str) -> tuple[int, Study, bool]:
    """Return whose delivery a link stops; one that does not exist is 404, and who tries many of them has to wait."""
    secret = str(current_app.secret_key)
    found = delivery_of_link(db.session, subscription_id=subscription_id, token=token, secret=secret)
    if found is None:
        no_such_link()
    return found


def chosen_person(study: Study, person: str) -> int:
    """Return whom a form names; nobody is oneself, and others only who runs the study may choose."""
    scope = current_scope()
    if person in {"", str(scope.user_id)}:
        return scope.user_id
    if not may_run(scope, study):
        raise Missing("There is no such person.", "person")
    if not (person.isascii() and person.isdigit() and len(person) < 10):
        raise Refusal("Choose somebody who may see this study.", "person")
    return int(person)


def delivery_page(study: Study, typed: dict[str, str] | None = None, refusal: Refusal | None = None) -> str:
    """Return the page of deliveries: all of them to who runs the study, to others their own."""
    scope = current_scope()
    runs = may_run(scope, study)
    only = None if runs else scope.user_id
    rows = [line_of(each) for each in subscriptions_of(db.session, study, only=only)]
    own = next((each for each in rows if each["user_id"] == scope.user_id), None)
    nothing = nothing_to_send(db.session, study)
    return render_template(
        "reports/delivery.html",
        study=study,
        runs_studies=runs,
        own=own,
        others=[each for each in rows if each["user_id"] != scope.user_id],
        people=[each for each in readers_of(db.session, study) if each.user_id != scope.user_id] if runs else [],
        mails=[(each, fate_words(each)) for each in last_mails(db.session, study, only=only)],
        waiting=nothing and WAITING[nothing],
        address=scope.email,
        at_any_hour=place().at_any_hour,
        weekdays=WEEKDAYS,
        month_days=MONTH_DAYS,
        typed=typed or chosen(own),
        refusal=refusal,
    )


def line_of(each: Any) -> dict[str, Any]:
    """Return one delivery as it stands on the page."""
    ordered_by = None if each.made_by == each.user_id else each.ordered_by
    return {
        "user_id": each.user_id,
        "who": each.who,
        "wish": Wish(Rhythm(each.rhythm), each.day),
        "next": each.next_at,
        "ordered_by": ordered_by,
    }


def chosen(own: dict[str, Any] | None) -> dict[str, str]:
    """Return what the form shows before anything is typed: what the caller chose last, else what is proposed."""
    if own is None:
        return PROPOSED
    wish: Wish = own["wish"]
    day = {Rhythm.WEEKLY: "weekday", Rhythm.MONTHLY: "month_day"}.get(wish.rhythm)
    return PROPOSED | {"rhythm": wish.rhythm.value} | ({day: str(wish.day)} if day else {})
