"""What is done with actions: added, changed, given to somebody else, done, opened again, and emptied of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.queries import notice_key
from app.actions.rules import LONGEST_KEY, REMOVED, Wish, checked_note
from app.actions.rules.kinds import Evidence, Kind, checked_outcome
from app.actions.rules.reminding import reminder_line
from app.core.display import day
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.studies.models import Letter, Respondent
from app.studies.rules.letters import LetterKind, Wording
from app.studies.services.letters import Reader, queue_letter
from app.users.models import User
from app.users.services.audit import record_event, wait_for_turn

CHANGED = ("title", "owner_id", "due_on", "is_promised", "reason", "relationship_id")
"""What of an action can be changed beside its kind."""


@dataclass(frozen=True)
class Doer:
    """Who changes an action and when, and where this workspace is reached, for the mail to a new owner."""

    user_id: int
    at: datetime
    base_url: str


def add_action(
    session: Session,
    *,
    account_id: int,
    wish: Wish,
    doer: Doer,
    respondent_id: int | None = None,
    form_key: str | None = None,
) -> Action:
    """Add an action for an account and tell its owner by mail where somebody else does it.

    The same form again returns the action that it made before.
    """
    # Writers of the audit log take turns, so that two sendings of one form find each other.
    wait_for_turn(session)
    key = (form_key or "")[:LONGEST_KEY] or None
    known = session.scalar(select(Action).where(Action.form_key == key)) if key else None
    if known is not None:
        return known
    action = Action(
        account_id=account_id,
        respondent_id=respondent_id or wish.respondent_id,
        relationship_id=wish.relationship_id,
        owner_id=wish.owner_id,
        kind=wish.kind.value,
        title=wish.title,
        reason=wish.reason,
        evidence=Evidence(wish.about).document,
        due_on=wish.due_on,
        is_promised=wish.is_promised,
        form_key=key,
        created_at=doer.at,
        created_by=doer.user_id,
    )
    session.add(action)
    session.flush()
    _tell_owner(session, action, doer)
    told = {"account_id": account_id, "owner_id": wish.owner_id, "kind": action.kind}
    _record(session, "action.add", action, doer, told)
    return action


def change_action(session: Session, *, action_id: int, wish: Wish, doer: Doer) -> list[str]:
    """Change what an action says or who does it, and return the names of what changed; a new owner is told by mail.

    What showed it on the day on which it was raised stays.
    """
    action = _locked(session, action_id)
    if action.done_at is not None:
        raise Refusal("This is done; open it again to change it.", "action")
    wanted = {name: getattr(wish, name) for name in CHANGED}
    wanted["kind"] = wish.kind.value
    changed = [name for name, value in wanted.items() if getattr(action, name) != value]
    for name in changed:
        setattr(action, name, wanted[name])
    session.flush()
    if "owner_id" in changed:
        _tell_owner(session, action, doer)
    if changed:
        told = {"changed": changed} | ({"owner_id": action.owner_id} if "owner_id" in changed else {})
        _record(session, "action.change", action, doer, told)
    return changed


def finish_action(session: Session, *, action_id: int, note: str, doer: Doer, outcome: str = "") -> bool:
    """Note that an action is over and what came of it; False where it was over already.

    Refusal where its kind asks what came of it and nothing was chosen.
    """
    action = _locked(session, action_id)
    words = checked_note(note)
    if action.done_at is not None:
        return False
    action.outcome = checked_outcome(outcome, Kind(action.kind)).value
    action.done_at, action.done_by, action.note = doer.at, doer.user_id, words
    session.flush()
    _record(session, "action.done", action, doer, {"kind": action.kind, "outcome": action.outcome})
    return True


def reopen_action(session: Session, *, action_id: int, doer: Doer) -> bool:
    """Open an action again; what was noted stays. False where it is open."""
    action = _locked(session, action_id)
    if action.done_at is None:
        return False
    action.done_at = action.done_by = action.outcome = None
    session.flush()
    _record(session, "action.reopen", action, doer, {})
    return True


def erase_actions(session: Session, *, contact_ids: Sequence[int], at: datetime) -> int:
    """Take away the words of what came from these people or asks them again, and the mails that told of it."""
    theirs = select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))
    named = or_(Action.respondent_id.in_(theirs), Action.contact_id.in_(contact_ids))
    ids = session.scalars(select(Action.id).where(named)).all()
    if ids:
        blank = {"title": REMOVED, "note": None, "reason": None, "blanked_at": at}
        session.execute(update(Action).where(Action.id.in_(ids)).values(blank))
        told = or_(*(Letter.key.startswith(notice_key(each, 0)[:-1], autoescape=True) for each in ids))
        session.execute(delete(Letter).where(Letter.kind == LetterKind.ACTION.value, told))
        reminded = or_(*(Letter.body.contains(reminder_line("", each), autoescape=True) for each in ids))
        reminders = update(Letter).where(Letter.kind == LetterKind.REMINDER.value, reminded)
        session.execute(reminders.values(body=f"{REMOVED}\n"))
    return len(ids)


def _tell_owner(session: Session, action: Action, doer: Doer) -> None:
    if action.owner_id == doer.user_id:
        return
    queue_letter(
        session,
        kind=LetterKind.ACTION,
        key=notice_key(action.id, action.owner_id),
        reader=Reader(user_id=action.owner_id),
        wording=_notice(session, action, doer),
        base_url=doer.base_url,
        at=doer.at,
        by=doer.user_id,
    )


def _notice(session: Session, action: Action, doer: Doer) -> Wording:
    account = session.get_one(Account, action.account_id).name
    owner, giver = (session.get_one(User, each) for each in (action.owner_id, doer.user_id))
    until = day(action.due_on)
    kind = "It was promised to the customer." if action.is_promised else "It is internal; the customer knows nothing."
    subject = f"For you until {until}: {action.title}"[:200]
    body = (
        f"Hello {owner.name or owner.email},\n\n"
        f"{giver.name or giver.email} gave you something to do for {account}:\n\n"
        f"{action.title}\n\n"
        f"Until {until}. {kind}\n\n"
        f"{doer.base_url}/actions/{action.id}"
    )
    return Wording(subject, body)


def _locked(session: Session, action_id: int) -> Action:
    wait_for_turn(session)
    found = session.get(Action, action_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing("There is no such action.", "action")
    return found


def _record(session: Session, name: str, action: Action, doer: Doer, fields: dict[str, Any]) -> None:
    record_event(session, actor_id=doer.user_id, action=name, object_type="action", object_id=action.id, fields=fields)
