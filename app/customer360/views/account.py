"""The page of one account: its strip, summary, widgets and sections, as they were arranged for the reader."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.customer360.reading import read_account
from app.customer360.rules.layout import placed, role_of
from app.customer360.rules.listing import By, Match
from app.customer360.sections import values_of
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.get("/accounts/<text:account_id>", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show one account: health, voice, the gap between them, and the people there."""
    scope = current_scope()
    reading = read_account(scope, account_id, request.args.get("type", ""))
    is_whole = request.args.get("show") == "all"
    sections = placed(reading.layout.sections)
    return render_template(
        "customer360/account.html",
        page=reading.page,
        crm_id=reading.account.crm_id,
        summary=reading.summary,
        widgets=reading.widgets(),
        sections=sections,
        parts={each.key: values_of(each.key, reading) for each in sections if is_whole or not each.is_later},
        has_situations=reading.figures.situations > 0,
        situations=values_of("situations", reading)["situations"] if is_whole else [],
        override=reading.override,
        runs_studies=scope.can(Permission.STUDIES),
        matches=Match,
        bys=By,
        role=role_of(scope.roles),
        type_=reading.type_,
    )
