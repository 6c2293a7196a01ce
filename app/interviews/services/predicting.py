"""A prediction is sealed before the interview begins; after that nobody changes it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.interviews.models import Interview, Prediction
from app.interviews.queries.talks import Talk
from app.interviews.rules.prediction import Predicted
from app.users.services.audit import record_event


def predict(session: Session, *, talk: Talk, predicted: Predicted, at: datetime, by: int) -> None:
    """Seal what somebody predicts, or change it while nobody has begun. Refused once the interview has begun.

    The numbers stand in no log: they are to stay unseen.
    """
    interview = session.get(Interview, talk.id, with_for_update=True, populate_existing=True)
    if interview is None:
        raise Missing("There is no such interview.", "interview")
    if interview.started_at is not None:
        raise Refusal("The interview has begun; predictions are sealed.", "prediction")
    sealed = session.get(Prediction, (talk.id, by))
    if sealed is None:
        sealed = Prediction(interview_id=talk.id, author_id=by)
        session.add(sealed)
    sealed.recommend, sealed.renewal_intent, sealed.satisfaction = (
        predicted.get(key) for key in ("recommend", "renewal_intent", "satisfaction")
    )
    sealed.predicted_at = at
    session.flush()
    record_event(session, actor_id=by, action="prediction.seal", object_type="interview", object_id=talk.id)
