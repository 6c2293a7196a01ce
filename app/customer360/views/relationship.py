"""The page of one relationship: what its type's layout shows of it, where it stands, and what is done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.queries import ActionRow, actions_of_account
from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.words import label
from app.customer360.queries.account import Facts, account_facts
from app.customer360.queries.layouts import newest_layout
from app.customer360.rules.layout import Extent, Layout, layout_of, placed
from app.customer360.rules.relationship import SECTIONS_OF_ONE, relationship_page, sections_of_one
from app.customer360.rules.relationship_widgets import About
from app.customer360.rules.relationships import Place, place_of
from app.customer360.rules.summary import Known
from app.customer360.views.blueprint import blueprint
from app.customers.scope import may_write_to
from app.relationships.forms import typed_fields
from app.relationships.queries.account import RelationshipNow, relationships_now
from app.relationships.queries.types import roll_up
from app.relationships.rules.fields import Unlike
from app.relationships.rules.rollup import NAMES, RollUp
from app.relationships.rules.types import type_key
from app.relationships.services.fields import save_fields
from app.studies.queries.frame import questionnaire_choices
from app.users.policy import Permission, Scope, access, current_scope

ADDRESS = "/accounts/<text:account_id>/relationships/<text:relationship_id>"


@dataclass(frozen=True)
class Look:
    """One look at a relationship: who looks, its account, and it among all that the account has with us."""

    scope: Scope
    facts: Facts
    it: RelationshipNow
    beside: Sequence[RelationshipNow]

    @cached_property
    def layout(self) -> Layout | None:
        """What somebody arranged for its type."""
        found = newest_layout(db.session, Extent.TYPE, type_key(self.it.type))
        return layout_of(found.definition) if found else None

    @cached_property
    def rule(self) -> RollUp:
        """The rule by which figures roll up."""
        return roll_up(db.session)

    @cached_property
    def place(self) -> Place:
        """Where it stands among all that the account has with us."""
        return place_of(self.beside, self.it.crm_id, self.rule, self.facts.currency)

    @property
    def may_write(self) -> bool:
        """Whether the caller may work on the account."""
        return may_write_to(self.scope, self.facts.account)


def look_at(account_id: str, relationship_id: str) -> Look:
    """Return a relationship of an account that the caller may see; Missing where one of them is not there."""
    scope = current_scope()
    facts = account_facts(db.session, scope=scope, crm_id=account_id)
    of: dict[str, Any] = {"scope": scope, "account": facts.account, "today": today()}
    rows = relationships_now(db.session, trend_of=relationship_id, **of)
    it = next((row for row in rows if row.crm_id == relationship_id), None)
    if it is None:
        raise Missing(f"{facts.account.name} has no relationship “{relationship_id[:80]}”.", "relationship_id")
    return Look(scope, facts, it, rows)


@blueprint.get(ADDRESS, merge_slashes=False)
@access(Permission.ACCOUNTS)
def relationship(account_id: str, relationship_id: str) -> ResponseReturnValue:
    """Show one relationship of an account."""
    return page_of(look_at(account_id, relationship_id))


@blueprint.post(ADDRESS, merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def write_relationship(account_id: str, relationship_id: str) -> ResponseReturnValue:
    """Store what was typed into the fields of a relationship; what is refused stands there as it was typed."""
    look = look_at(account_id, relationship_id)
    if not look.may_write:
        raise Missing("There is no such relationship of yours.", "relationship_id")
    definition = look.it.definition
    typed, seen = typed_fields(request.form, [each.key for each in definition.fields])
    facts: dict[str, Any] = {"actor_id": look.scope.user_id, "relationship_id": look.it.id}
    try:
        changed = save_fields(db.session, definition=definition, typed=typed, seen=seen, **facts)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        page = page_of(look_at(account_id, relationship_id), typed=typed, refusal=refusal)
        return page, 409 if isinstance(refusal, Unlike) else 400
    flash("Stored." if changed else "Nothing changed.")
    address = url_for("customer360.relationship", account_id=account_id, relationship_id=relationship_id)
    return redirect(address, code=303)


def page_of(look: Look, typed: dict[str, str] | None = None, refusal: Refusal | None = None) -> str:
    """Return the page, with the fields as they were typed where they were refused."""
    facts, it, layout = look.facts, look.it, look.layout
    about = About(
        it=it,
        known=Known(facts.account, facts.currency, today(), owner=facts.owner),
        layout=layout,
        below=look.place.together,
        count_below=look.place.count_below,
        sees_actions=look.scope.can(Permission.ACTIONS),
    )
    survey = it.definition.survey
    return render_template(
        "customer360/relationship.html",
        page=relationship_page(about),
        place=look.place,
        rule=NAMES[look.rule],
        account=facts.account,
        crm_id=facts.account.crm_id,
        status=label(facts.account.status),
        type_key=type_key(it.type),
        sections=placed(sections_of_one(layout), SECTIONS_OF_ONE),
        has_scorecard=bool(it.definition.scorecard),
        survey=(survey, questionnaire_choices(db.session).get(survey, label(survey))) if survey else None,
        today=today(),
        typed=typed or {},
        refusal=refusal,
        may_write=look.may_write,
        runs_studies=look.scope.can(Permission.STUDIES),
        actions=actions_about(look),
    )


def actions_about(look: Look) -> list[ActionRow] | None:
    """Return the actions about it that the caller may see; None for a role that sees none."""
    if not look.scope.can(Permission.ACTIONS):
        return None
    account_id, relationship_id = look.facts.account.id, look.it.id
    return actions_of_account(db.session, scope=look.scope, account_id=account_id, relationship_id=relationship_id)
