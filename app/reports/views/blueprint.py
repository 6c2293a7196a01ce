"""Where the views of reports hang, and what each asks first: which study, and which of its accounts."""

from flask import Blueprint

from app.core.database import db
from app.reports.queries import assigned_ids
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
