"""The brief of a meeting in the browser, and as PDF of one page."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.actions.queries import actions_of_account
from app.core.clock import now, today
from app.core.database import db
from app.core.pdf import render_pdf
from app.customer360.queries.account import account_facts
from app.customer360.rules.account import account_page
from app.customer360.rules.layout import Part
from app.customer360.rules.widgets import Beside, widgets_of
from app.ledger.queries.account import items_of
from app.meetings.rules import Meeting, meeting_of
from app.stakeholders.queries.people import coverage_at
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("meetings", __name__)

FIGURES = ("health", "voice", "gap", "revenue")
"""The figures at the top, by the keys of the widgets of an account's page."""


@blueprint.get("/accounts/<text:account_id>/brief", merge_slashes=False)
@access(Permission.ACCOUNTS)
def brief(account_id: str) -> ResponseReturnValue:
    """Show what to know before meeting somebody of this account."""
    return render_template("meetings/brief.html", meeting=meeting(account_id), today=today())


@blueprint.get("/accounts/<text:account_id>/brief.pdf", merge_slashes=False)
@access(Permission.ACCOUNTS)
def brief_pdf(account_id: str) -> ResponseReturnValue:
    """Give the brief as PDF, shown in the browser."""
    found = meeting(account_id)
    content = render_pdf(render_template("meetings/brief_pdf.html", meeting=found, today=today()))
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="brief.pdf"'}
    )


def meeting(account_id: str) -> Meeting:
    """Return the brief of an account that the caller may see; else it is missing."""
    scope, on = current_scope(), today()
    facts = account_facts(db.session, scope=scope, crm_id=account_id)
    seats = coverage_at(db.session, scope=scope, account=facts.account, at=now()).seats
    page = account_page(facts, on)
    beside = Beside(facts, None, None, page.quotes, on, {}, sees_actions=False)
    return meeting_of(
        page,
        figures=widgets_of([Part(key) for key in FIGURES], beside),
        promises=items_of(db.session, scope=scope, account=facts.account, currency=facts.currency),
        steps=actions_of_account(db.session, scope=scope, account_id=facts.account.id),
        unheard=[each.seat.name for each in seats if not each.heard],
        renewal=facts.account.renewal_date,
        on=on,
    )
