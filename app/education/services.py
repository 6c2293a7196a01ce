"""What is done with education: what is known of it noted, and an action made of a missing skill."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.queries import action_owners
from app.actions.rules import Wish
from app.actions.services import Doer, add_action
from app.customers.models import Account
from app.education.models import EducationRecord
from app.education.queries import record_of
from app.education.rules.records import METRIC, Typed, checked_education, taken_share
from app.education.rules.skills import DUE_DAYS, Need, form_key, title_of
from app.health.models import Telemetry
from app.health.services.incremental import note_changed
from app.users.models import User
from app.users.services.audit import record_event, wait_for_turn


def note_education(session: Session, *, account: Account, typed: Typed, at: datetime, by: int | None) -> bool:
    """Note what is known of an account's education, and keep its share as telemetry; False where nothing differs.

    What was noted before stays as history. Refusal where it cannot be read.
    """
    known = checked_education(typed, today=at.date())
    # Writers of the audit log take turns, so that two sendings of one form find each other.
    wait_for_turn(session)
    wanted, before = asdict(known), record_of(session, account.id)
    if before is not None and all(getattr(before, name) == value for name, value in wanted.items()):
        return False
    session.add(EducationRecord(account_id=account.id, noted_at=at, noted_by=by, **wanted))
    session.flush()
    _keep_share(session, account, taken_share(known), at)
    record_event(
        session,
        actor_id=by,
        action="education.noted",
        object_type="account",
        object_id=account.id,
        fields={"told": sorted(name for name, value in wanted.items() if value is not None)},
    )
    return True


def act_on_need(session: Session, *, need: Need, facts: Any, doer: Doer) -> Action:
    """Make an action of what somebody lacks, for the account's CSM, or who asks where it has none that can act.

    The same need again returns the action that it made before. `facts` is a row of `queries.needs.facts_of`.
    """
    wish = Wish(
        title=title_of(facts.role, need),
        owner_id=_owner(session, facts.csm_email) or doer.user_id,
        due_on=doer.at.date() + timedelta(days=DUE_DAYS),
        is_promised=False,
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


def _keep_share(session: Session, account: Account, share: float | None, at: datetime) -> None:
    """Write today's share; where it can no longer be told, what this page wrote earlier is taken back too."""
    if share is not None:
        session.merge(Telemetry(account_id=account.id, metric=METRIC, period_end=at.date(), value=share, unit="share"))
    else:
        noted = session.scalars(select(EducationRecord.noted_at).where(EducationRecord.account_id == account.id))
        days = {each.date() for each in noted}
        session.execute(
            delete(Telemetry).where(
                Telemetry.account_id == account.id, Telemetry.metric == METRIC, Telemetry.period_end.in_(days)
            )
        )
    session.flush()
    note_changed(session, accounts=select(Account.id).where(Account.id == account.id))
