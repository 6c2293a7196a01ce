"""Who is missing where: the accounts of a study with their footprint and reach."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.paging import Paging, page_asked
from app.core.workspace import the_workspace
from app.stakeholders.queries.people import own_templates, tallies_of_study
from app.stakeholders.rules.coverage import coverage
from app.stakeholders.rules.page import SORTS, account_lines, sort_of, study_title
from app.stakeholders.rules.templates import seats_of
from app.stakeholders.views.blueprint import blueprint
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope

PER_PAGE = 100


@blueprint.get("/studies/<key>/stakeholders")
@access(Permission.REPORTS)
def study(key: str) -> ResponseReturnValue:
    """Show who is missing at the accounts of a study, in the order that the address asks for."""
    scope = current_scope()
    found = study_in_scope(db.session, scope=scope, key=key)
    accounts, tallies = tallies_of_study(db.session, scope=scope, study=found)
    own = own_templates(db.session)
    coverages = {row.id: coverage(seats_of(row.tier, own), tallies.get(row.id, {})) for row in accounts}
    paging = Paging(len(accounts), PER_PAGE, page_asked(request.args.get("page")))
    sort = sort_of(request.args.get("sort", ""))
    lines = account_lines(accounts, coverages, sort=sort, currency=the_workspace(db.session).currency)
    return render_template(
        "stakeholders/study.html",
        study=found,
        title=study_title(list(coverages.values())),
        lines=lines[paging.first : paging.last],
        sort=sort,
        sorts=SORTS,
        paging=paging,
    )
