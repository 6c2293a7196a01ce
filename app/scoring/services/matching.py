"""A workspace says which dimension of voice each measure of a scorecard is held against."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.health.queries import newest_scorecard
from app.health.rules.scorecard import parse_scorecard
from app.responses.services import note_change
from app.scoring.models import MeasureDimensions
from app.scoring.queries.matching import studies_of_scorecard
from app.scoring.rules.matching import COMPARABLE, Choice
from app.users.services import record_event


def match_measures(session: Session, *, scorecard_key: str, chosen: Mapping[str, str], at: datetime, by: int) -> bool:
    """Store a choice per measure (a dimension, `none`, or blank: by its name); returns whether anything changed.

    Every scored study of the scorecard is to be scored again. Refused for a measure that the newest version does not
    have, for another choice, and where there is no such scorecard.
    """
    measures = parse_scorecard(newest_scorecard(session, scorecard_key).definition).measures
    names = {measure.key: measure.name for measure in measures}
    for key, choice in chosen.items():
        if key not in names or choice not in {*COMPARABLE, *Choice}:
            raise Refusal("Choose a topic from the list for each measure; reload the page.", key[:80])
    kept = {key: choice for key, choice in sorted(chosen.items()) if choice != Choice.BY_NAME}
    where = MeasureDimensions.scorecard_key == scorecard_key
    present = session.scalar(select(MeasureDimensions).where(where).with_for_update())
    if kept == (present.chosen if present else {}):
        return False
    if not kept:
        session.execute(delete(MeasureDimensions).where(where))
    elif present is None:
        session.add(MeasureDimensions(scorecard_key=scorecard_key, chosen=kept, changed_by=by, changed_at=at))
    else:
        present.chosen, present.changed_by, present.changed_at = kept, by, at
    for study_id in studies_of_scorecard(session, scorecard_key):
        note_change(session, study_id, at)
    session.flush()
    record_event(
        session,
        actor_id=by,
        action="scorecard.match",
        object_type="scorecard",
        object_id=scorecard_key,
        fields={"chosen": kept},
    )
    return True
