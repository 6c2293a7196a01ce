"""The list of accounts, and what a search finds while it is typed."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.words import name_in_address
from app.core.workspace import the_workspace
from app.customer360.queries.finding import accounts_found, matching_relationships
from app.customer360.queries.layouts import fields_there, layout_for
from app.customer360.queries.listing import Listing
from app.customer360.queries.scope import searches_people, sees_every_account
from app.customer360.rules.layout import Chosen, layout_of, role_of
from app.customer360.rules.lines import Line, line_of, list_title, paging
from app.customer360.rules.listing import FILTERS, By, Match, Sort, asked, last_page
from app.customer360.rules.summary import Known, field_value
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.get("/accounts")
@access(Permission.ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Show the accounts that the caller may see, as the address asks for them."""
    scope, wanted = current_scope(), asked(request.args)
    chosen = fields_there(db.session, layout_of(layout_for(db.session, role_of(scope.roles))).in_list)
    currency = the_workspace(db.session).currency
    listing = Listing(db.session, scope, wanted, today(), currency, has_summary=bool(chosen))
    counts = listing.counts()
    total = counts[wanted.show]
    page = min(wanted.page, last_page(total))
    lines = [line_with(row, chosen, listing) for row in listing.rows(page=page, total=total)]
    return render_template(
        "customer360/accounts.html",
        asked=wanted,
        title=list_title(wanted, counts, sees_all=sees_every_account(scope)),
        counts=counts,
        filters=FILTERS,
        sorts=Sort,
        matches=Match,
        bys=By,
        lines=lines,
        having=matching_relationships(db.session, asked=wanted, accounts=[line.crm_id for line in lines]),
        page=page,
        pages=last_page(total),
        paging=paging(page, total) if total else "",
        segments=listing.segments,
        owners=[(address, name_in_address(address)) for address in listing.owners],
        sees_all=sees_every_account(scope),
        searches_people=searches_people(scope),
        runs_studies=scope.can(Permission.STUDIES),
    )


def line_with(row: Any, chosen: Sequence[Chosen], listing: Listing) -> Line:
    """Return the line of an account with the fields that were chosen for the list."""
    if not chosen:
        return line_of(row, listing.on)
    known = Known(row.Account, row.currency, listing.on, row.left_on, row.owner)
    return line_of(row, listing.on, [(each.name, field_value(each.field, known)) for each in chosen])


@blueprint.get("/find/accounts")
@access(Permission.ACCOUNTS)
def find() -> ResponseReturnValue:
    """Show the first few accounts that a search finds, as a list without a page around it."""
    wanted = asked(request.args)
    found = accounts_found(db.session, scope=current_scope(), asked=wanted) if wanted.words else []
    return render_template("customer360/_found.html", asked=wanted, found=found)
