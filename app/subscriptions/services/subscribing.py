"""Who gets the page of an account by mail, and when: chosen, changed, paused, ended by a button or by a mail's link."""

import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.waiting import waits
from app.customers.models import Account
from app.studies.rules.links import is_token, page_token
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.queries.subscriptions import readers_of, subscription_by_id, subscription_of, wish_of
from app.subscriptions.rules.wishes import Unsent, Wish, next_by_day
from app.users.services.audit import record_event, wait_for_turn

NONCE_BYTES = 16


def subscribe(
    session: Session, *, account: Account, user_id: int, wish: Wish, at: datetime, by: int, at_any_hour: bool = False
) -> bool:
    """Note that a person gets the page of an account from now on; False where that stood there already.

    Whoever chooses for a colleague finds their own choice untouched: refused where they get it or have ended it, and
    where they may not see the account. To choose anew ends a pause.
    """
    wait_for_turn(session)
    known = subscription_of(session, account, user_id)
    if by != user_id:
        _refuse_for_another(session, account, user_id, known)
    is_alive = known is not None and known.ended_at is None and known.paused_at is None
    if known is not None and is_alive and wish_of(known) == wish:
        return False
    kept = known or PageSubscription(account_id=account.id, user_id=user_id, nonce=secrets.token_urlsafe(NONCE_BYTES))
    kept.rhythm, kept.day = wish.rhythm.value, wish.day
    kept.next_at = next_by_day(wish, at.date(), at_any_hour=at_any_hour)
    kept.made_at, kept.made_by = at, by
    kept.paused_at, kept.ended_at, kept.ended_by = None, None, None
    session.add(kept)
    session.flush()
    _cancel_waiting(session, kept, at, Unsent.CHANGED)
    fields = {"user_id": user_id, "rhythm": wish.rhythm.value, "day": wish.day}
    _record(session, "page.subscribe", account, by, fields)
    return True


def pause(session: Session, *, account: Account, user_id: int, at: datetime) -> bool:
    """Let no mail come until a person goes on, those that wait included; False where there is nothing to pause."""
    wait_for_turn(session)
    kept = subscription_of(session, account, user_id)
    if kept is None or kept.ended_at is not None or kept.paused_at is not None:
        return False
    kept.paused_at, kept.next_at = at, None
    session.flush()
    _cancel_waiting(session, kept, at, Unsent.PAUSED)
    _record(session, "page.pause", account, user_id, {"user_id": user_id})
    return True


def go_on(session: Session, *, account: Account, user_id: int, at: datetime, at_any_hour: bool = False) -> bool:
    """Let mails come again after a pause, from the next day on that was chosen; False where there is no pause."""
    wait_for_turn(session)
    kept = subscription_of(session, account, user_id)
    if kept is None or kept.ended_at is not None or kept.paused_at is None:
        return False
    kept.paused_at, kept.made_at = None, at
    kept.next_at = next_by_day(wish_of(kept), at.date(), at_any_hour=at_any_hour)
    session.flush()
    _record(session, "page.go_on", account, user_id, {"user_id": user_id})
    return True


def end(session: Session, *, account: Account, user_id: int, at: datetime, by: int) -> bool:
    """End a person's subscription, mails that wait included; False where there was none."""
    wait_for_turn(session)
    kept = subscription_of(session, account, user_id)
    if kept is None or kept.ended_at is not None:
        return False
    kept.ended_at, kept.ended_by, kept.next_at, kept.paused_at = at, by, None, None
    session.flush()
    _cancel_waiting(session, kept, at, Unsent.ENDED)
    _record(session, "page.unsubscribe", account, by, {"user_id": user_id})
    return True


def subscription_of_link(
    session: Session, *, subscription_id: int, token: str, secret: str
) -> tuple[int, Account, bool] | None:
    """Return whose subscription to which account a link ends, and whether it still goes on; None for any other link."""
    found = subscription_by_id(session, subscription_id) if is_token(token) else None
    if found is None:
        return None
    kept, account = found
    expected = page_token(secret, subscription_id=kept.id, nonce=kept.nonce)
    return (kept.user_id, account, kept.ended_at is None) if hmac.compare_digest(expected, token) else None


def _refuse_for_another(session: Session, account: Account, user_id: int, known: PageSubscription | None) -> None:
    reader = next((each for each in readers_of(session, account) if each.user_id == user_id), None)
    if reader is None:
        raise Refusal("Choose somebody who may see this account.", "person")
    if known is None or (known.ended_at is not None and known.ended_by != user_id):
        return
    name = reader.name or reader.email
    if known.ended_at is None:
        raise Refusal(f"{name} gets it already, {wish_of(known).words}. They can change that themselves.", "person")
    raise Refusal(f"{name} has ended this subscription. They alone can start it again.", "person")


def _cancel_waiting(session: Session, kept: PageSubscription, at: datetime, because: Unsent) -> None:
    theirs = (PageMail.subscription_id == kept.id, waits(PageMail))
    session.execute(sa.update(PageMail).where(*theirs).values(cancelled_at=at, reason=because.value))


def _record(session: Session, action: str, account: Account, by: int, fields: dict[str, int | str | None]) -> None:
    record_event(session, actor_id=by, action=action, object_type="account", object_id=account.crm_id, fields=fields)
