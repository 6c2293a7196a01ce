"""The page of one study: before the draw what its plan gives, afterwards how far the fieldwork is."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from app.core.database import db
from app.studies.scope import study_in_scope
from app.studies.views.anonymous import anonymous_page
from app.studies.views.fieldwork import fieldwork_page
from app.studies.views.handed_in import FromScoring
from app.studies.views.outlook import undrawn_page
from app.users.policy import Permission, access, current_scope


def show_view(scoring: FromScoring) -> Callable[[str], ResponseReturnValue]:
    """Return the view of one study."""

    @access(Permission.REPORTS)
    def show(key: str) -> ResponseReturnValue:
        study = study_in_scope(db.session, scope=current_scope(), key=key)
        if study.drawn_at is None:
            return undrawn_page(study, scoring)
        if study.is_anonymous:
            return anonymous_page(study)
        return fieldwork_page(study, scoring, scoring.scored_at(db.session, [study.id]).get(study.id))

    return show
