"""Follow-ups that came from interviews."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.clock import today
from app.interviews.models import Interview
from app.studies.models import Respondent

ROADMAP = "Send the roadmap for reports"


def add_follow_up(
    session: Session,
    interview: Interview,
    *,
    title: str = ROADMAP,
    owner_id: int | None = None,
    due_on: date | None = None,
) -> Action:
    """Add a follow-up promised in an interview, its interviewer's unless somebody else is named."""
    person = session.get_one(Respondent, interview.respondent_id)
    action = Action(
        account_id=person.account_id,
        respondent_id=person.id,
        owner_id=owner_id or interview.interviewer_id,
        title=title,
        due_on=due_on or today() + timedelta(days=14),
        is_promised=True,
        created_by=interview.interviewer_id,
    )
    session.add(action)
    session.flush()
    return action
