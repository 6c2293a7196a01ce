"""The page of one study: before the draw what its plan gives, afterwards how far the fieldwork is."""

from flask.typing import ResponseReturnValue

from app.core.database import db
from app.studies.scope import study_in_scope
from app.studies.views.fieldwork import fieldwork_page
from app.studies.views.outlook import undrawn_page
from app.users.policy import Permission, access, current_scope


@access(Permission.REPORTS)
def show(key: str) -> ResponseReturnValue:
    """Show a study."""
    study = study_in_scope(db.session, scope=current_scope(), key=key)
    return undrawn_page(study) if study.drawn_at is None else fieldwork_page(study)
