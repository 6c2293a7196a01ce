"""Reminders of what is due: queued once a day for each person, and switched off and on by them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.actions.models import ReminderStop
from app.actions.queries.reminding import people_to_remind
from app.actions.rules.reminding import reminder_key, reminder_wording
from app.studies.rules.hours import next_working
from app.studies.rules.letters import LetterKind
from app.studies.services.letters import Reader, queue_letter
from app.users.services.audit import record_event, wait_for_turn

HERE = ZoneInfo("UTC")


def are_hours(at: datetime, *, at_any_hour: bool) -> bool:
    """Tell whether reminders may go out now: in working hours (UTC), so that each tells how things stand then."""
    return next_working(at, HERE, at_any_hour=at_any_hour) == at


def queue_reminders(session: Session, *, at: datetime, base_url: str) -> int:
    """Queue a mail for everybody with something due who was not reminded today, and return how many are new."""
    today = at.date()
    return sum(
        queue_letter(
            session,
            kind=LetterKind.REMINDER,
            key=reminder_key(each.user_id, today),
            reader=Reader(user_id=each.user_id),
            wording=reminder_wording(each.name, each.lines, today=today, base_url=base_url),
            base_url=base_url,
            at=at,
            by=None,
        )
        for each in people_to_remind(session, today=today)
    )


def choose_reminders(session: Session, *, user_id: int, is_wanted: bool, at: datetime) -> bool:
    """Note whether somebody wants to be reminded; False where that is so already."""
    wait_for_turn(session)
    stop = session.get(ReminderStop, user_id)
    if is_wanted == (stop is None):
        return False
    if stop is None:
        session.add(ReminderStop(user_id=user_id, stopped_at=at))
    else:
        session.delete(stop)
    session.flush()
    name = "action.reminders_on" if is_wanted else "action.reminders_off"
    record_event(session, actor_id=user_id, action=name, object_type="user", object_id=user_id, fields={})
    return True
