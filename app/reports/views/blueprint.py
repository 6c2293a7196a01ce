"""Where the views of reports hang, and what each asks first: which study, which of its accounts, on what paper."""

from flask import Blueprint, Response, request

from app.core.database import db
from app.reports.queries import assigned_ids
from app.reports.rules.paper import Paper, paper_of
from app.studies.models import Study
from app.studies.scope import may_see_all, study_in_scope
from app.users.policy import Permission, current_scope

blueprint = Blueprint("reports", __name__)


def visible_study(key: str) -> Study:
    """Return the study of this key if the caller may see it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key)


def own_study(key: str) -> Study:
    """Return the study of this key if the caller runs it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)


def visible_accounts_of(study: Study) -> set[int] | None:
    """Return the accounts of the study that the caller may see; None is all of them."""
    scope = current_scope()
    return None if may_see_all(scope, study) else assigned_ids(db.session, study, scope)


def chosen_paper() -> Paper:
    """Return the paper that the address asks for; A4 where it asks for none, or for one that we do not have."""
    return paper_of(request.args.get("paper"))


def as_pdf(content: bytes, name: str) -> Response:
    """Return a PDF that a browser shows, and saves under this name."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)
