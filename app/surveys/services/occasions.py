"""One round of a study that starts by itself: who joins, who of them is invited, and who is held back and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.studies.models import Study
from app.studies.queries import study_named
from app.studies.queries.budget import budget_of
from app.studies.queries.triggers import is_anybody_waiting, open_occasions, waits_for_invitation
from app.studies.rules.budget import Budget, Held
from app.studies.services.triggers import join_accounts, trigger_of
from app.surveys.services.invitations import Addressee, Place, queue_invitations
from app.users.services.audit import wait_for_turn


@dataclass(frozen=True)
class Fared:
    """How one account with an occasion fared in a round: people there, mails queued, people held back by reason."""

    account_id: str
    name: str
    happened_on: date
    due_on: date
    last_on: date
    has_joined_now: bool
    people: int
    invited: int
    held: Counter[Held]


@dataclass(frozen=True)
class Round:
    """What a round came to; `fared` tells of accounts that joined now, or where somebody was looked at."""

    accounts: int
    respondents: int
    mails: int
    budget: Budget
    fared: Sequence[Fared]

    @property
    def held(self) -> list[tuple[Held, int]]:
        """How many people are held back for each reason, in the order of the reasons."""
        counted = sum((each.held for each in self.fared), Counter[Held]())
        return [(held, counted[held]) for held in Held if counted[held]]


def run_round(session: Session, *, study: Study, at: datetime, place: Place, actor_id: int | None = None) -> Round:
    """Let the accounts join whose occasion is due, and invite the people there who may be approached now.

    Who is held back, by the budget or else, is looked at again in each round until the occasion is over. Rounds take
    turns: run twice, or two at once, nobody joins or is mailed twice. Refused where the study has no trigger, was not
    started, is not open yet, or is over.
    """
    # The turn comes before the study's lock, as wherever people are queued: else two could wait for each other.
    wait_for_turn(session)
    study = study_named(session, study.key, is_locked=True)
    trigger_of(study)
    if refusal := refusal_to_look(study, at.date()):
        raise Refusal(refusal, "study")
    on = at.date()
    joined = join_accounts(session, study=study, on=on, actor_id=actor_id)
    study.triggered_at = at
    session.flush()
    look: Sequence[Addressee] = ()
    mails = 0
    if is_anybody_waiting(session, study, on):
        queued = queue_invitations(
            session, study=study, at=at, place=place, actor_id=actor_id, only=waits_for_invitation(study, on)
        )
        mails, look = queued.mails, queued.look.people if queued.look else ()
    new = {each.candidate.member.account_id for each in joined.accounts}
    return Round(len(new), joined.respondents, mails, budget_of(session), _fared(session, study, on, new, look))


def refusal_to_look(study: Study, on: date) -> str | None:
    """Why no account can join a study with a trigger on a day; None where some can."""
    if study.drawn_at is None:
        return f"Study “{study.key}” has not been started yet. Run: flask study draw {study.key}"
    if study.closed_at is not None or on > study.closes_on:
        return f"Study “{study.key}” is over: no account joins any more."
    if on < study.opens_on:
        return f"Study “{study.key}” opens on {study.opens_on}: no account joins before."
    return None


def _fared(session: Session, study: Study, on: date, new: set[str], look: Sequence[Addressee]) -> list[Fared]:
    seen = new | {each.person.account_id for each in look}
    if not seen:
        return []
    invited = Counter(each.person.account_id for each in look if each.held is None)
    held: dict[str, Counter[Held]] = {account_id: Counter() for account_id in seen}
    for each in look:
        if each.held is not None:
            held[each.person.account_id][each.held] += 1
    return [
        Fared(
            account_id=row.crm_id,
            name=row.name,
            happened_on=row.happened_on,
            due_on=row.due_on,
            last_on=row.last_on,
            has_joined_now=row.crm_id in new,
            people=row.people,
            invited=invited[row.crm_id],
            held=held[row.crm_id],
        )
        for row in open_occasions(session, study, on)
        if row.crm_id in seen
    ]
