"""Whom an interviewer is led to: never the refused, the met, the held back, or somebody whom another calls."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.interviews.models import Interview
from app.interviews.queries.calls import people_to_call
from app.interviews.queries.talks import talk_in_scope
from app.interviews.rules.calling import Call
from app.interviews.services import assign_interviews
from app.interviews.services.attempts import record_attempt, undo_attempt
from app.studies.models import CallAttempt, Invitation, Link, Respondent, SampledAccount, Study
from app.studies.rules.attempts import CALL_OUTCOMES, CallOutcome, Channel
from app.users.models import User
from app.users.policy import scope_of
from tests.interviews.planned import add_reachable, contact_of
from tests.interviews.talks import ANNA, World, add_interview_study
from tests.users.people import CSM


@pytest.fixture
def world(session: Session) -> World:
    return add_reachable(session)


def callees(session: Session, world: World, email: str = ANNA) -> list[str]:
    """Return the names of those whom somebody is led to."""
    session.flush()
    scope = scope_of(session.get_one(User, world.people[email]))
    return sorted(one.contact for one in people_to_call(session, scope=scope, at=now()))


def enter(session: Session, world: World, outcome: CallOutcome, note: str | None = None) -> CallAttempt:
    scope = scope_of(session.get_one(User, world.people[ANNA]))
    talk = talk_in_scope(session, scope=scope, interview_id=world.interviews["nora"])
    call = Call(CALL_OUTCOMES[outcome], Channel.PHONE, note, now(), None)
    return record_attempt(session, talk=talk, call=call, at=now(), by=world.people[ANNA])


def second_study(session: Session, world: World, *, closes_in: int, email: str) -> Interview:
    """Draw Nora into another study, in which somebody else is to talk to her."""
    study = add_interview_study(session, owner=None, key="second")
    study.closes_on = now().date() + timedelta(days=closes_in)
    nora = session.get_one(Respondent, world.respondents["nora"])
    session.add(
        SampledAccount(
            study_id=study.id, account_id=nora.account_id, stratum="all", stratum_size=9, weight=1.0, mode="interview"
        )
    )
    twin = Respondent(
        study_id=study.id, account_id=nora.account_id, contact_id=nora.contact_id, role="champion", mode="interview"
    )
    session.add(twin)
    session.flush()
    interview = Interview(respondent_id=twin.id, interviewer_id=world.people[email])
    session.add(interview)
    session.flush()
    return interview


def test_own_interviews_alone(session: Session, world: World) -> None:
    assert callees(session, world) == ["Nora"]
    assert callees(session, world, CSM) == ["Pia"]


@pytest.mark.parametrize("closes_in", [3, 12])
def test_two_interviewers_are_never_led_to_one_person(session: Session, world: World, closes_in: int) -> None:
    second_study(session, world, closes_in=closes_in, email=CSM)
    anna, carl = callees(session, world), callees(session, world, CSM)
    assert ("Nora" in anna, "Nora" in carl) == ((False, True) if closes_in == 3 else (True, False))


def test_who_was_spoken_to_elsewhere_is_left_alone(session: Session, world: World) -> None:
    twin = second_study(session, world, closes_in=12, email=ANNA)
    session.add(
        CallAttempt(
            respondent_id=twin.respondent_id, outcome="not_now", channel="phone", attempted_at=now() - timedelta(days=1)
        )
    )
    session.flush()
    scope = scope_of(session.get_one(User, world.people[ANNA]))
    found = [one.to_call.interview_id for one in people_to_call(session, scope=scope, at=now())]
    assert found == [twin.id], "the conversation that began goes on, the other one waits"


@pytest.mark.parametrize("outcome", [CallOutcome.REFUSED, CallOutcome.LEFT_COMPANY, CallOutcome.HELD])
def test_final_outcomes_leave_the_queue_until_taken_back(session: Session, world: World, outcome: CallOutcome) -> None:
    attempt = enter(session, world, outcome)
    assert callees(session, world) == []
    scope = scope_of(session.get_one(User, world.people[ANNA]))
    talk = talk_in_scope(session, scope=scope, interview_id=world.interviews["nora"])
    undo_attempt(session, talk=talk, attempt_id=attempt.id, reason="a slip", at=now(), by=world.people[ANNA])
    assert callees(session, world) == ["Nora"]
    kept = session.get_one(CallAttempt, attempt.id)
    assert (kept.outcome, kept.undo_reason) == (outcome.value, "a slip")


@pytest.mark.parametrize(("outcome", "is_everywhere"), [(CallOutcome.REFUSED, False), (CallOutcome.DIED, True)])
def test_a_no_stops_mails_and_links(
    session: Session, world: World, outcome: CallOutcome, *, is_everywhere: bool
) -> None:
    twin = second_study(session, world, closes_in=12, email=CSM)
    for respondent_id in (world.respondents["nora"], twin.respondent_id):
        study_id = session.get_one(Respondent, respondent_id).study_id
        session.add(
            Invitation(
                study_id=study_id, respondent_id=respondent_id, number=0, message_id=f"<{respondent_id}>", due_at=now()
            )
        )
        for purpose in ("survey", "unsubscribe"):
            session.add(
                Link(
                    respondent_id=respondent_id,
                    purpose=purpose,
                    nonce="n",
                    token_sha256=f"{purpose}{respondent_id}",
                    expires_at=now(),
                )
            )
    session.flush()
    enter(session, world, outcome, "so it was said")
    session.expire_all()
    stopped = [mail.cancelled_at is not None for mail in session.scalars(sa.select(Invitation).order_by(Invitation.id))]
    ended = {link.purpose: link.revoked_at for link in session.scalars(sa.select(Link).order_by(Link.id))}
    assert stopped == [True, is_everywhere]
    assert (ended["survey"] is not None) == is_everywhere
    assert ended["unsubscribe"] is None
    assert (contact_of(session, world.respondents["nora"]).consent == "no") == is_everywhere


def test_what_the_interviewer_is_to_the_account_is_noted(session: Session, world: World) -> None:
    study = session.get_one(Study, world.study)
    choices = {world.respondents["omar"]: world.people[CSM], world.respondents["nora"]: world.people[CSM]}
    assign_interviews(session, study=study, choices=choices, at=now(), by=world.people[CSM])
    choices = {world.respondents["omar"]: world.people[ANNA]}
    assign_interviews(session, study=study, choices=choices, at=now(), by=world.people[CSM])
    session.expire_all()
    relations = {row.respondent_id: row.relation for row in session.scalars(sa.select(Interview))}
    assert relations[world.respondents["nora"]] == "own_csm"
    assert relations[world.respondents["omar"]] == "neutral"
