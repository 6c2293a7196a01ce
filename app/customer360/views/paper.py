"""The page of one account as PDF."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.pdf import render_pdf
from app.customer360.rendering import paper_html, paper_of
from app.customer360.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.get("/accounts/<text:account_id>/page.pdf", merge_slashes=False)
@access(Permission.ACCOUNTS)
def page_pdf(account_id: str) -> ResponseReturnValue:
    """Give the page of an account as PDF, as it is arranged for the caller."""
    paper = paper_of(current_scope(), account_id, request.args.get("type", ""))
    html = paper_html(paper)
    db.session.rollback()  # A page takes seconds to lay out; meanwhile nothing is held open.
    named = {"Content-Disposition": f'inline; filename="{paper.file_name}"'}
    return Response(render_pdf(html), mimetype="application/pdf", headers=named)
