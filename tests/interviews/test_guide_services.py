"""Interviews along a route, on a real database: loops, branches, times, a look at the score, entry from notes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.interviews.models import Interview, QuestionTime
from app.interviews.queries.asked import question_asked
from app.interviews.queries.earlier import earlier_answers
from app.interviews.queries.talks import Line, course_in, line_in_scope, talk_in_scope
from app.interviews.queries.times import time_spent
from app.interviews.rules.slots import slot_named
from app.interviews.rules.times import Spent
from app.interviews.services import (
    keep_times,
    mark_from_notes,
    note_peek,
    refuse_impossible,
    reopen_interview,
    save_answer,
    settled_branches,
    submit_interview,
)
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.route import Slot
from app.responses.models import Answer, Response
from app.responses.queries import standing_items
from app.responses.rules import ItemContent, Place
from app.responses.services import Conflict, Locked
from app.studies.models import Study
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.interviews.kinds import FIRST, SECOND, add_core_world, add_kinds_world
from tests.interviews.talks import ANNA, BEN, World, add_person
from tests.interviews.test_services import scope_for, talk
from tests.users.people import CSM, LEADER, STRANGER

FOUR, TWO = ItemContent(ParsedAnswer(4.0, None)), ItemContent(ParsedAnswer(2.0, None), is_starred=True)
NO, YES = ItemContent(ParsedAnswer(0.0, "no")), ItemContent(ParsedAnswer(1.0, "yes"))
WORDS = ItemContent(ParsedAnswer(None, "Exports"))


@pytest.fixture
def world(fill: Fill) -> World:
    """Anna's interview with Nora by a questionnaire of every kind, with two products."""
    found: World = fill(add_kinds_world)
    return found


def line(session: Session, world: World, name: str) -> Line:
    interview, key = world.interviews["nora"], slot_named(name).key
    return line_in_scope(session, scope=scope_for(session, ANNA), interview_id=interview, question_key=key)


def say(session: Session, world: World, name: str, content: ItemContent, revision: int = 0) -> dict[str, object]:
    """Save what stands at a place, and return what is asked then."""
    here = line(session, world, name)
    item = slot_named(name).item
    save_answer(session, line=here, item=item, revision=revision, content=content, at=now(), by=world.people[ANNA])
    branches = settled_branches(session, line=here, at=now())
    assert branches is not None
    return branches


def counted(session: Session) -> dict[Place, bool]:
    rows = session.execute(sa.select(Answer).where(Answer.superseded_at.is_(None))).scalars()
    return {Place(row.question_id, row.item): row.is_counted for row in rows}


def submit(session: Session, world: World) -> None:
    assert submit_interview(session, talk=talk(session, world), at=now(), by=world.people[ANNA])


def test_each_relationship_has_an_answer_of_its_own(session: Session, world: World) -> None:
    say(session, world, FIRST, FOUR)
    say(session, world, SECOND, TWO)
    with pytest.raises(Conflict):
        say(session, world, SECOND, FOUR)
    say(session, world, SECOND, FOUR, revision=1)
    response = session.scalars(sa.select(Response.id)).one()
    use = world.questions["use"]
    items = standing_items(session, response)
    assert (items[Place(use, "P/1")].content, items[Place(use, "P/2")].content) == (FOUR, FOUR)
    steps = {step.name: step for step in course_in(session, talk(session, world)).steps}
    assert (steps[FIRST].is_done, steps[SECOND].item.revision) == (True, 2)
    submit(session, world)


@pytest.mark.parametrize("name", ["use", "use@P%2F3", "use@", "care@P%2F1", "pause", "rating", "total", "nope"])
def test_places_that_this_interview_does_not_have_are_missing(session: Session, world: World, name: str) -> None:
    with pytest.raises(Missing):
        question_asked(session, line(session, world, name), slot_named(name))


def test_branches_open_and_close_with_the_answers(session: Session, world: World) -> None:
    missing = Place(world.questions["missing"])
    assert "missing" in say(session, world, "works", NO)["asked"]  # type: ignore[operator]
    say(session, world, "missing", WORDS)
    assert counted(session)[missing]
    assert "missing" not in say(session, world, "works", YES, revision=1)["asked"]  # type: ignore[operator]
    assert not counted(session)[missing], "kept, but not counted"
    say(session, world, "missing", ItemContent(ParsedAnswer(None, "Late")), revision=1)
    assert not counted(session)[missing], "what arrives late from a queue is kept too"
    say(session, world, "works", NO, revision=2)
    assert counted(session)[missing]


def test_words_follow_what_was_said(session: Session, world: World) -> None:
    assert say(session, world, "care", FOUR)["words"] == {"why": "You said 4. Why?"}


def test_what_the_route_never_came_to_is_noted_at_the_end(session: Session, fill: Fill) -> None:
    world = fill(add_core_world)
    missing = Place(world.questions["missing"])
    say(session, world, "works", YES)
    submit(session, world)
    assert counted(session)[missing] is False
    reopen_interview(session, talk=talk(session, world, LEADER), reason="more", at=now(), by=world.people[LEADER])
    assert course_in(session, talk(session, world)).step("missing").item.content == ItemContent()  # type: ignore[union-attr]
    say(session, world, "works", NO, revision=1)
    assert missing not in counted(session), "it is asked now, so nothing says that it was not"
    say(session, world, "missing", WORDS)
    submit(session, world)
    assert counted(session)[missing]


def test_the_conditions_of_a_question_hold_for_interviewers_too(session: Session, world: World) -> None:
    here, slot = line(session, world, "seats"), Slot("seats")
    asked = question_asked(session, here, slot)
    many, few = (ItemContent(ParsedAnswer(number, None)) for number in (501.0, 500.0))
    refuse_impossible(session, line=here, question=asked, slot=slot, content=few)
    with pytest.raises(Refusal, match="At most 500"):
        refuse_impossible(session, line=here, question=asked, slot=slot, content=many)


def test_times_are_totals_that_may_come_again(session: Session, world: World) -> None:
    now_talk = talk(session, world)
    keep_times(session, talk=now_talk, tab="0" * 16, spent=[Spent("care", 5), Spent(FIRST, 9, 3, 1, 2, 1)], at=now())
    keep_times(session, talk=now_talk, tab="0" * 16, spent=[Spent("care", 7, 6)], at=now())
    keep_times(session, talk=now_talk, tab="0" * 16, spent=[Spent("care", 6)], at=now())
    keep_times(session, talk=now_talk, tab="1" * 16, spent=[Spent("care", 10)], at=now())
    assert time_spent(session, now_talk.id) == {"care": Spent("care", 17, 6), FIRST: Spent(FIRST, 9, 3, 1, 2, 1)}


def test_entered_from_notes_is_marked_keeps_no_times_and_counts_by_its_day(session: Session, world: World) -> None:
    study = session.get_one(Study, world.study)
    study.closes_on = today() - timedelta(days=1)
    session.flush()
    now_talk, held = talk(session, world), today() - timedelta(days=2)
    keep_times(session, talk=now_talk, tab="0" * 16, spent=[Spent("care", 5)], at=now())
    with pytest.raises(Refusal, match="ended on"):
        say(session, world, "care", FOUR)
    by = world.people[ANNA]
    for day in (today(), study.opens_on - timedelta(days=1)):
        with pytest.raises(Refusal, match="Choose the day"):
            mark_from_notes(session, talk=now_talk, held_on=day, today=today(), by=by)
    mark_from_notes(session, talk=now_talk, held_on=held, today=today(), by=by)
    now_talk = talk(session, world)
    keep_times(session, talk=now_talk, tab="0" * 16, spent=[Spent("care", 5)], at=now())
    assert session.scalar(sa.select(sa.func.count()).select_from(QuestionTime)) == 0
    say(session, world, "care", FOUR)
    submit(session, world)
    with pytest.raises(Locked):
        mark_from_notes(session, talk=talk(session, world), held_on=None, today=today(), by=by)
    assert session.get_one(Interview, world.interviews["nora"]).held_on == held


def test_a_look_at_the_score_is_noted_each_time(session: Session, world: World) -> None:
    first = now()
    note_peek(session, talk=talk(session, world), at=first, by=world.people[ANNA])
    note_peek(session, talk=talk(session, world), at=now(), by=world.people[ANNA])
    assert talk(session, world).peeked_at == first
    actions = sa.select(AuditEvent.actor_id).where(AuditEvent.action == "interview.peek")
    assert list(session.scalars(actions)) == [world.people[ANNA]] * 2
    say(session, world, "care", FOUR)
    submit(session, world)
    note_peek(session, talk=talk(session, world), at=now(), by=world.people[ANNA])
    assert len(list(session.scalars(actions))) == 2, "afterwards it is no look before the end"


@pytest.mark.parametrize(
    ("email", "seen"),
    [(ANNA, 1), (BEN, 0), (CSM, 1), (LEADER, 1), (STRANGER, 0)],
    ids=["who-heard-it", "other-csm", "csm-of-the-account", "owner", "stranger"],
)
def test_earlier_answers_are_those_that_the_caller_may_read(
    session: Session, world: World, email: str, seen: int
) -> None:
    say(session, world, "care", FOUR)
    submit(session, world)
    study = session.get_one(Study, world.study)
    facts = {column.key: getattr(study, column.key) for column in Study.__table__.columns}
    later = Study(**facts | {"id": None, "key": "later"})
    session.add(later)
    session.flush()
    account = session.get_one(Account, talk(session, world).account_id)
    person = add_person(session, later, "Olga", account=account)
    held = Interview(respondent_id=person.id, interviewer_id=world.people[ANNA])
    session.add(held)
    session.flush()
    here = talk_in_scope(session, scope=scope_for(session, ANNA), interview_id=held.id)
    found = earlier_answers(session, scope=scope_for(session, email), talk=here)
    assert len(found) == seen
    if seen:
        assert found[0].lines == (("Care?", "4 of 5"),)
