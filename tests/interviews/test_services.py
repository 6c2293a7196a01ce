"""Interviews assigned, held, submitted and reopened, on a real database, and by two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.models import Interview
from app.interviews.queries.history import versions_of
from app.interviews.queries.talks import Line, Talk, line_in_scope, submissions_of, talk_in_scope
from app.interviews.services import (
    assign_interviews,
    reopen_interview,
    save_answer,
    share_interviews,
    submit_interview,
)
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer, Remark, Response, ResponseChange
from app.responses.queries import standing_items
from app.responses.rules import ItemContent, Place
from app.responses.services import Conflict, Locked
from app.studies.models import Study
from app.users.models import AuditEvent, User
from app.users.policy import scope_of
from app.users.queries import user_by_email
from app.users.rules import Scope
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.users.people import ADMIN, CSM, LEADER, changing

NINE, THREE = ItemContent(ParsedAnswer(9.0, None)), ItemContent(ParsedAnswer(3.0, None), note="hm")


def scope_for(session: Session, email: str) -> Scope:
    person = user_by_email(session, email)
    assert person is not None
    return scope_of(person)


def line(session: Session, world: World, question: str = "recommend", email: str = ANNA, name: str = "nora") -> Line:
    return line_in_scope(
        session, scope=scope_for(session, email), interview_id=world.interviews[name], question_key=question
    )


def talk(session: Session, world: World, email: str = ANNA, name: str = "nora") -> Talk:
    return talk_in_scope(session, scope=scope_for(session, email), interview_id=world.interviews[name])


def say(session: Session, world: World, content: ItemContent, *, revision: int = 0, question: str = "recommend") -> int:
    saved = save_answer(
        session,
        line=line(session, world, question),
        revision=revision,
        content=content,
        at=now(),
        by=world.people[ANNA],
    )
    return saved.revision


def submit(session: Session, world: World, at: datetime | None = None) -> bool:
    return submit_interview(session, talk=talk(session, world), at=at or now(), by=world.people[ANNA])


def reopen(session: Session, world: World, reason: str = "A wrong figure") -> None:
    reopen_interview(session, talk=talk(session, world, LEADER), reason=reason, at=now(), by=world.people[LEADER])


def count(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def actions(session: Session) -> list[str]:
    own = AuditEvent.action.startswith("interview.")
    return list(session.scalars(sa.select(AuditEvent.action).where(own).order_by(AuditEvent.id)))


@pytest.fixture
def world(fill: Fill) -> World:
    """Alice's study with Anna's and Carl's interviews."""
    found: World = fill(add_world)
    return found


@pytest.fixture
def study(session: Session, world: World) -> Study:
    """Alice's study."""
    return session.get_one(Study, world.study)


def test_the_first_save_begins_and_opens_the_response(session: Session, world: World) -> None:
    assert say(session, world, NINE) == 1
    response = session.scalars(sa.select(Response)).one()
    assert (response.mode, response.source, response.submitted_at) == ("interview", "interview", None)
    assert session.get_one(Interview, world.interviews["nora"]).started_at is not None
    assert say(session, world, NINE, revision=0) == 1, "the same again is the same save"
    assert actions(session) == ["interview.begin"]
    assert session.scalars(sa.select(Answer.recorded_by)).one() == world.people[ANNA]


def test_a_stale_revision_is_a_conflict_with_what_stands_there(session: Session, world: World) -> None:
    say(session, world, NINE)
    with pytest.raises(Conflict) as caught:
        say(session, world, THREE, revision=0)
    assert caught.value.current.content == NINE
    assert say(session, world, THREE, revision=1) == 2


@pytest.mark.parametrize("question", ["none_such", "goals"])
def test_a_question_of_another_questionnaire_is_missing(session: Session, world: World, question: str) -> None:
    with pytest.raises(Missing):
        say(session, world, NINE, question=question)


@pytest.mark.parametrize(
    ("opens", "closes", "words"), [(1, 9, "opens on"), (-9, -1, "ended on")], ids=["before", "after"]
)
def test_nothing_is_stored_outside_the_period(
    session: Session, world: World, opens: int, closes: int, words: str
) -> None:
    study = session.get_one(Study, world.study)
    study.opens_on, study.closes_on = (now().date() + timedelta(days=days) for days in (opens, closes))
    session.flush()
    with pytest.raises(Refusal, match=words):
        say(session, world, NINE)
    assert count(session, Response) == 0


def test_what_was_heard_in_time_may_be_submitted_later_until_the_fieldwork_is_closed(
    session: Session, world: World, study: Study
) -> None:
    say(session, world, NINE)
    study.closes_on = now().date() - timedelta(days=1)
    study.closed_at = now()
    session.flush()
    with pytest.raises(Refusal, match="closed"):
        submit(session, world)
    study.closed_at = None
    session.flush()
    assert submit(session, world)


def test_submitting_locks_and_asks_for_a_scoring(session: Session, world: World) -> None:
    with pytest.raises(Refusal, match="Nothing has been answered"):
        submit(session, world)
    say(session, world, NINE)
    assert submit(session, world)
    assert not submit(session, world), "a second click changes nothing"
    assert count(session, ResponseChange) == 1
    with pytest.raises(Locked):
        say(session, world, THREE, revision=1)
    assert actions(session) == ["interview.begin", "interview.submit"]


def test_reopening_keeps_both_versions(session: Session, world: World) -> None:
    say(session, world, NINE)
    submit(session, world)
    with pytest.raises(Refusal, match="Say why"):
        reopen(session, world, reason=" \n")
    with pytest.raises(Refusal, match="control characters"):
        reopen(session, world, reason="a\0b")
    reopen(session, world)
    say(session, world, THREE, revision=1)
    submit(session, world)
    current = talk(session, world)
    sent = submissions_of(session, current.response_id)
    assert [(row.submitted_by, row.reopened_by, row.reason) for row in sent] == [
        ("Anna Asker", "Alice Owner", "A wrong figure"),
        ("Anna Asker", None, None),
    ]
    versions = versions_of(session, current.response_id, [row.submitted_at for row in sent])["recommend"]
    assert [(version.content, version.submissions, version.by) for version in versions] == [
        (THREE, (2,), "Anna Asker"),
        (NINE, (1,), "Anna Asker"),
    ]
    with pytest.raises(Refusal, match="open already"):
        reopen_twice(session, world)


def reopen_twice(session: Session, world: World) -> None:
    reopen(session, world)
    reopen(session, world)


def test_a_submission_is_never_dated_before_what_it_holds(session: Session, world: World) -> None:
    early = now()
    say(session, world, NINE)
    submit(session, world, at=early)
    reopen_interview(session, talk=talk(session, world, LEADER), reason="late", at=early, by=world.people[LEADER])
    save_answer(session, line=line(session, world), revision=1, content=THREE, at=now() - timedelta(seconds=9), by=1)
    current = talk(session, world)
    sent = [row.submitted_at for row in submissions_of(session, current.response_id)]
    versions = versions_of(session, current.response_id, sent)["recommend"]
    assert [(version.content, version.submissions) for version in versions] == [(THREE, ()), (NINE, (1,))]


def test_history_takes_as_many_statements_for_many_questions(session: Session, world: World) -> None:
    def statements() -> int:
        seen: list[str] = []
        engine = session.get_bind()
        sa.event.listen(engine, "before_cursor_execute", lambda *arguments: seen.append(str(arguments[2])))
        versions_of(session, talk(session, world).response_id, [now()])
        return len(seen)

    say(session, world, NINE)
    few = statements()
    for question in ("reason", "satisfaction", "effort"):
        say(session, world, ItemContent(note="hm"), question=question)
    assert statements() == few


def test_assigning_and_giving_to_somebody_else_keeps_the_answers(session: Session, world: World, study: Study) -> None:
    say(session, world, NINE)
    choices = {world.respondents["nora"]: world.people[BEN], world.respondents["omar"]: world.people[ANNA]}
    done = assign_interviews(session, study=study, choices=choices, at=now(), by=world.people[LEADER])
    assert (done.new, done.moved) == (1, 1)
    moved = talk(session, world, BEN)
    assert moved.is_mine
    assert standing_items(session, moved.response_id or 0)[Place(world.questions["recommend"])].content == NINE
    again = assign_interviews(session, study=study, choices=choices, at=now(), by=world.people[LEADER])
    assert (again.new, again.moved) == (0, 0)
    assert actions(session)[1:] == ["interview.assign"]


@pytest.mark.parametrize(
    ("person", "interviewer", "words"),
    [
        pytest.param("quin", ANNA, "may not be asked", id="consent-is-no"),
        pytest.param("rosa", ANNA, "may not be asked", id="asked-by-survey"),
        pytest.param("omar", LEADER, "role csm", id="a-leader-does-not-interview"),
        pytest.param("omar", ADMIN, "role csm", id="an-admin-does-not-interview"),
        pytest.param("nora", CSM, "interviewed meanwhile", id="submitted"),
    ],
)
def test_who_cannot_be_assigned(session: Session, world: World, person: str, interviewer: str, words: str) -> None:
    study = session.get_one(Study, world.study)
    say(session, world, NINE)
    submit(session, world)
    with pytest.raises(Refusal, match=words):
        assign_interviews(
            session,
            study=study,
            choices={world.respondents[person]: world.people[interviewer]},
            at=now(),
            by=world.people[LEADER],
        )


def test_people_without_a_login_any_more_cannot_interview(session: Session, world: World, study: Study) -> None:
    session.execute(sa.update(User).where(User.email == BEN).values(active=False))
    with pytest.raises(Refusal, match="active"):
        share_interviews(session, study=study, interviewer_ids={world.people[BEN]}, at=now(), by=1)


def test_sharing_out_gives_accounts_to_their_own_csm_or_who_knows_them(
    session: Session, world: World, study: Study
) -> None:
    def shared(*emails: str, to_own: bool = False) -> dict[str, int]:
        ids = {world.people[email] for email in emails}
        with session.begin_nested() as point:
            share_interviews(session, study=study, interviewer_ids=ids, to_own=to_own, at=now(), by=1)
            rows = session.execute(sa.select(Interview.respondent_id, Interview.interviewer_id)).all()
            point.rollback()
        names = {ident: name for name, ident in world.respondents.items()}
        return {names[row.respondent_id]: row.interviewer_id for row in rows}

    assert shared(ANNA, BEN)["omar"] == world.people[ANNA], "Anna knows Haskelby"
    assert shared(BEN)["omar"] == world.people[BEN]
    assert shared(BEN, to_own=True)["omar"] == world.people[CSM]
    assert set(shared(BEN)) == {"nora", "pia", "omar"}, "neither Quin, who said no, nor Rosa, who gets a survey"
    with pytest.raises(Refusal, match="at least one"):
        shared()


def race(application: Flask, *acts: Callable[[Session], object]) -> list[object]:
    """Run acts at the same moment, each in a session of its own; return what each came to."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> object:
        with application.app_context():
            barrier.wait()
            try:
                done = act(db.session)
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return refusal
            return done

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("is_open", [False, True], ids=["first-saves", "later-saves"])
def test_two_windows_at_different_questions_both_store(application: Flask, world: World, is_open: bool) -> None:
    if is_open:
        with changing(application) as session:
            say(session, world, ItemContent(note="before"), question="reason")
    done = race(
        application,
        lambda session: say(session, world, NINE),
        lambda session: say(session, world, THREE, question="effort"),
    )
    assert done == [1, 1]
    with changing(application) as session:
        assert count(session, Answer) == 2
        assert count(session, Response) == 1


@pytest.mark.parametrize("is_open", [False, True], ids=["first-saves", "later-saves"])
def test_two_windows_at_one_question_give_one_conflict(application: Flask, world: World, is_open: bool) -> None:
    if is_open:
        with changing(application) as session:
            say(session, world, ItemContent(note="before"))
    start = 1 if is_open else 0
    done = race(
        application,
        lambda session: say(session, world, NINE, revision=start),
        lambda session: say(session, world, THREE, revision=start),
    )
    conflicts = [each for each in done if isinstance(each, Conflict)]
    assert len(conflicts) == 1
    assert [each for each in done if each not in conflicts] == [start + 1]
    with changing(application) as session:
        revisions = sa.select(Remark.revision).order_by(Remark.revision)
        assert list(session.scalars(revisions)) == [*range(1, start + 2)]
        standing = standing_items(session, talk(session, world).response_id or 0)[Place(world.questions["recommend"])]
        assert conflicts[0].current.content == standing.content


def test_leaders_who_assign_at_once_give_each_person_one_interviewer(application: Flask, world: World) -> None:
    def share(email: str) -> Callable[[Session], object]:
        def act(session: Session) -> object:
            study = session.get_one(Study, world.study)
            ids = {world.people[email]}
            return share_interviews(session, study=study, interviewer_ids=ids, at=datetime.now(UTC), by=1).new

        return act

    assert sorted(map(str, race(application, share(ANNA), share(BEN)))) == ["0", "1"]
