"""How health moved: the line of one account, with what moved it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.health.queries.reach import reachable_account
from app.health.queries.trend import scorecards_in_use, standings_of, versions_of
from app.health.rules.change_words import Versions
from app.health.rules.trend_page import trend_page
from app.health.views import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.get("/accounts/<text:account_id>/health", merge_slashes=False)
@access(Permission.ACCOUNTS)
def trend(account_id: str) -> ResponseReturnValue:
    """Show how the health of one account moved, and which measures moved it."""
    account = reachable_account(db.session, scope=current_scope(), crm_id=account_id)
    used = scorecards_in_use(db.session)
    standings = standings_of(db.session, account_id=account.id, key=used[0][0]) if used else []
    return render_template(
        "health/trend.html",
        page=trend_page(
            account.name, standings, versions_in({each.version_id for each in standings}), stage=account.lifecycle_stage
        ),
        account=account,
        runs_studies=current_scope().can(Permission.STUDIES),
    )


def versions_in(version_ids: set[int]) -> Versions:
    """Return the scorecard versions of these ids, as changes tell of them."""
    found = versions_of(db.session, version_ids)
    return Versions(
        {key: version.number for key, version in found.items()},
        {key: version.scorecard for key, version in found.items()},
    )
