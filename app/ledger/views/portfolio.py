"""The promises of all accounts that the caller may see: who was promised what and did not get it; and as files."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.paging import Paging, page_asked
from app.core.sheets import Sheet, csv_bytes, xlsx_bytes
from app.core.workspace import the_workspace
from app.customers.rules import Aspect
from app.customers.scope import reaches_every_account
from app.ledger.queries.portfolio import Portfolio
from app.ledger.rules.portfolio import (
    HEADER,
    PAGE_ROWS,
    STATES,
    Asked,
    asked_for,
    counts_of,
    domain_lines,
    file_rows,
    promise_lines,
    title,
)
from app.ledger.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/ledger")
@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show who was promised what and did not get it, by kind of value."""
    it, asked = portfolio(), asked_in()
    by_aspect = it.by_aspect()
    every, counts = counts_of(by_aspect, ""), counts_of(by_aspect, asked.aspect)
    paging = Paging(counts[asked.state], PAGE_ROWS, page_asked(request.args.get("page")))
    return render_template(
        "ledger/index.html",
        title=title(every),
        has_any=any(every.values()),
        domains=domain_lines(by_aspect, it.values()),
        lines=promise_lines(it.rows(asked, start=paging.first, most=PAGE_ROWS), today()),
        paging=paging,
        counts=counts,
        states=STATES,
        aspects=list(Aspect),
        asked=asked,
        address=url_for("ledger.index", state=asked.state.value, aspect=asked.aspect or None),
        sees_all=reaches_every_account(current_scope()),
    )


@blueprint.get("/ledger.csv")
@access(Permission.ACCOUNTS)
def index_csv() -> ResponseReturnValue:
    """Give the promises that are asked for as CSV."""
    return as_file(csv_bytes(sheet()), "text/csv", "ledger.csv")


@blueprint.get("/ledger.xlsx")
@access(Permission.ACCOUNTS)
def index_xlsx() -> ResponseReturnValue:
    """Give the promises that are asked for as a workbook."""
    return as_file(xlsx_bytes([sheet()]), XLSX, "ledger.xlsx")


def sheet() -> Sheet:
    """Return the promises that are asked for as a table."""
    return Sheet("ledger", HEADER, file_rows(portfolio().rows(asked_in())))


def portfolio() -> Portfolio:
    """Return the promises within the caller's reach today."""
    return Portfolio(db.session, scope=current_scope(), on=today(), currency=the_workspace(db.session).currency)


def asked_in() -> Asked:
    """Return what the address asks for."""
    return asked_for(request.args.get("state", ""), request.args.get("aspect", ""))


def as_file(content: bytes, mimetype: str, name: str) -> Response:
    """Return bytes as a file to keep."""
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
