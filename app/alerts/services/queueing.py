"""What a computation moved is noted for those who want to be told, with one mail for each of them."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.alerts.models import Alert, AlertMail, AlertSubscription
from app.alerts.queries.rounds import last_computations, moved_rows
from app.alerts.queries.subscriptions import living_subscriptions, wish_of
from app.alerts.rules.rounds import Round, round_of
from app.alerts.rules.wishes import Extent, Seen, Told, Wish, told_of
from app.health.queries.reach import sees_all_health
from app.studies.rules.hours import next_working
from app.surveys.services.invitations import Place
from app.users.queries import scope_of

ID_BYTES = 16
HERE = ZoneInfo("UTC")
FALLBACK_HOST = "localhost"


@dataclass(frozen=True)
class Wanted:
    """A living subscription: whose, what it wants, and whose accounts alone it may be about."""

    id: int
    user_id: int
    wish: Wish
    account_id: int | None
    csm: str | None
    seen_id: int


def queue_alerts(session: Session, *, at: datetime, place: Place) -> int:
    """Note what moved since each subscription was looked at last, and return how many mails are new.

    Running it twice, or twice at once, notes nothing twice: an alert is once for subscription, account and computation,
    a mail once for person and computation.
    """
    wanted = [_wanted(*row) for row in living_subscriptions(session)]
    computed = last_computations(session)
    if not wanted or not computed:
        return 0
    new = 0
    for each in computed:
        due = [one for one in wanted if one.seen_id < each.id]
        round_ = round_of(each, computed) if due else None
        if round_ is not None:
            new += _queue_round(session, round_, due, at, place)
    ids = [one.id for one in wanted]
    session.execute(sa.update(AlertSubscription).where(AlertSubscription.id.in_(ids)).values(seen_id=computed[-1].id))
    return new


def _wanted(kept: AlertSubscription, person: Any) -> Wanted:
    scope, wish = scope_of(person), wish_of(kept)
    is_own = wish.extent is Extent.MINE or not sees_all_health(scope)
    return Wanted(kept.id, kept.user_id, wish, kept.account_id, scope.email if is_own else None, kept.seen_id)


def _queue_round(session: Session, round_: Round, wanted: Sequence[Wanted], at: datetime, place: Place) -> int:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in moved_rows(session, round_):
        seen = Seen(row.score, row.band, row.before, row.before_band, row.week, row.earlier_week)
        for each in wanted:
            if _is_about(each, row) and (told := told_of(each.wish, seen)):
                found[each.user_id].append(_alert(each, row.account_id, round_, told))
    if not found:
        return 0
    mails = _mails(session, found.keys(), round_, at, place)
    rows = [alert | {"mail_id": mails[user_id]} for user_id, alerts in found.items() for alert in alerts]
    once = _inserting(session, Alert).on_conflict_do_nothing(
        index_elements=["subscription_id", "account_id", "computation_id"]
    )
    session.execute(once, rows)
    return len(mails)


def _is_about(wanted: Wanted, row: Any) -> bool:
    if wanted.csm is not None and row.csm != wanted.csm:
        return False
    return wanted.account_id is None or wanted.account_id == row.account_id


def _alert(wanted: Wanted, account_id: int, round_: Round, told: Sequence[Told]) -> dict[str, Any]:
    # A fall is told from where it began, everything else from the computation before.
    before = round_.week if tuple(told) == (Told.FALL,) else round_.before
    return {
        "subscription_id": wanted.id,
        "account_id": account_id,
        "computation_id": round_.id,
        "before_id": before,
        "kinds": [each.value for each in told],
    }


def _mails(session: Session, user_ids: Any, round_: Round, at: datetime, place: Place) -> dict[int, int]:
    """Note a mail for each person, and return their ids by person; one that is there already stays as it is."""
    host = urlsplit(place.base_url).hostname or FALLBACK_HOST
    due_at = next_working(at, HERE, at_any_hour=place.at_any_hour)
    rows = [
        {
            "user_id": user_id,
            "computation_id": round_.id,
            "nonce": secrets.token_urlsafe(ID_BYTES),
            "message_id": f"<health-{secrets.token_hex(ID_BYTES)}@{host}>",
            "due_at": due_at,
            "created_at": at,
            "tries": 0,
        }
        for user_id in user_ids
    ]
    session.execute(
        _inserting(session, AlertMail).on_conflict_do_nothing(index_elements=["user_id", "computation_id"]), rows
    )
    of_round = sa.select(AlertMail.user_id, AlertMail.id).where(AlertMail.computation_id == round_.id)
    return {row[0]: row[1] for row in session.execute(of_round)}


def _inserting(session: Session, model: Any) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)
