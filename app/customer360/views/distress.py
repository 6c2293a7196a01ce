"""The page of accounts by their distress."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.paging import Paging, page_asked
from app.customer360.queries.distress import distress_counts, distress_rows, sees_voices
from app.customer360.queries.scope import sees_every_account
from app.customer360.rules.distress import (
    DISTRESS_ROWS,
    distress_basis,
    distress_lede,
    distress_line,
    distress_title,
)
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


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
