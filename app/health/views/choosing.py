"""Which scorecard scores which account: ordered rules, how many accounts each catches, and publishing them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.documents import FieldError
from app.core.errors import Refusal
from app.health.forms import typed_rules
from app.health.queries.choice import chosen_scorecards, newest_choice
from app.health.queries.values import known_values
from app.health.queries.versions import newest_versions
from app.health.rules.choice import ChoiceField, Chosen, parse_choice
from app.health.services.choosing import publish_choice
from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

FIELD_WORDS = {
    ChoiceField.SEGMENT: "Segment",
    ChoiceField.TIER: "Tier",
    ChoiceField.INDUSTRY: "Industry",
    ChoiceField.PLAN: "Plan",
    ChoiceField.LIFECYCLE_STAGE: "Lifecycle stage",
    ChoiceField.RELATIONSHIP_TYPE: "Relationship type",
}
BLANK: dict[str, Any] = {"field": "segment", "values": [], "scorecard": ""}


@blueprint.get("/scorecards/choice")
@access(Permission.STUDIES)
def choice() -> ResponseReturnValue:
    """Show the rules that hold, and how many accounts each catches."""
    newest = newest_choice(db.session)
    keys = list(newest_versions(db.session))
    first = "default" if "default" in keys or not keys else keys[0]
    return choice_page(newest.definition if newest else {"rules": [], "default": first}, "")


@blueprint.post("/scorecards/choice")
@access(Permission.STUDIES)
def choose_scorecards() -> ResponseReturnValue:
    """Show what the typed rules catch, or publish them; what is refused stands there as it was typed."""
    document = typed_rules(request.form)
    do = request.form.get("do", "")
    if do != "publish":
        return choice_page(ordered(document, do), "")
    try:
        published = publish_choice(db.session, document=document, actor_id=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return choice_page(document, refusal.sentence), 400
    flash(f"The choice of scorecards, version {published.version}, holds from now on.")
    return redirect(url_for("health.choice"))


def ordered(document: dict[str, Any], do: str) -> dict[str, Any]:
    """Return the rules after one moved up or down, or was taken out."""
    deed, _, row = do.partition(":")
    rules = list(document["rules"])
    if not (row.isdigit() and len(row) < 4 and int(row) < len(rules)):
        return document
    rule = rules.pop(int(row))
    if deed in ("up", "down"):
        rules.insert(max(int(row) + (-1 if deed == "up" else 1), 0), rule)
    return {**document, "rules": rules}


def choice_page(document: dict[str, Any], problem: str) -> str:
    """Return the page with rules as they were typed, and what they would catch."""
    chosen, fault = caught(document)
    return render_template(
        "health/choice.html",
        rules=[*document["rules"], BLANK],
        default=document["default"],
        chosen=chosen,
        problem=problem or fault,
        scorecards={key: version.name for key, version in newest_versions(db.session).items()},
        fields={str(name): words for name, words in FIELD_WORDS.items()},
        known=known_values(db.session),
        newest=newest_choice(db.session),
    )


def caught(document: dict[str, Any]) -> tuple[Chosen | None, str]:
    """Return how many accounts each rule catches, or why that cannot be said."""
    try:
        return chosen_scorecards(db.session, parse_choice(document)), ""
    except FieldError as error:
        return None, str(error)
