"""What is done with education: what is known of it noted, and an action made of a missing skill."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.queries import action_owners
from app.actions.rules import Wish
from app.actions.rules.kinds import About
from app.actions.services import Doer, add_action
from app.customers.models import Account
from app.education.models import EducationRecord
from app.education.queries import known_of, record_of
from app.education.rules.records import METRIC, Known, Typed, checked_education, taken_share
from app.education.rules.skills import DUE_DAYS, Need, form_key, title_of
from app.health.models import Telemetry
from app.health.services.incremental import note_changed
from app.users.models import User
from app.users.services.audit import record_event, wait_for_turn

_PORTION = 5_000


def note_education(session: Session, *, account: Account, typed: Typed, at: datetime, by: int | None) -> bool:
    """Note what is known of an account's education, and keep its share as telemetry; False where nothing differs.

    What was noted before stays as history. Refusal where it cannot be read.
    """
    known = checked_education(typed, today=at.date())
    # Writers of the audit log take turns, so that two sendings of one form find each other.
    wait_for_turn(session)
    before = record_of(session, account.id)
    if before is not None and known_of(before) == known:
        return False
    keep_known(session, known={account.id: known}, at=at, by=by)
    record_event(
        session,
        actor_id=by,
        action="education.noted",
        object_type="account",
        object_id=account.id,
        fields={"told": sorted(name for name, value in asdict(known).items() if value is not None)},
    )
    return True


def keep_known(session: Session, *, known: Mapping[int, Known], at: datetime, by: int | None) -> None:
    """Put on record what is known of accounts, by their ids, and keep their shares as telemetry of that day.

    Where a share can no longer be told, what was written here earlier is taken back too. That it was done the caller
    says in the audit log.
    """
    if not known:
        return
    rows = [{"account_id": id_, "noted_at": at, "noted_by": by, **asdict(each)} for id_, each in known.items()]
    session.execute(insert(EducationRecord), rows)
    ids = list(known)
    for start in range(0, len(ids), _PORTION):
        part = ids[start : start + _PORTION]
        _keep_shares(session, {id_: taken_share(known[id_]) for id_ in part}, at)
        note_changed(session, accounts=select(Account.id).where(Account.id.in_(part)))
    session.expire_all()


def act_on_need(session: Session, *, need: Need, facts: Any, doer: Doer) -> Action:
    """Make an action of what somebody lacks, for the account's CSM, or who asks where it has none that can act.

    The same need again returns the action that it made before. `facts` is a row of `queries.needs.facts_of`.
    """
    wish = Wish(
        title=title_of(facts.role, need),
        owner_id=_owner(session, facts.csm_email) or doer.user_id,
        due_on=doer.at.date() + timedelta(days=DUE_DAYS),
        is_promised=False,
        about=About.SKILL,
    )
    return add_action(
        session,
        account_id=facts.account_id,
        wish=wish,
        doer=doer,
        respondent_id=facts.id,
        form_key=form_key(facts.id),
    )


def _owner(session: Session, csm_email: str | None) -> int | None:
    """The CSM of an account, where they sign in and may do something for customers."""
    if not csm_email:
        return None
    found = session.scalar(select(User.id).where(func.lower(User.email) == csm_email.strip().lower()))
    return found if found in action_owners(session) else None


def _keep_shares(session: Session, shares: Mapping[int, float | None], at: datetime) -> None:
    """Write the day's shares; where one can no longer be told, all days on which something was noted lose theirs."""
    noted: defaultdict[int, set[date]] = defaultdict(set)
    of_these = select(EducationRecord.account_id, EducationRecord.noted_at)
    for account_id, noted_at in session.execute(of_these.where(EducationRecord.account_id.in_(list(shares)))):
        noted[account_id].add(noted_at.date())
    gone = [
        {"of": account_id, "day": day}
        for account_id, share in shares.items()
        for day in (noted[account_id] if share is None else {at.date()})
    ]
    is_it = (Telemetry.account_id == bindparam("of"), Telemetry.period_end == bindparam("day"))
    session.connection().execute(delete(Telemetry).where(Telemetry.metric == METRIC, *is_it), gone)
    told = {"metric": METRIC, "period_end": at.date(), "unit": "share"}
    rows = [{"account_id": id_, "value": share, **told} for id_, share in shares.items() if share is not None]
    if rows:
        session.execute(insert(Telemetry), rows)
