"""Renewals by month, and the accounts of one month."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.words import name_in_address
from app.core.workspace import the_workspace
from app.customer360.queries.renewals import MOST_OF_A_MONTH, Renewals
from app.customer360.queries.scope import sees_every_account
from app.customer360.rules.lines import line_of
from app.customer360.rules.listing import asked
from app.customer360.rules.renewals import month_asked, month_lines, months_from, renewals_title, uncounted_sentence
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.get("/renewals")
@access(Permission.ACCOUNTS)
def renewals() -> ResponseReturnValue:
    """Show when the contracts of the caller's accounts end, and how health and voice stand there."""
    scope, on, currency = current_scope(), today(), the_workspace(db.session).currency
    found = Renewals(db.session, scope, asked(request.args), on, currency)
    months = months_from(on)
    lines = month_lines(found.by_day(on, months[-1].last), on)
    month = month_asked(request.args.get("month"), on)
    return render_template(
        "customer360/renewals.html",
        asked=found.asked,
        title=renewals_title(lines, currency),
        months=lines,
        uncounted=uncounted_sentence(lines),
        currency=currency,
        month=month,
        lines=[line_of(row, on) for row in found.of_days(max(on, month.first), month.last)] if month else [],
        most=MOST_OF_A_MONTH,
        segments=found.segments,
        owners=[(address, name_in_address(address)) for address in found.owners],
        sees_all=sees_every_account(scope),
    )
