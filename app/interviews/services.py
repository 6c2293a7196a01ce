"""What is done with interviews: assigned, held question by question, submitted, reopened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.core.errors import Missing, Refusal
from app.interviews.models import Interview
from app.interviews.queries.assignment import assignable, interviewers, open_load
from app.interviews.queries.talks import Line, Talk
from app.interviews.rules.items import plain_text
from app.interviews.rules.period import refusal_to_ask, refusal_to_count
from app.interviews.rules.sharing import ToShare, shared_out
from app.responses.rules import Item, ItemContent
from app.responses.services import Door, open_response, reopen_response, save_item, submit_response
from app.studies.models import Respondent, Study
from app.studies.queries import study_named
from app.users.services.audit import record_event

_PORTION = 500


@dataclass(frozen=True)
class Assigned:
    """How many people got an interviewer for the first time, how many another one, and how many still have none."""

    new: int
    moved: int
    left: int = 0


def assign_interviews(session: Session, *, study: Study, choices: Mapping[int, int], at: datetime, by: int) -> Assigned:
    """Give each person (respondent id) their interviewer (user id); what was written down before stays with the person.

    Refused as a whole where somebody cannot interview, or may not or can no longer be assigned.
    """
    study_named(session, study.key, is_locked=True)
    _refuse_strangers(session, choices.values())
    known = {row.respondent_id: row.interviewer_id for row in assignable(session, study)}
    if not choices.keys() <= known.keys():
        raise Refusal("Somebody on the list was interviewed meanwhile, or may not be asked; reload the list.", "people")
    return _assign(session, study, choices, known, at=at, by=by)


def share_interviews(
    session: Session,
    *,
    study: Study,
    interviewer_ids: Collection[int],
    to_own: bool = False,
    at: datetime,
    by: int,
) -> Assigned:
    """Share out those whom nobody interviews yet over the chosen interviewers, evenly, whole accounts at a time.

    `to_own` gives each account to its own csm first. Refused without anybody to share out to.
    """
    study_named(session, study.key, is_locked=True)
    _refuse_strangers(session, interviewer_ids)
    if not interviewer_ids and not to_own:
        raise Refusal("Choose at least one interviewer to share the people out to.", "interviewers")
    people = assignable(session, study)
    open_people = [
        ToShare(row.respondent_id, row.account_id, row.own_id) for row in people if row.interviewer_id is None
    ]
    choices = shared_out(
        open_people,
        interviewers=sorted(interviewer_ids),
        load=open_load(session),
        known={row.account_id: row.interviewer_id for row in people if row.interviewer_id is not None},
        to_own=to_own,
    )
    if open_people and not choices:
        raise Refusal("None of these accounts has a csm with a login; choose interviewers as well.", "interviewers")
    assigned = _assign(session, study, choices, dict.fromkeys(choices), at=at, by=by)
    return Assigned(assigned.new, assigned.moved, len(open_people) - len(choices))


def save_answer(session: Session, *, line: Line, revision: int, content: ItemContent, at: datetime, by: int) -> Item:
    """Store what stands at one question of an interview; the first save begins it.

    Refused outside the fieldwork period; Conflict where the question was saved elsewhere since `revision`; Locked once
    submitted. The rows of the answers say who wrote what when, so a save adds no line to the audit log.
    """
    if line.question_id is None:
        raise Missing("This interview has no such question.", "question")
    _refuse(refusal_to_ask(opens_on=line.opens_on, closes_on=line.closes_on, closed_at=line.closed_at, today=at.date()))
    response_id = line.response_id
    if response_id is None:
        door = Door(line.study_id, line.respondent_id, line.version_id, mode="interview", source="interview")
        response_id = open_response(session, door=door, at=at).id
    item = save_item(
        session,
        response_id=response_id,
        question_id=line.question_id,
        revision=revision,
        content=content,
        at=at,
        by=by,
    )
    if line.started_at is None:
        session.execute(sa.update(Interview).where(Interview.id == line.id).values(started_at=at))
        record_event(session, actor_id=by, action="interview.begin", object_type="interview", object_id=line.id)
    return item


def submit_interview(session: Session, *, talk: Talk, at: datetime, by: int) -> bool:
    """Submit and lock an interview; False where it was submitted already. Refused once the fieldwork was closed.

    What was heard inside the period may be submitted after its last day.
    """
    _refuse(refusal_to_count(talk.closed_at))
    if talk.response_id is None:
        raise Refusal("Nothing has been answered yet; an interview without an answer cannot be submitted.", "response")
    submitted = submit_response(session, response_id=talk.response_id, at=at, by=by)
    if submitted.is_replay:
        return False
    record_event(
        session,
        actor_id=by,
        action="interview.submit",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key, "answers": submitted.changed},
    )
    return True


def reopen_interview(session: Session, *, talk: Talk, reason: str, at: datetime, by: int) -> None:
    """Open a submitted interview again, with a reason; both versions stay.

    Refused outside the fieldwork period: nothing could be changed, and what was submitted would no longer count.
    """
    plain = plain_text(reason, "reason") or ""
    _refuse(refusal_to_ask(opens_on=talk.opens_on, closes_on=talk.closes_on, closed_at=talk.closed_at, today=at.date()))
    if talk.response_id is None:
        raise Refusal("This interview is open already.", "response")
    reopen_response(session, response_id=talk.response_id, reason=plain, at=at, by=by)
    record_event(
        session,
        actor_id=by,
        action="interview.reopen",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key},
    )


def withdraw_interviews(session: Session, *, contact_ids: Sequence[int]) -> int:
    """Take back the interviews with these people that nobody has begun, and return how many there were."""
    theirs = sa.select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))
    unbegun = sa.delete(Interview).where(Interview.respondent_id.in_(theirs), Interview.started_at.is_(None))
    return len(session.scalars(unbegun.returning(Interview.id)).all())


def _assign(
    session: Session,
    study: Study,
    choices: Mapping[int, int],
    known: Mapping[int, int | None],
    *,
    at: datetime,
    by: int,
) -> Assigned:
    new = [person for person in choices if known[person] is None]
    moved = [person for person in choices if known[person] not in {None, choices[person]}]
    insert_rows(
        session,
        Interview,
        [{"respondent_id": person, "interviewer_id": choices[person], "assigned_at": at} for person in new],
    )
    for interviewer, people in _by_interviewer(moved, choices).items():
        for start in range(0, len(people), _PORTION):
            same = Interview.respondent_id.in_(people[start : start + _PORTION])
            session.execute(sa.update(Interview).where(same).values(interviewer_id=interviewer, assigned_at=at))
    if new or moved:
        record_event(
            session,
            actor_id=by,
            action="interview.assign",
            object_type="study",
            object_id=study.key,
            fields={
                "assigned": len(new),
                "moved": len(moved),
                "interviewers": sorted({choices[p] for p in new + moved}),
            },
        )
    return Assigned(len(new), len(moved))


def _by_interviewer(people: Sequence[int], choices: Mapping[int, int]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for person in people:
        grouped.setdefault(choices[person], []).append(person)
    return grouped


def _refuse_strangers(session: Session, user_ids: Any) -> None:
    if not set(user_ids) <= interviewers(session).keys():
        raise Refusal("Only active people with the role csm can interview; choose one of the list.", "interviewers")


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise Refusal(sentence, "period")
