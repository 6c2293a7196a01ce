"""The list of accounts, the page of one account, and the page of what one person said."""

from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import PathConverter

from app.actions.queries import actions_of_account
from app.core.clock import now, today
from app.core.database import db
from app.core.paging import Paging, page_asked
from app.core.words import name_in_address
from app.core.workspace import the_workspace
from app.customer360.queries.account import account_facts
from app.customer360.queries.distress import distress_counts, distress_rows, sees_voices
from app.customer360.queries.listing import Listing
from app.customer360.queries.opportunities import open_opportunities
from app.customer360.queries.responses import told_response
from app.customer360.queries.scope import searches_people, sees_every_account
from app.customer360.rules.account import account_page
from app.customer360.rules.distress import (
    DISTRESS_ROWS,
    account_sentence,
    distress_basis,
    distress_lede,
    distress_line,
    distress_title,
)
from app.customer360.rules.lines import line_of, list_title, paging
from app.customer360.rules.listing import FILTERS, Match, Sort, asked, last_page
from app.customer360.rules.opportunities import deals_of
from app.customer360.rules.response import response_page
from app.customers.models import Account
from app.health.queries.sealing import sees_judgement
from app.overlays.queries.accounts import overlays_of
from app.overlays.rules.page import lines_now
from app.pulse.queries import calculated, pulse_settings, standing_override
from app.pulse.rules.overrides import override_line
from app.scoring.queries.outcomes import distress_of
from app.stakeholders.queries.people import coverage_at
from app.stakeholders.queries.promises import promises_of
from app.stakeholders.rules.page import promise_lines, summary
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("customer360", __name__)


class AnyText(PathConverter):
    """Ids that other systems made: they may hold slashes anywhere."""

    regex = ".+?"
    part_isolating = False


@blueprint.record_once
def add_converter(state: Any) -> None:
    """Let this feature's addresses end in an id with slashes."""
    application: Flask = state.app
    application.url_map.converters["text"] = AnyText


@blueprint.get("/accounts")
@access(Permission.ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Show the accounts that the caller may see, as the address asks for them."""
    scope, wanted = current_scope(), asked(request.args)
    listing = Listing(db.session, scope, wanted, today(), the_workspace(db.session).currency)
    counts = listing.counts()
    total = counts[wanted.show]
    page = min(wanted.page, last_page(total))
    return render_template(
        "customer360/accounts.html",
        asked=wanted,
        title=list_title(wanted, counts, sees_all=sees_every_account(scope)),
        counts=counts,
        filters=FILTERS,
        sorts=Sort,
        matches=Match,
        lines=[line_of(row, listing.on) for row in listing.rows(page=page, total=total)],
        page=page,
        pages=last_page(total),
        paging=paging(page, total) if total else "",
        segments=listing.segments,
        owners=[(address, name_in_address(address)) for address in listing.owners],
        sees_all=sees_every_account(scope),
        searches_people=searches_people(scope),
        runs_studies=scope.can(Permission.STUDIES),
    )


@blueprint.get("/accounts/<text:account_id>", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show one account: health, voice, the gap between them, and the people there."""
    scope = current_scope()
    facts = account_facts(db.session, scope=scope, crm_id=account_id)
    return render_template(
        "customer360/account.html",
        page=account_page(facts, today()),
        runs_studies=scope.can(Permission.STUDIES),
        stakeholders=summary(coverage_at(db.session, scope=scope, account=facts.account, at=now())),
        promises=promise_lines(promises_of(db.session, facts.account), facts.currency),
        deals=deals_of(open_opportunities(db.session, facts.account), facts.currency, today()),
        distress=account_sentence(distress_of(db.session, facts.account.id)),
        situations=lines_now(overlays_of(db.session, facts.account, today()), today()),
        actions=actions_of_account(db.session, scope=scope, account_id=facts.account.id),
        crm_id=facts.account.crm_id,
        override=override_sentence(facts.account),
        today=today(),
    )


def override_sentence(of: Account) -> str | None:
    """Return the override that stands at an account beside its health by telemetry, where the caller may see it."""
    if not sees_judgement(db.session, current_scope()):
        return None
    said = standing_override(db.session, of, today()) if pulse_settings(db.session).overrides else None
    return override_line(said, *calculated(db.session, of)) if said else None


@blueprint.get("/health/distress")
@access(Permission.ACCOUNTS)
def distress() -> ResponseReturnValue:
    """Show the caller's accounts by how much trouble with support they have; high is bad."""
    scope = current_scope()
    found = distress_counts(db.session, scope=scope)
    if found is None:
        return render_template("customer360/distress.html", found=None, runs_studies=scope.can(Permission.STUDIES))
    paging = Paging(found.total, DISTRESS_ROWS, page_asked(request.args.get("page")))
    worst = distress_rows(db.session, scope=scope, distress=found.distress, start=0, length=1)
    rows = distress_rows(db.session, scope=scope, distress=found.distress, start=paging.first, length=DISTRESS_ROWS)
    return render_template(
        "customer360/distress.html",
        found=found,
        title=distress_title(next(iter(worst), None), sees_all=sees_every_account(scope)),
        lede=distress_lede(found.bands),
        basis=distress_basis(found.distress.as_of, found.distress.figures),
        lines=[distress_line(row) for row in rows],
        paging=paging,
        sees_voices=sees_voices(scope),
    )


@blueprint.get("/studies/<key>/responses/<text:external_id>", merge_slashes=False)
@access(Permission.REPORTS)
def response(key: str, external_id: str) -> ResponseReturnValue:
    """Show what one person said in a study, and how it came to stand there."""
    told = told_response(db.session, scope=current_scope(), study_key=key, external_id=external_id)
    return render_template("customer360/response.html", page=response_page(told))
