"""The page of one section of an account's page alone."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.customer360.reading import read_account
from app.customer360.rules.layout import SECTIONS
from app.customer360.sections import values_of
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

ADDRESSED = {key: (kind.name, kind.is_later) for key, kind in SECTIONS.items()} | {"situations": ("Situations", True)}
"""The sections that have an address, with whether the page reads them later; situations stand above all others."""


@blueprint.get("/accounts/<text:account_id>/section-<key>", merge_slashes=False)
@access(Permission.ACCOUNTS)
def section(account_id: str, key: str) -> ResponseReturnValue:
    """Show one section of an account's page; the page itself takes it from here when somebody comes to it."""
    if key not in ADDRESSED:
        abort(404)
    name, is_later = ADDRESSED[key]
    scope = current_scope()
    reading = read_account(scope, account_id)
    return render_template(
        "customer360/section.html",
        key=key,
        name=name,
        account=reading.account,
        crm_id=reading.account.crm_id,
        page=None if is_later else reading.page,
        it=values_of(key, reading),
        runs_studies=scope.can(Permission.STUDIES),
    )
