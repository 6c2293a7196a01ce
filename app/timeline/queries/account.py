"""The timeline of one account: every source in one union, newest first, cut behind a place and never by an offset."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select, union_all
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account
from app.health.queries.choice import scorecard_of
from app.health.queries.sealing import sees_judgement
from app.timeline.queries import heard, judged, ours
from app.timeline.queries.branches import MOST, Branch, Reader, page_of, values_of
from app.timeline.rules.kinds import Kind, Place
from app.timeline.rules.lines import Timeline, timeline_of
from app.users.rules import Permission, Reach, Scope

SHOWN = 40
"""Events on one page."""
MOST_KEPT = 256
"""Statements that are kept, one for each reader and kind."""

BRANCHES = (
    Branch(1, Kind.CONVERSATION, heard.conversations),
    Branch(2, Kind.ANSWER, heard.answers),
    Branch(3, Kind.MAIL, heard.invitations),
    Branch(4, Kind.MAIL, heard.letters),
    Branch(5, Kind.MAIL, heard.appointment_mails),
    Branch(6, Kind.CALL, heard.calls),
    Branch(7, Kind.CALL, heard.appointments),
    Branch(8, Kind.HEALTH, ours.health_changes),
    Branch(9, Kind.ACTION, ours.actions_added),
    Branch(10, Kind.ACTION, ours.actions_done),
    Branch(11, Kind.JUDGEMENT, judged.sentiments),
    Branch(12, Kind.JUDGEMENT, judged.lights),
    Branch(13, Kind.JUDGEMENT, judged.overrides),
    Branch(14, Kind.PROMISE, ours.promises_made),
    Branch(15, Kind.PROMISE, ours.promises_delivered),
    Branch(16, Kind.PROMISE, ours.ledger_entries),
    Branch(17, Kind.PROMISE, heard.answers_to_promises),
    Branch(18, Kind.SITUATION, ours.situations_begun),
    Branch(19, Kind.SITUATION, ours.situations_ended),
    Branch(20, Kind.SITUATION, ours.situation_changes),
    Branch(21, Kind.CASE, ours.cases_opened),
    Branch(22, Kind.CASE, ours.cases_closed),
    Branch(23, Kind.OUTCOME, ours.outcomes),
)
"""Every source of events. The ranks stand in addresses: a new source gets the next number."""


def timeline_rows(
    session: Session, *, scope: Scope, account: Account, kind: Kind | None, after: Place | None, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest events of an account behind a place (rank, id, at, what, a to d, person, who, x, y), by one statement.

    The account must be within the caller's reach. Names, words and studies that they may not read are not fetched.
    """
    key = scorecard_of(session, account.id) if kind in {None, Kind.HEALTH} else None
    sees = kind not in {None, Kind.JUDGEMENT} or sees_judgement(session, scope)
    reader = Reader(scope, knows_people(scope, account), has_health=key is not None, sees_judgement=sees)
    wanted = _statement(reader, kind, is_first=after is None)
    if wanted is None:
        return []
    values = {"account": account.id, "industry": account.industry, "health_key": key, "most": most}
    values["currency"] = account.currency or the_workspace(session).currency
    return session.execute(wanted, values | values_of(after)).all()


@lru_cache(maxsize=MOST_KEPT)
def _statement(reader: Reader, kind: Kind | None, *, is_first: bool) -> Select[*tuple[Any, ...]] | None:
    """The union as one reader reads it of any account: to write it down takes longer than to run it."""
    wanted = [(each, each.read(reader)) for each in BRANCHES if kind in {None, each.kind}]
    pages = [page_of(branch, event, is_first=is_first) for branch, event in wanted if event is not None]
    if not pages:
        return None
    events = union_all(*pages).subquery("events")
    return select(events).order_by(events.c.at.desc(), events.c.rank.desc(), events.c.id.desc()).limit(MOST)


def timeline_page(
    session: Session,
    *,
    scope: Scope,
    account: Account,
    today: date,
    kind: Kind | None = None,
    after: Place | None = None,
    most: int = SHOWN,
) -> Timeline:
    """A page of an account's timeline as days and lines; the first few of them stand on the account's own page."""
    rows = timeline_rows(session, scope=scope, account=account, kind=kind, after=after, most=most + 1)
    return timeline_of(rows, {each.rank: each.kind for each in BRANCHES}, most=most, today=today)


def knows_people(scope: Scope, account: Account) -> bool:
    """Whether the caller may know who works at an account that they see."""
    reaches = scope.reaches(Permission.ACCOUNTS)
    is_own = (account.csm_email or "").lower() == scope.email
    return Reach.ALL in reaches or (Reach.ASSIGNED in reaches and is_own)
