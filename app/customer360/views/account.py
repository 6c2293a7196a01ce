"""The page of one account: its strip, summary, widgets and sections, as they were arranged for the reader."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.customer360.queries.account import account_facts
from app.customer360.queries.figures import account_figures
from app.customer360.rules.layout import Layout, layout_of, placed, role_of
from app.customer360.rules.listing import By, Match
from app.customer360.rules.summary import OWN, Known, field_value
from app.customer360.rules.widgets import Beside, widgets_of
from app.customer360.views.blueprint import blueprint
from app.customer360.views.sections import Reading, values_of
from app.pulse.queries import JudgementNow, judgement_now
from app.pulse.rules.overrides import override_line
from app.relationships.queries.tile import rolled_of
from app.users.policy import Permission, access, current_scope

LONGEST_TYPE = 80


@blueprint.get("/accounts/<text:account_id>", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show one account: health, voice, the gap between them, and the people there."""
    scope = current_scope()
    role, type_ = role_of(scope.roles), request.args.get("type", "")[:LONGEST_TYPE].lower()
    facts = account_facts(db.session, scope=scope, crm_id=account_id, role=role, type_=type_)
    layout = layout_of(facts.by_type or facts.by_role)
    reading = Reading(facts, scope)
    judgement = judgement_now(db.session, facts.account, today(), scope=scope)
    figures, summary = summed_up(reading, layout)
    is_whole = request.args.get("show") == "all"
    sections = placed(layout.sections)
    return render_template(
        "customer360/account.html",
        page=reading.page,
        crm_id=facts.account.crm_id,
        summary=summary,
        widgets=widgets_of(layout.widgets, beside(reading, layout, figures, judgement)),
        sections=sections,
        parts={each.key: values_of(each.key, reading) for each in sections if is_whole or not each.is_later},
        has_situations=figures.situations > 0,
        situations=values_of("situations", reading)["situations"] if is_whole else [],
        override=override_sentence(reading, judgement),
        runs_studies=scope.can(Permission.STUDIES),
        matches=Match,
        bys=By,
        role=role,
        type_=type_ if facts.by_type else "",
    )


def summed_up(reading: Reading, layout: Layout) -> tuple[Any, list[tuple[str, str]]]:
    """Return the figures of the widgets, and the summary: of its fields those that no account has are left out."""
    facts, shown = reading.facts, layout.on_page
    custom = facts.account.custom or {}
    unknown = [each.field for each in shown if each.field.startswith(OWN) and each.field[len(OWN) :] not in custom]
    figures = account_figures(
        db.session,
        facts.account,
        widgets={each.key for each in layout.widgets if each.is_shown},
        options={each.key: each.options for each in layout.widgets},
        own=[key[len(OWN) :] for key in unknown],
        currency=facts.currency,
        at=now(),
    )
    gone = {key for place, key in enumerate(unknown) if not getattr(figures, f"has_{place}")}
    known = Known(facts.account, facts.currency, today(), figures.left_on, facts.owner)
    return figures, [(each.name, field_value(each.field, known)) for each in shown if each.field not in gone]


def beside(reading: Reading, layout: Layout, figures: Any, judgement: JudgementNow) -> Beside:
    """Return what the widgets need."""
    is_rolled = any(each.key == "relationships" and each.is_shown for each in layout.widgets)
    return Beside(
        facts=reading.facts,
        figures=figures,
        judgement=judgement,
        quotes=reading.page.quotes,
        on=today(),
        options={each.key: each.options for each in layout.widgets},
        sees_actions=reading.scope.can(Permission.ACTIONS),
        rolled=rolled_of(figures.relationships_parts, figures.relationships_rule) if is_rolled else None,
    )


def override_sentence(reading: Reading, judgement: JudgementNow) -> str | None:
    """Return the override that stands at an account beside its health by telemetry, where the caller may see it."""
    health = reading.facts.health
    if judgement.override is None:
        return None
    found = (health.telemetry_score, health.telemetry_band) if health else (None, None)
    return override_line(judgement.override, *found)
