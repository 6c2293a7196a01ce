"""Who interviews whom: assigned by hand or shared out, and taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.core.errors import Refusal
from app.interviews.models import Appointment, AppointmentMail, Interview, NoteTaker
from app.interviews.queries.assignment import assignable, interviewers, open_load
from app.interviews.rules.sharing import Relation, ToShare, relation_of, shared_out
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


def withdraw_interviews(session: Session, *, contact_ids: Sequence[int]) -> int:
    """Take back the interviews with these people that nobody has begun, and return how many there were.

    Their appointments go with them.
    """
    theirs = sa.select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))
    is_unbegun = (Interview.respondent_id.in_(theirs), Interview.started_at.is_(None))
    planned = sa.select(Appointment.id).where(Appointment.interview_id.in_(sa.select(Interview.id).where(*is_unbegun)))
    session.execute(sa.delete(AppointmentMail).where(AppointmentMail.appointment_id.in_(planned)))
    session.execute(sa.delete(Appointment).where(Appointment.id.in_(planned)))
    return len(session.scalars(sa.delete(Interview).where(*is_unbegun).returning(Interview.id)).all())


def _assign(
    session: Session,
    study: Study,
    choices: Mapping[int, int],
    known: Mapping[int, int | None],
    *,
    at: datetime,
    by: int,
) -> Assigned:
    own = {row.respondent_id: row.own_id for row in assignable(session, study, list(choices))}
    new = [person for person in choices if known[person] is None]
    moved = [person for person in choices if known[person] not in {None, choices[person]}]
    insert_rows(
        session,
        Interview,
        [
            {
                "respondent_id": person,
                "interviewer_id": choices[person],
                "assigned_at": at,
                "relation": relation_of(choices[person], own.get(person)).value,
            }
            for person in new
        ],
    )
    for (interviewer, relation), people in _by_interviewer(moved, choices, own).items():
        for start in range(0, len(people), _PORTION):
            same = Interview.respondent_id.in_(people[start : start + _PORTION])
            given = {"interviewer_id": interviewer, "assigned_at": at, "relation": relation.value}
            session.execute(sa.update(Interview).where(same).values(given))
            # Who takes notes and now leads does not do both.
            theirs = NoteTaker.interview_id.in_(sa.select(Interview.id).where(same))
            session.execute(sa.delete(NoteTaker).where(NoteTaker.user_id == interviewer, theirs))
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


def _by_interviewer(
    people: Sequence[int], choices: Mapping[int, int], own: Mapping[int, int | None]
) -> dict[tuple[int, Relation], list[int]]:
    grouped: dict[tuple[int, Relation], list[int]] = {}
    for person in people:
        relation = relation_of(choices[person], own.get(person))
        grouped.setdefault((choices[person], relation), []).append(person)
    return grouped


def _refuse_strangers(session: Session, user_ids: Any) -> None:
    if not set(user_ids) <= interviewers(session).keys():
        raise Refusal("Only active people with the role csm can interview; choose one of the list.", "interviewers")
