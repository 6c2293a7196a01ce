"""Planning a study, and changing the plan of one that was not drawn yet."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.core.clock import today
from app.core.database import db
from app.core.errors import Refusal
from app.core.words import label
from app.overlays.rules.levels import FIELD
from app.studies.forms import BY_ITSELF, DEFAULT_ROLES, PlanForm, fresh_plan, stored_plan, typed_plan
from app.studies.models import Study
from app.studies.queries import COLUMN_FIELDS
from app.studies.queries.frame import (
    contact_roles,
    filter_fields,
    questionnaire_choices,
    questionnaire_key,
    scorecard_choices,
    stratum_choices,
    study_keys,
)
from app.studies.rules.naming import suggested_key
from app.studies.rules.plan import Method, Mode
from app.studies.rules.triggers import DAYS, START_DATE, Event
from app.studies.scope import study_in_scope
from app.studies.services import create_study, replan_study
from app.studies.views.links import QUESTIONNAIRES, UPLOADS, address
from app.users.policy import Permission, access, current_scope

LONGEST_NAME = 200
MODES = {
    Mode.SURVEY: ("Survey", "Each person answers alone by a personal link; a few minutes each."),
    Mode.INTERVIEW: ("Interviews", "An interviewer asks each person by phone or video; about an hour each."),
    Mode.BOTH: ("Both", "Half of each stratum by interview, half by survey, chosen by lot, so that the two compare."),
}
METHODS = {
    Method.PROPORTIONAL: ("Proportional", "Each stratum sends its share of accounts. Right unless you know better."),
    Method.NEYMAN: (
        "Neyman",
        "More accounts where known scores differ more, which sharpens the mean; without scores like Proportional.",
    ),
    Method.PPS: ("By size (PPS)", "Large accounts are more likely to enter. Sharpens sums of revenue, not counts."),
    Method.CENSUS: ("Everyone", "All accounts of the frame; no size needed and no sampling error."),
    BY_ITSELF: (
        "When something happens there",
        "Nothing is drawn: accounts join one by one, at a go-live, a closed case or ahead of renewal. By survey only.",
    ),
}
EVENTS = {
    Event.RENEWAL: ("Renewal", f"So many days before the renewal date; usually {DAYS[Event.RENEWAL]}."),
    Event.GO_LIVE: ("Go-live", f"So many days after the date below; usually {DAYS[Event.GO_LIVE]}."),
    Event.CASE_CLOSED: ("Closed case", "So many days after a support case was closed; usually 1."),
}


@access(Permission.STUDIES)
def new() -> ResponseReturnValue:
    """Show the form of a new study, or create it."""
    if request.method == "GET":
        return form_page(begun_plan())
    form = typed_plan(request.form)
    if not form.texts["key"].strip() and "\0" not in form.texts["name"]:
        form.texts["key"] = free_key(form.texts["name"])
    study = stored(form, lambda: create_study(db.session, document=form.document(), **owner_and_actor()))
    if study is None:
        return form_page(form), 400
    flash(f"The plan of “{study.name}” is stored; nobody is asked yet.")
    return redirect(url_for("studies.show", key=study.key))


def begun_plan() -> PlanForm:
    """Return the form of a new study; the address may name its questionnaire and what it is called."""
    form = fresh_plan(today(), contact_roles(db.session))
    asked = request.args.get("questionnaire", "")
    if asked and asked in questionnaire_choices(db.session):
        form.texts["questionnaire"] = asked
    form.texts["name"] = request.args.get("name", "")[:LONGEST_NAME]
    return form


@access(Permission.STUDIES)
def edit(key: str) -> ResponseReturnValue:
    """Show the form of a planned study, or store its new plan."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    if study.drawn_at is not None or study.closed_at is not None:
        flash(f"This study is {'started' if 'trigger' in study.plan else 'drawn'}: its plan stays as it is.")
        return redirect(url_for("studies.show", key=study.key))
    if request.method == "GET":
        return form_page(form_of(study), study)
    form = typed_plan(request.form)
    form.texts["key"] = study.key
    actor_id = current_scope().user_id
    if stored(form, lambda: replan_study(db.session, study=study, document=form.document(), actor_id=actor_id)) is None:
        return form_page(form, study_in_scope(db.session, scope=current_scope(), key=key)), 400
    flash("The plan is changed; nobody is asked yet.")
    return redirect(url_for("studies.show", key=key))


def stored(form: PlanForm, store: Callable[[], Study]) -> Study | None:
    """Store and commit a plan, or put above its field why not."""
    try:
        study = store()
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        form.show(refusal)
        return None
    except IntegrityError:
        # Two people, or one who clicked twice, created the same key at the same moment.
        db.session.rollback()
        form.show(Refusal("There is a study with this key already; choose another key.", "key"))
        return None
    return study


def form_page(form: PlanForm, study: Study | None = None) -> str:
    """Return the page with the form."""
    roles, fields = contact_roles(db.session), filter_fields(db.session)
    return render_template(
        "studies/plan.html",
        form=form.padded(),
        study=study,
        modes=MODES,
        methods=METHODS,
        questionnaires=questionnaire_choices(db.session),
        scorecards=scorecard_choices(db.session),
        strata=stratum_choices(db.session),
        filter_fields=fields,
        events=EVENTS,
        by_itself=BY_ITSELF,
        date_fields={START_DATE: "Start date"} | {name: label(name) for name in fields if may_hold_days(name)},
        contacts=roles,
        usual_roles=DEFAULT_ROLES,
        uploads=address(UPLOADS),
        authoring=address(QUESTIONNAIRES),
    )


def may_hold_days(field: str) -> bool:
    """Tell whether a field may hold the day of an event: a custom one."""
    return field not in COLUMN_FIELDS and not field.startswith(FIELD)


def form_of(study: Study) -> PlanForm:
    """Return the form as a stored plan fills it; `?size=` tries another size."""
    facts = {
        "key": study.key,
        "name": study.name,
        "questionnaire": questionnaire_key(db.session, study),
        "scorecard": study.scorecard_key,
        "opens_on": study.opens_on.isoformat(),
        "closes_on": study.closes_on.isoformat(),
        "health_as_of": study.health_as_of.isoformat(),
    }
    form = stored_plan(facts, study.plan, contact_roles(db.session))
    if "size" in request.args:
        form.texts["size"] = request.args["size"]
    return form


def free_key(name: str) -> str:
    """Return a key made of the name that no study has."""
    return suggested_key(name, study_keys(db.session, suggested_key(name)))


def owner_and_actor() -> dict[str, int]:
    """Return the caller as owner and as who did it."""
    user_id = current_scope().user_id
    return {"owner_id": user_id, "actor_id": user_id}
