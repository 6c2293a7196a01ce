"""Who is told of what: chosen, changed, stopped by a button or by the link in a mail."""

import hmac
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.alerts.models import AlertMail, AlertSubscription
from app.alerts.queries.mails import mail_by_id
from app.alerts.queries.subscriptions import newest_computation_id, own_subscription, subscription_of, wish_of
from app.alerts.rules.wishes import Extent, Wish
from app.alerts.rules.words import Unsent
from app.core.errors import Missing, Refusal
from app.core.waiting import waits
from app.customers.models import Account
from app.health.queries.reach import sees_all_health
from app.studies.rules.links import alerts_token, is_token
from app.users.rules import Scope
from app.users.services.audit import record_event, wait_for_turn


def subscribe(session: Session, *, scope: Scope, wish: Wish, account: Account | None, at: datetime) -> bool:
    """Note what somebody wants to be told of from now on; False where that stood there already.

    `account` is one that the caller may see, and is needed where the wish is about one. Who sees assigned accounts
    alone cannot ask for all.
    """
    wait_for_turn(session)
    if wish.extent is Extent.ACCOUNT and account is None:
        raise Refusal("Choose which accounts the alert is about.", "extent")
    if wish.extent is Extent.ALL and not sees_all_health(scope):
        raise Refusal("You see the accounts that are assigned to you; choose those.", "extent")
    about = account.id if account is not None and wish.extent is Extent.ACCOUNT else None
    known = subscription_of(session, user_id=scope.user_id, extent=wish.extent, account_id=about)
    if known is not None and known.ended_at is None and wish_of(known) == wish:
        return False
    kept = known or AlertSubscription(user_id=scope.user_id, extent=wish.extent.value, account_id=about)
    kept.tells_colour, kept.falls_by, kept.tells_silence = wish.colour, wish.falls_by, wish.silence
    kept.seen_id, kept.made_at, kept.ended_at = newest_computation_id(session), at, None
    session.add(kept)
    session.flush()
    fields = {"extent": kept.extent, "account_id": about, "falls_by": wish.falls_by}
    record_event(
        session,
        actor_id=scope.user_id,
        action="alert.subscribe",
        object_type="alert",
        object_id=kept.id,
        fields=fields,
    )
    return True


def stop_alert(session: Session, *, user_id: int, subscription_id: int, at: datetime) -> None:
    """End one of a person's subscriptions; Missing where it is none of theirs, or has ended."""
    wait_for_turn(session)
    kept = own_subscription(session, user_id=user_id, subscription_id=subscription_id)
    if kept is None:
        raise Missing("There is no such alert.", "subscription_id")
    kept.ended_at = at
    session.flush()
    record_event(
        session, actor_id=user_id, action="alert.unsubscribe", object_type="alert", object_id=kept.id, fields={}
    )


def stop_all_alerts(session: Session, *, user_id: int, at: datetime) -> int:
    """End all of a person's subscriptions, mails that wait included, and return how many there were."""
    wait_for_turn(session)
    each = AlertSubscription
    living = (each.user_id == user_id, each.ended_at.is_(None))
    ended = session.scalars(sa.update(each).where(*living).values(ended_at=at).returning(each.id)).all()
    waiting = sa.update(AlertMail).where(AlertMail.user_id == user_id, waits(AlertMail))
    session.execute(waiting.values(cancelled_at=at, reason=Unsent.ENDED.value))
    if ended:
        record_event(
            session,
            actor_id=user_id,
            action="alert.unsubscribe",
            object_type="user",
            object_id=user_id,
            fields={"alerts": len(ended)},
        )
    return len(ended)


def reader_of_link(session: Session, *, mail_id: int, token: str, secret: str) -> int | None:
    """Return whose alerts the link of a mail stops; None for any other link."""
    mail = mail_by_id(session, mail_id) if is_token(token) else None
    if mail is None:
        return None
    expected = alerts_token(secret, mail_id=mail.id, nonce=mail.nonce)
    return mail.user_id if hmac.compare_digest(expected, token) else None
