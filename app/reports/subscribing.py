"""Who gets a report by mail, and when: chosen, changed, stopped by a button or by the link in a mail."""

import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.waiting import waits
from app.reports.models import ReportMail, ReportSubscription
from app.reports.queries.delivery import readers_of, subscription_by_id, subscription_of
from app.reports.rules.delivery import Rhythm, Unsent, Wish, next_sending
from app.studies.models import Study
from app.studies.rules.links import is_token, stop_token
from app.users.services.audit import record_event, wait_for_turn

NONCE_BYTES = 16


def subscribe(
    session: Session, *, study: Study, user_id: int, wish: Wish, at: datetime, by: int, at_any_hour: bool = False
) -> bool:
    """Note that a person gets a study's report by mail from now on; False where that stood there already.

    Whoever chooses for a colleague finds their own choice untouched: refused where they get it or have stopped it, and
    where they may not see the study.
    """
    wait_for_turn(session)
    known = subscription_of(session, study, user_id)
    if by != user_id:
        _refuse_for_another(session, study, user_id, known)
    if known is not None and known.ended_at is None and wish_of(known) == wish:
        return False
    kept = known or ReportSubscription(study_id=study.id, user_id=user_id, nonce=secrets.token_urlsafe(NONCE_BYTES))
    kept.rhythm, kept.day, kept.next_at = wish.rhythm.value, wish.day, next_at(wish, at, at_any_hour)
    kept.made_at, kept.made_by, kept.ended_at, kept.ended_by = at, by, None, None
    session.add(kept)
    session.flush()
    _cancel_waiting(session, kept, at, Unsent.CHANGED)
    fields = {"user_id": user_id, "rhythm": wish.rhythm.value, "day": wish.day}
    _record(session, "report.subscribe", study, by, fields)
    return True


def stop_delivery(session: Session, *, study: Study, user_id: int, at: datetime, by: int) -> bool:
    """End the delivery of a study's report to a person, mails that wait included; False where there was none."""
    wait_for_turn(session)
    kept = subscription_of(session, study, user_id)
    if kept is None or kept.ended_at is not None:
        return False
    kept.ended_at, kept.ended_by, kept.next_at = at, by, None
    session.flush()
    _cancel_waiting(session, kept, at, Unsent.ENDED)
    _record(session, "report.unsubscribe", study, by, {"user_id": user_id})
    return True


def delivery_of_link(
    session: Session, *, subscription_id: int, token: str, secret: str
) -> tuple[int, Study, bool] | None:
    """Return whose delivery of which study a link stops, and whether it still goes on; None for any other link."""
    found = subscription_by_id(session, subscription_id) if is_token(token) else None
    if found is None:
        return None
    kept, study = found
    expected = stop_token(secret, subscription_id=kept.id, nonce=kept.nonce)
    return (kept.user_id, study, kept.ended_at is None) if hmac.compare_digest(expected, token) else None


def next_at(wish: Wish, at: datetime, at_any_hour: bool) -> datetime | None:
    """Return when the next mail after an instant is due; None where editions decide."""
    return next_sending(wish, at.date(), at_any_hour=at_any_hour)


def wish_of(kept: ReportSubscription) -> Wish:
    """Return what a person chose."""
    return Wish(Rhythm(kept.rhythm), kept.day)


def _refuse_for_another(session: Session, study: Study, user_id: int, known: ReportSubscription | None) -> None:
    reader = next((each for each in readers_of(session, study) if each.user_id == user_id), None)
    if reader is None:
        raise Refusal("Choose somebody who may see this study.", "person")
    if known is None or (known.ended_at is not None and known.ended_by != user_id):
        return
    if known.ended_at is None:
        raise Refusal(
            f"{reader.name} gets it already, {wish_of(known).words}. They can change that themselves.", "person"
        )
    raise Refusal(f"{reader.name} has stopped this delivery. They alone can start it again.", "person")


def _cancel_waiting(session: Session, kept: ReportSubscription, at: datetime, because: Unsent) -> None:
    theirs = (ReportMail.subscription_id == kept.id, waits(ReportMail))
    session.execute(sa.update(ReportMail).where(*theirs).values(cancelled_at=at, reason=because.value))


def _record(session: Session, action: str, study: Study, by: int, fields: dict[str, int | str | None]) -> None:
    record_event(session, actor_id=by, action=action, object_type="study", object_id=study.key, fields=fields)
