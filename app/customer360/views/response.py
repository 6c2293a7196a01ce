"""The page of what one person said."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.customer360.queries.responses import told_response
from app.customer360.rules.response import response_page
from app.customer360.views.blueprint import blueprint
from app.ledger.queries.answers import said_of_promises
from app.ledger.rules.page import SAID
from app.users.policy import Permission, access, current_scope


@blueprint.get("/studies/<key>/responses/<text:external_id>", merge_slashes=False)
@access(Permission.REPORTS)
def response(key: str, external_id: str) -> ResponseReturnValue:
    """Show what one person said in a study, and how it came to stand there."""
    told = told_response(db.session, scope=current_scope(), study_key=key, external_id=external_id)
    promises = [(text, SAID[said]) for text, said in said_of_promises(db.session, told.response.id)]
    return render_template("customer360/response.html", page=response_page(told), promises=promises)
