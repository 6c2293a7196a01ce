"""The timeline of one account: every source in one union, newest first, cut behind a place and never by an offset."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select, union_all
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.queries.choice import scorecard_of
from app.timeline.queries import heard, ours
from app.timeline.queries.branches import Branch, Reader, page_of
from app.timeline.rules.kinds import Kind, Place
from app.timeline.rules.lines import Timeline, timeline_of
from app.users.rules import Permission, Reach, Scope

SHOWN = 40
"""Events on one page."""

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
    Branch(11, Kind.JUDGEMENT, ours.sentiments),
    Branch(12, Kind.JUDGEMENT, ours.lights),
    Branch(13, Kind.JUDGEMENT, ours.overrides),
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
    reader = Reader(scope, account, knows_people(scope, account), key)
    wanted = [(each, each.read(reader)) for each in BRANCHES if kind in {None, each.kind}]
    pages = [page_of(branch, event, after=after, most=most) for branch, event in wanted if event is not None]
    if not pages:
        return []
    events = union_all(*pages).subquery("events")
    newest = select(events).order_by(events.c.at.desc(), events.c.rank.desc(), events.c.id.desc()).limit(most)
    return session.execute(newest).all()


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
