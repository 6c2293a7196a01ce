"""Who gets a mail of a study: seen before it is sent, queued as a whole, nobody twice."""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, bindparam, update
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.database import insert_rows
from app.core.errors import Refusal
from app.studies.models import Invitation, Study
from app.studies.queries import study_named
from app.studies.queries.budget import Person, budget_of, people_to_mail
from app.studies.rules.budget import Budget, Held, held_back
from app.studies.rules.hours import next_working, zone_of
from app.studies.rules.links import Purpose, link_expiry
from app.studies.services.links import issue_tokens
from app.studies.services.open_links import issue_open_links
from app.surveys.queries.mails import is_free, mails_of, waits
from app.surveys.rules.invitations.reminders import held_from_reminder
from app.surveys.rules.invitations.sending import Kind, Unwanted
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

NONCE_BYTES = 16


@dataclass(frozen=True)
class Place:
    """Where this workspace is reached, by which secret its links are made, and whether mails go out at any hour."""

    base_url: str
    secret: str
    at_any_hour: bool = False


@dataclass(frozen=True)
class Addressee:
    """A person, when a mail would reach them, or why they get none."""

    person: Person
    due_at: datetime
    held: Held | None


@dataclass(frozen=True)
class Outlook:
    """Who would get a mail of one kind now, and who would not and why."""

    kind: Kind
    budget: Budget
    people: tuple[Addressee, ...]

    @property
    def reached(self) -> list[Addressee]:
        """Those who get it."""
        return [each for each in self.people if each.held is None]

    @property
    def held(self) -> list[tuple[Held, int]]:
        """How many are held back for each reason, in the order of the reasons; whom the kind is not about aside."""
        counted = Counter(each.held for each in self.people)
        return [(held, counted[held]) for held in Held if counted[held] and held not in NOT_ABOUT[self.kind]]


NOT_ABOUT = {
    Kind.INVITATION: frozenset({Held.ANSWERED, Held.INVITED}),
    Kind.REMINDER: frozenset({Held.ANSWERED, Held.NOT_INVITED}),
}
"""Whom nobody would think of mailing: they are counted elsewhere, and are not held back."""


@dataclass(frozen=True)
class Queued:
    """What queueing came to, and who was looked at."""

    mails: int
    links: int
    look: Outlook | None = None


def outlooks(
    session: Session, *, study: Study, at: datetime, place: Place, only: ColumnElement[bool] | None = None
) -> dict[Kind, Outlook]:
    """Who would be invited, and who of the silent reminded, now, over all studies and modes; nothing is stored.

    `only` is a condition on Respondent for those of them that are looked at. Of an anonymous study nobody is known to
    have answered, so that everybody who was invited counts as silent.
    """
    budget = budget_of(session)
    people = people_to_mail(session, study, budget=budget, at=at, only=only)
    held = {
        Kind.INVITATION: ((one, held_back(one.facts, budget)) for one in people),
        Kind.REMINDER: (
            (
                one,
                held_from_reminder(
                    one.facts, at=at, mails=one.mails, mailed_at=one.mailed_at, is_waiting=one.is_waiting
                ),
            )
            for one in people
        ),
    }
    return {kind: Outlook(kind, budget, _addressed(study, kind, each, at, place)) for kind, each in held.items()}


def queue_invitations(
    session: Session,
    *,
    study: Study,
    at: datetime,
    place: Place,
    actor_id: int | None = None,
    only: ColumnElement[bool] | None = None,
) -> Queued:
    """Queue the invitation of everybody who may be approached now, each with a link, for their working hours.

    Pressed twice, or by two people at once, nobody is queued twice: all queueing takes turns. A mail that was stopped
    or given up before is queued again as the same mail. Refused before the draw and after the study's end. `only` is a
    condition on Respondent for those who are looked at.
    """
    study = _locked(session, study)
    outlook = outlooks(session, study=study, at=at, place=place, only=only)[Kind.INVITATION]
    queued = _queue(session, study, outlook, at, place)
    _record_queued(session, study, outlook.kind, queued, actor_id)
    return queued


def queue_reminders(
    session: Session, *, study: Study, at: datetime, place: Place, actor_id: int | None = None
) -> Queued:
    """Queue a reminder for everybody who was invited, is silent, and had their last mail days ago.

    Refused as `queue_invitations` refuses.
    """
    study = _locked(session, study)
    outlook = outlooks(session, study=study, at=at, place=place)[Kind.REMINDER]
    queued = _queue(session, study, outlook, at, place)
    _record_queued(session, study, outlook.kind, queued, actor_id)
    return queued


def stop_mails(session: Session, *, study: Study, at: datetime, actor_id: int | None = None) -> int:
    """Stop the mails of a study that wait, and return how many; the one that is being sent this moment is sent."""
    stopped = session.scalars(
        update(Invitation)
        .where(Invitation.study_id == study.id, waits(), is_free(at))
        .values(cancelled_at=at, reason=Unwanted.STOPPED.value)
        .returning(Invitation.id)
    ).all()
    if stopped:
        _record(session, study, "mails.stop", actor_id, {"stopped": len(stopped)})
    return len(stopped)


def refusal_to_mail(study: Study) -> str | None:
    """Why nobody can be mailed about a study now; None where people can be."""
    if study.drawn_at is None:
        begun = "started" if "trigger" in study.plan else "drawn"
        return f"Study “{study.key}” has not been {begun} yet, so nobody can be invited."
    if study.closed_at is not None or today() > study.closes_on:
        return f"Study “{study.key}” is over: nobody is mailed about it any more."
    return None


def _locked(session: Session, study: Study) -> Study:
    """The study, with the turn to queue: the budget over all studies holds only if one queues at a time."""
    wait_for_turn(session)
    study = study_named(session, study.key, is_locked=True)
    if refusal := refusal_to_mail(study):
        raise Refusal(refusal, "study")
    return study


def _addressed(
    study: Study, kind: Kind, people: Iterable[tuple[Person, Held | None]], at: datetime, place: Place
) -> tuple[Addressee, ...]:
    opens_at = datetime.combine(study.opens_on, time(), UTC)
    ends_at = link_expiry(study.closes_on)
    found = []
    for person, held in people:
        zone = zone_of(person.timezone, person.country)
        due_at = next_working(max(at, opens_at), zone, at_any_hour=place.at_any_hour)
        found.append(Addressee(person, due_at, held or _comes_late(kind, person, due_at, ends_at)))
    return tuple(found)


def _comes_late(kind: Kind, person: Person, due_at: datetime, ends_at: datetime) -> Held | None:
    """Why a mail would come too late, if it would; who was invited in time may be reminded after the occasion."""
    if due_at >= ends_at:
        return Held.TOO_LATE
    is_over = kind is Kind.INVITATION and person.last_on is not None and due_at.date() > person.last_on
    return Held.OCCASION_OVER if is_over else None


def _queue(session: Session, study: Study, outlook: Outlook, at: datetime, place: Place) -> Queued:
    people, kind = outlook.reached, outlook.kind
    ids = [each.person.respondent_id for each in people]
    new_links = 0
    if not people:
        return Queued(0, 0, outlook)
    if study.is_anonymous:
        new_links = issue_open_links(session, study=study, secret=place.secret, base_url=place.base_url).new
    elif kind is Kind.INVITATION:
        _, new_links = issue_tokens(session, study=study, secret=place.secret, people=ids)
    issue_tokens(session, study=study, secret=place.secret, people=ids, purpose=Purpose.UNSUBSCRIBE)
    known = mails_of(session, study)
    again, new = [], []
    for each in people:
        number = each.person.mails if kind is Kind.REMINDER else 0
        mail = known.get((each.person.respondent_id, number))
        if mail is None:
            new.append(_row(study, each, number, at, place))
        else:
            again.append({"mail": mail, "due": each.due_at, "spoken": each.person.language})
    _revive(session, again)
    insert_rows(session, Invitation, new)
    return Queued(len(people), new_links, outlook)


def _row(study: Study, addressee: Addressee, number: int, at: datetime, place: Place) -> dict[str, object]:
    host = urlsplit(place.base_url).hostname or "localhost"
    return {
        "study_id": study.id,
        "respondent_id": addressee.person.respondent_id,
        "number": number,
        "message_id": f"<inv-{secrets.token_hex(NONCE_BYTES)}@{host}>",
        "language": addressee.person.language,
        "due_at": addressee.due_at,
        "created_at": at,
        "tries": 0,
    }


def _revive(session: Session, mails: list[dict[str, object]]) -> None:
    """Let mails that were stopped, given up or sent back wait again."""
    if mails:
        nothing = dict.fromkeys(("claimed_at", "sent_at", "failed_at", "cancelled_at", "bounced_at", "reason"))
        table = Invitation.__table__
        session.connection().execute(
            update(table)  # type: ignore[arg-type]  # A model's table is a Table.
            .where(table.c.id == bindparam("mail"))
            .values(due_at=bindparam("due"), language=bindparam("spoken"), tries=0, **nothing),
            mails,
        )


def _record_queued(session: Session, study: Study, kind: Kind, queued: Queued, actor_id: int | None) -> None:
    if queued.mails:
        _record(session, study, f"{kind}s.queue", actor_id, {"mails": queued.mails, "links": queued.links})


def _record(session: Session, study: Study, action: str, actor_id: int | None, fields: dict[str, int]) -> None:
    record_event(session, actor_id=actor_id, action=action, object_type="study", object_id=study.key, fields=fields)
