"""What CSMs say about the effort of their accounts, stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.effort.models import Effort
from app.effort.queries import is_form_known, own_week, said_in
from app.effort.rules.typed import LONGEST_KEY, Line, Said, read_lines, what_is_new
from app.users.rules import Scope
from app.users.services import record_event
from app.users.services.audit import wait_for_turn


def say_week(
    session: Session, *, scope: Scope, lines: Sequence[Line], form_key: str, at: datetime
) -> tuple[int, dict[str, str]]:
    """Store what a CSM newly says about their own accounts; returns how many, and sentences by field at fault.

    With a fault nothing is stored. Lines of other people's accounts are passed over, and the same form again, or a line
    that nobody touched, stores nothing. Rows are added, none is changed: the former word is the history.
    """
    wait_for_turn(session)
    own = {row.account_id: Said(row.week_permille, row.complexity) for row in own_week(session, scope=scope)}
    said, errors = read_lines([line for line in lines if line.account_id in own])
    key = form_key[:LONGEST_KEY]
    if errors or not key or is_form_known(session, user_id=scope.user_id, form_key=key):
        return 0, errors
    seen_ids = {line.seen_id for line in lines if line.account_id in own and line.seen_id}
    new = what_is_new(said, seen=said_in(session, ids=seen_ids, user_id=scope.user_id), present=own)
    facts = {"user_id": scope.user_id, "said_on": at.date(), "form_key": key, "created_at": at}
    rows = [
        {"account_id": id_, "week_permille": each.week_permille, "complexity": each.complexity, **facts}
        for id_, each in new.items()
    ]
    insert_rows(session, Effort, rows)
    if rows:
        _record(session, scope, list(new), at)
    return len(rows), {}


def _record(session: Session, scope: Scope, accounts: list[int], at: datetime) -> None:
    record_event(
        session,
        actor_id=scope.user_id,
        action="effort.said",
        object_type="effort",
        object_id=at.date().isoformat(),
        fields={"accounts": accounts},
    )
