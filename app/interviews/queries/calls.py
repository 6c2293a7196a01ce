"""Reads for the day of an interviewer: whom they still have to reach, whom they meet, and what closes soon."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account, Contact
from app.interviews.models import Appointment, Interview
from app.interviews.queries.planning import is_agreed
from app.interviews.queries.scope import own_interviews
from app.interviews.rules.next_call import ToCall, held_from_call
from app.responses.models import Response
from app.studies.models import CallAttempt, Respondent, Study
from app.studies.queries.budget import budget_of, people_to_mail
from app.studies.queries.calls import has_call
from app.studies.rules.attempts import CALL_OUTCOMES, FINAL, CallOutcome
from app.studies.rules.budget import Consent
from app.studies.rules.hours import zone_of
from app.studies.rules.plan import Mode
from app.users.rules import Scope

MOST_LISTED = 500
_SPOKEN = [outcome.key.value for outcome in CALL_OUTCOMES.values() if outcome.is_contact]


@dataclass(frozen=True)
class Callee:
    """Somebody to call, with what a list shows of them."""

    to_call: ToCall
    contact: str
    role: str
    account: str
    study: str
    phone: str | None
    last: CallOutcome | None


def people_to_call(session: Session, *, scope: Scope, at: datetime) -> list[Callee]:
    """Return those whom the caller holds interviews with and still has to reach, without who is held back.

    Left out are the submitted, the refused, whom a final outcome ended, whom an appointment is agreed with, and whom
    the contact budget holds back. Somebody whom two interviewers are to talk to is listed for one of them alone, whose
    study closes first.
    """
    rows = session.execute(_open_interviews(scope, at)).all()
    held = _held(session, rows, at)
    return [_callee(row) for row in rows if row.respondent_id not in held]


def meetings_between(session: Session, *, scope: Scope, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Return the caller's appointments that begin in a span of time, in order."""
    rows = session.execute(
        select(
            Appointment,
            Interview.id.label("interview_id"),
            Interview.started_at,
            Contact.name.label("contact"),
            Contact.phone,
            Respondent.role,
            Account.name.label("account"),
            Study.name.label("study"),
            Response.submitted_at,
        )
        .join(Interview, Interview.id == Appointment.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(own_interviews(scope), is_agreed(), Appointment.starts_at >= since, Appointment.starts_at < until)
        .order_by(Appointment.starts_at, Interview.id)
        .limit(MOST_LISTED)
    ).all()
    return cast("Sequence[Row[Any]]", rows)


def holds_interviews(session: Session, *, scope: Scope) -> bool:
    """Tell whether the caller leads an interview or takes notes in one."""
    return session.scalar(select(Interview.id).where(own_interviews(scope)).limit(1)) is not None


def closing_studies(session: Session, *, scope: Scope, on: date, until: date) -> Sequence[Row[Any]]:
    """Return (study, closes_on, interviews) with open interviews of the caller whose fieldwork ends by a day."""
    rows = session.execute(
        select(Study.name.label("study"), Study.closes_on, func.count().label("interviews"))
        .select_from(Interview)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(
            own_interviews(scope),
            Response.submitted_at.is_(None),
            Study.closed_at.is_(None),
            Study.closes_on.between(on, until),
            ~has_call(FINAL),
        )
        .group_by(Study.id)
        .order_by(Study.closes_on, Study.id)
    ).all()
    return cast("Sequence[Row[Any]]", rows)


def _open_interviews(scope: Scope, at: datetime) -> Any:
    last, calls = _last_call(), _calls()
    return (
        select(
            Interview.id,
            Interview.started_at,
            Respondent.id.label("respondent_id"),
            Respondent.role,
            Contact.name.label("contact"),
            Contact.phone,
            Contact.timezone,
            Account.country,
            Account.name.label("account"),
            Study,
            func.coalesce(calls.c.attempts, 0).label("attempts"),
            func.coalesce(calls.c.spoken, 0).label("spoken"),
            last.c.outcome,
            last.c.next_call_at,
        )
        .select_from(Interview)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(calls, calls.c.respondent_id == Respondent.id)
        .outerjoin(last, last.c.respondent_id == Respondent.id)
        .where(
            own_interviews(scope),
            Response.submitted_at.is_(None),
            _is_running(Study, at.date()),
            Contact.consent != Consent.NO.value,
            ~has_call(FINAL),
            ~_meets(at),
            ~_is_anothers(at.date()),
        )
        .order_by(Interview.id)
    )


def _calls() -> Any:
    return (
        select(
            CallAttempt.respondent_id,
            func.count().label("attempts"),
            func.count().filter(CallAttempt.outcome.in_(_SPOKEN)).label("spoken"),
        )
        .where(CallAttempt.superseded_at.is_(None))
        .group_by(CallAttempt.respondent_id)
        .subquery()
    )


def _last_call() -> Any:
    order = (CallAttempt.attempted_at.desc(), CallAttempt.id.desc())
    place = func.row_number().over(partition_by=CallAttempt.respondent_id, order_by=order).label("place")
    ranked = (
        select(CallAttempt.respondent_id, CallAttempt.outcome, CallAttempt.next_call_at, place)
        .where(CallAttempt.superseded_at.is_(None))
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()


def _is_running(study: Any, on: date) -> ColumnElement[bool]:
    return and_(study.closed_at.is_(None), study.opens_on <= on, study.closes_on >= on)


def _meets(at: datetime) -> ColumnElement[bool]:
    return exists().where(Appointment.interview_id == Interview.id, is_agreed(), Appointment.starts_at > at)


def _is_anothers(on: date) -> ColumnElement[bool]:
    """Whether somebody else is to talk to the same person first: in a study that closes earlier, else assigned before.

    Two who press the button at the same moment are never sent to one person.
    """
    interview, respondent = aliased(Interview), aliased(Respondent)
    study, response = aliased(Study), aliased(Response)
    is_earlier = or_(
        study.closes_on < Study.closes_on,
        and_(study.closes_on == Study.closes_on, interview.id < Interview.id),
    )
    return (
        select(interview.id)
        .join(respondent, respondent.id == interview.respondent_id)
        .join(study, study.id == respondent.study_id)
        .outerjoin(response, response.respondent_id == respondent.id)
        .where(
            respondent.contact_id == Respondent.contact_id,
            interview.interviewer_id != Interview.interviewer_id,
            response.submitted_at.is_(None),
            _is_running(study, on),
            is_earlier,
            ~has_call(FINAL, respondent),
        )
        .correlate(Interview, Respondent, Study)
        .exists()
    )


def _held(session: Session, rows: Sequence[Row[Any]], at: datetime) -> set[int]:
    """Return the respondents whom the contact budget or the study itself holds back: a read for each study."""
    by_study: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_study[row.Study.id].append(row)
    budget, held = budget_of(session), set()
    for own in by_study.values():
        spoken = {row.respondent_id: bool(row.spoken or row.started_at) for row in own}
        only = Respondent.id.in_(spoken)
        people = people_to_mail(session, own[0].Study, budget=budget, at=at, only=only, mode=Mode.INTERVIEW)
        held |= {
            person.respondent_id
            for person in people
            if held_from_call(person.facts, budget, is_spoken_to=spoken[person.respondent_id])
        }
    return held


def _callee(row: Row[Any]) -> Callee:
    last = CallOutcome(row.outcome) if row.outcome else None
    return Callee(
        to_call=ToCall(
            interview_id=row.id,
            zone=zone_of(row.timezone, row.country),
            closes_on=row.Study.closes_on,
            attempts=row.attempts,
            next_at=row.next_call_at,
            is_promised=last is CallOutcome.CALL_BACK,
        ),
        contact=row.contact,
        role=row.role,
        account=row.account,
        study=row.Study.name,
        phone=row.phone,
        last=last,
    )
