"""The pages of types: what each brings, and by which rule figures of relationships become one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.errors import Refusal
from app.core.words import label
from app.relationships.forms import typed_definition
from app.relationships.queries.example import example_of
from app.relationships.queries.types import TypeNow, all_types, roll_up_now, type_definition
from app.relationships.rules.authoring import definition_told, field_added, field_moved, type_line
from app.relationships.rules.example import examples
from app.relationships.rules.rollup import NAMES
from app.relationships.rules.types import LONGEST_TYPE, MOST_FIELDS
from app.relationships.services import Stale, save_roll_up, save_type
from app.studies.queries.frame import questionnaire_choices, scorecard_choices
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("relationships", __name__)
Typed = dict[str, Any]


@blueprint.get("/relationships")
@access(Permission.STUDIES)
def index() -> ResponseReturnValue:
    """Show every type with what it brings, and the rule with what each would give."""
    return index_page()


@blueprint.post("/relationships")
@access(Permission.STUDIES)
def choose_rule() -> ResponseReturnValue:
    """Choose the rule by which figures roll up."""
    try:
        save_roll_up(db.session, actor_id=current_scope().user_id, rule=request.form.get("rule", ""))
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return index_page(refusal), 400
    flash("The rule holds from now on, on every page.")
    return redirect(url_for("relationships.index", _anchor="rule"), code=303)


def index_page(refusal: Refusal | None = None) -> str:
    """Return the list of types with the rule."""
    scorecards, surveys = scorecard_choices(db.session), questionnaire_choices(db.session)
    example = example_of(db.session, scope=current_scope(), today=today())
    return render_template(
        "relationships/index.html",
        types=[type_line(each, scorecards, surveys) for each in all_types(db.session)],
        now=roll_up_now(db.session),
        names=NAMES,
        example=example,
        examples=examples(example.parts),
        refusal=refusal,
    )


@blueprint.get("/relationships/types")
@access(Permission.STUDIES)
def another() -> ResponseReturnValue:
    """Lead to the page of a type by its name, also of one that no file has brought yet."""
    name = " ".join(request.args.get("name", "").split())[:LONGEST_TYPE]
    if not name:
        return redirect(url_for("relationships.index"))
    return redirect(url_for("relationships.show", type_=name.lower()))


@blueprint.get("/relationships/types/<text:type_>")
@access(Permission.STUDIES)
def show(type_: str) -> ResponseReturnValue:
    """Show what a type brings, to be changed."""
    now = asked_type(type_)
    return type_page(now, now.definition.document(), seen=now.revision)


@blueprint.post("/relationships/types/<text:type_>")
@access(Permission.STUDIES)
def save(type_: str) -> ResponseReturnValue:
    """Move, add and take out fields as they were typed, or store the type; what is refused stands there as typed."""
    now, do = asked_type(type_), request.form.get("do", "")
    typed = typed_definition(request.form)
    try:
        if do != "save":
            return type_page(now, changed(typed, do), seen=revision_seen(), do=do)
        save_type(
            db.session, actor_id=current_scope().user_id, type_=now.key, definition=typed, based_on=revision_seen()
        )
        db.session.commit()
    except Stale as stale:
        db.session.rollback()
        theirs = asked_type(type_)
        return type_page(theirs, typed, seen=theirs.revision, refusal=stale), 409
    except Refusal as refusal:
        db.session.rollback()
        return type_page(now, typed, seen=revision_seen(), refusal=refusal), 400
    flash("It holds from now on. Health by another scorecard is there with the next computation.")
    return redirect(url_for("relationships.show", type_=now.key), code=303)


def changed(typed: Typed, do: str) -> Typed:
    """Return what was typed after what a button asks for."""
    if do == "add":
        return field_added(typed, request.form.get("add", ""))
    deed, _, key = do.partition(":")
    return field_moved(typed, deed, key)


def asked_type(type_: str) -> TypeNow:
    """Return the type of this name; 404 for what can be none."""
    if not type_.strip() or len(type_) > LONGEST_TYPE or not type_.isprintable():
        abort(404)
    return type_definition(db.session, type_)


def revision_seen() -> int:
    """Return the revision that the page was made from."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def type_page(now: TypeNow, typed: Typed, *, seen: int, do: str = "", refusal: Refusal | None = None) -> str:
    """Return the page of a type with its definition as it was typed."""
    scorecards, surveys = scorecard_choices(db.session), questionnaire_choices(db.session)
    is_stale = isinstance(refusal, Stale)
    return render_template(
        "relationships/type.html",
        now=now,
        name=label(now.name),
        typed=typed,
        seen=seen,
        do=do,
        most=MOST_FIELDS,
        refusal=refusal,
        refused_add=request.form.get("add", ""),
        scorecards=scorecards,
        surveys=surveys,
        theirs=definition_told(now.definition.document(), scorecards, surveys) if is_stale else None,
        mine=definition_told(typed, scorecards, surveys) if is_stale else None,
    )
