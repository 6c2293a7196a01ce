"""The plans of all accounts that the caller may see, by colour, date and owner, and as a file."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.sheets import Sheet, csv_bytes
from app.customers.scope import reaches_every_account
from app.plans.queries import plans_seen
from app.plans.rules.colours import COLOUR_WORDS
from app.plans.rules.portfolio import CSV_HEADER, chosen, counts, csv_rows, owners, plan_lines, title
from app.plans.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

MOST_LISTED = 200
DUES = {"": "Any date", "late": "Past their date", "soon": "Due within 30 days"}


@blueprint.get("/plans")
@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show the plans, the stuck first."""
    scope = current_scope()
    lines = plan_lines(plans_seen(db.session, scope=scope), today())
    asked = {name: request.args.get(name, "") for name in ("colour", "owner", "due")}
    among = chosen(lines, colour="", owner=asked["owner"], due=asked["due"], today=today())
    found = chosen(among, colour=asked["colour"], owner="", due="", today=today())
    return render_template(
        "plans/index.html",
        title=title(counts(lines)),
        lines=found[:MOST_LISTED],
        total=len(found),
        most=MOST_LISTED,
        every=len(among),
        has_accounts=bool(lines),
        counts=counts(among),
        words=COLOUR_WORDS,
        owners=owners(lines),
        dues=DUES,
        asked=asked,
        sees_all=reaches_every_account(scope),
    )


@blueprint.get("/plans.csv")
@access(Permission.ACCOUNTS)
def index_csv() -> ResponseReturnValue:
    """Give the plans of every account that the caller may see as CSV."""
    rows = csv_rows(plans_seen(db.session, scope=current_scope()), today())
    content = csv_bytes(Sheet("plans", CSV_HEADER, rows))
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="plans.csv"'})
