"""Several people of one account in one conversation: each keeps their own answers, and one switch leads to the next."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.models import Conversation, Interview
from app.interviews.services.joining import hold_together
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import NINE, say, scope_for, submit, talk
from tests.interviews.test_views import address, send
from tests.users.people import CSM, LEADER, changing, sign_in


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def with_omar(session: Session, world: World) -> int:
    """Give Omar's interview to Anna as well."""
    omar = Interview(respondent_id=world.respondents["omar"], interviewer_id=world.people[ANNA])
    session.add(omar)
    session.flush()
    return omar.id


def hold(session: Session, world: World, *others: int) -> int:
    return hold_together(session, talk=talk(session, world), scope=scope_for(session, ANNA), with_ids=others)


def groups(session: Session) -> dict[int, int]:
    rows = session.execute(sa.select(Conversation.interview_id, Conversation.held_with_id))
    return {row.interview_id: row.held_with_id for row in rows}


def test_two_are_one_conversation_and_two_again(session: Session, world: World) -> None:
    nora, omar = world.interviews["nora"], with_omar(session, world)
    assert hold(session, world, omar) == 1
    assert groups(session) == dict.fromkeys((nora, omar), min(nora, omar))
    assert hold(session, world, omar) == 1
    assert hold(session, world) == 0
    assert groups(session) == {}


def test_only_ones_own_interviews_at_the_account_take_part(session: Session, world: World) -> None:
    for other in (world.interviews["pia"], 2**31 - 1):
        with pytest.raises(Refusal, match="your own open interviews"):
            hold(session, world, other)
    assert groups(session) == {}


def test_who_has_submitted_stays_in_it(session: Session, world: World) -> None:
    nora, omar = world.interviews["nora"], with_omar(session, world)
    hold(session, world, omar)
    say(session, world, NINE)
    submit(session, world)
    theirs = talk(session, world)
    assert hold_together(session, talk=theirs, scope=scope_for(session, ANNA), with_ids=[omar]) == 1
    assert set(groups(session)) == {nora, omar}


def test_one_switch_leads_to_the_next_person(application: Flask, world: World) -> None:
    with changing(application) as session:
        omar = with_omar(session, world)
    anna = sign_in(application, ANNA)
    assert send(anna, address(world, tail="/held-with"), held_with=str(omar)).status_code == 303
    page = anna.get(address(world)).text
    assert "Together with" in page
    assert f'href="/interviews/{omar}"' in page
    assert f'href="{address(world)}"' in anna.get(f"/interviews/{omar}").text
    assert send(anna, address(world, tail="/held-with"), held_with="x").status_code == 400


WHO = {ANNA: 200, CSM: 403, LEADER: 403, BEN: 404}


@pytest.mark.parametrize("email", WHO)
def test_only_who_holds_it_chooses(application: Flask, world: World, email: str) -> None:
    browser = sign_in(application, email)
    path = address(world, tail="/held-with")
    assert browser.get(path).status_code == WHO[email]
    if WHO[email] != 200:
        assert send(browser, path).status_code == WHO[email]
