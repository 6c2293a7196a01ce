"""A run of a playbook: it looks, raises what is new with the figures of the moment, and tells each owner once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.display import count, day
from app.core.words import capital, counted
from app.playbooks.models import Playbook, PlaybookAction
from app.playbooks.queries import playbook_of
from app.playbooks.queries.looking import CaughtAccount, caught_accounts, look
from app.playbooks.rules.catching import MOST_RAISED, Caught, evidence_for
from app.playbooks.rules.definition import definition_of
from app.studies.rules.letters import LONGEST_SUBJECT, LetterKind, Wording
from app.studies.services.letters import Reader, queue_letter
from app.users.models import User
from app.users.queries import scope_of
from app.users.services.audit import record_event, wait_for_turn

MOST_TOLD = 20


@dataclass(frozen=True)
class Raised:
    """What a run came to: how many accounts were caught, and how many actions were raised for them."""

    caught: int
    actions: int


def run_playbook(session: Session, *, playbook_id: int, at: datetime, base_url: str) -> Raised:
    """Look as who switched it on, and raise an action for each account that is new; running it twice raises none twice.

    One that is off, or whose person is shut out, raises nothing; of the latter `matched` is null.
    """
    # Writers of the audit log take turns, so that two runs at once find what the other raised.
    wait_for_turn(session)
    playbook = playbook_of(session, playbook_id, is_locked=True)
    person = session.get_one(User, playbook.runs_as)
    playbook.ran_at, playbook.matched = at, None
    if not playbook.is_on or not person.active:
        session.flush()
        return Raised(0, 0)
    definition = definition_of(playbook.name, playbook.definition)
    found = look(session, definition=definition, scope=scope_of(person), at=at, playbook_id=playbook.id)
    playbook.matched = len(found.caught)
    free = {each.account_id: each for each in found.free}
    accounts = caught_accounts(session, list(free))[:MOST_RAISED]
    actions = _raise(session, playbook, accounts, free, at)
    _tell(session, playbook, actions, accounts, at=at, base_url=base_url)
    if actions:
        record_event(
            session,
            actor_id=None,
            action="playbook.raised",
            object_type="playbook",
            object_id=playbook.id,
            fields={"caught": playbook.matched, "raised": len(actions)},
        )
    return Raised(playbook.matched, len(actions))


def _raise(
    session: Session,
    playbook: Playbook,
    accounts: Sequence[CaughtAccount],
    free: Mapping[int, Caught],
    at: datetime,
) -> list[Action]:
    definition = definition_of(playbook.name, playbook.definition)
    due_on = at.date() + timedelta(days=definition.due_days)
    actions = [
        Action(
            account_id=account.id,
            owner_id=account.owner_id or playbook.runs_as,
            kind=definition.kind.value,
            title=definition.title,
            reason=f"{definition.sentence}.",
            evidence=evidence_for(definition, free[account.id], at.date()).document,
            due_on=due_on,
            is_promised=False,
            created_at=at,
            created_by=playbook.runs_as,
        )
        for account in accounts
    ]
    session.add_all(actions)
    session.flush()
    session.add_all(
        PlaybookAction(action_id=each.id, playbook_id=playbook.id, account_id=each.account_id, raised_at=at)
        for each in actions
    )
    session.flush()
    return actions


def _tell(
    session: Session,
    playbook: Playbook,
    actions: Sequence[Action],
    accounts: Sequence[CaughtAccount],
    *,
    at: datetime,
    base_url: str,
) -> None:
    """One mail for each owner and run, whatever their number of accounts."""
    names = {account.id: account.name for account in accounts}
    own: dict[int, list[Action]] = defaultdict(list)
    for each in actions:
        own[each.owner_id].append(each)
    for owner_id, theirs in own.items():
        queue_letter(
            session,
            kind=LetterKind.ACTION,
            key=f"playbook-{playbook.id}-{owner_id}-{at:%Y%m%d%H%M%S%f}",
            reader=Reader(user_id=owner_id),
            wording=_wording(playbook.name, theirs, names, base_url),
            base_url=base_url,
            at=at,
            by=None,
        )


def _wording(name: str, actions: Sequence[Action], names: Mapping[int, str], base_url: str) -> Wording:
    first = actions[0]
    lines = [f"{names[each.account_id]}: {base_url}/actions/{each.id}" for each in actions[:MOST_TOLD]]
    left = len(actions) - MOST_TOLD
    lines += [f"and {count(left)} more: {base_url}/actions"] if left > 0 else []
    subject = capital(f"{counted(len(actions), 'account')} for you: {first.title}")[:LONGEST_SUBJECT]
    head = f"The playbook “{name}” raised the {first.kind} “{first.title}”, until {day(first.due_on)}, for:"
    body = "\n\n".join([head, "\n".join(lines), "Each says on which figures."])
    return Wording(subject, body)
