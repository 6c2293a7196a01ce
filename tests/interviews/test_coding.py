"""A second coder reads what was written down, blind to the first's numbers, once; and the page of both."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.interviews.models import Code, Coding, NoteTaker
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import ItemContent
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import NINE, say, submit
from tests.interviews.test_views import address, send
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

NOTED = "She praised the reports twice."
WORDS = "I love the reports, they are wonderful."


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def held(application: Flask, world: World) -> None:
    with changing(application) as session:
        say(session, world, NINE)
        say(session, world, ItemContent(ParsedAnswer(4.0, None), note=NOTED), question="satisfaction")
        say(session, world, ItemContent(ParsedAnswer(None, WORDS)), question="reason")
        submit(session, world)


def ask(application: Flask, world: World, email: str = LEADER, coder: str = BEN) -> int:
    browser = sign_in(application, email)
    return send(browser, address(world, tail="/coders"), coder=str(world.people[coder])).status_code


def asked(application: Flask, world: World) -> str:
    held(application, world)
    assert ask(application, world) == 303
    with changing(application) as session:
        return f"/codings/{session.scalars(sa.select(Coding.id)).one()}"


def test_the_coder_sees_words_and_no_numbers(application: Flask, world: World) -> None:
    path = asked(application, world)
    browser = sign_in(application, BEN)
    assert path in browser.get("/interviews").text
    page = browser.get(path).text
    assert NOTED in page
    assert WORDS in page
    assert " checked" not in page
    assert set(re.findall(r'name="(code-[a-z_]+)"', page)) >= {"code-satisfaction", "code-reason"}
    assert "code-effort" not in page


def test_it_is_coded_once(application: Flask, world: World) -> None:
    path = asked(application, world)
    browser = sign_in(application, BEN)
    names = set(re.findall(r'name="(code-[a-z_]+)"', browser.get(path).text))
    chosen = dict.fromkeys(names, "") | {"code-satisfaction": "5", "code-reason": "positive"}
    assert send(browser, path, **{"code-satisfaction": "5"}).status_code == 400
    assert send(browser, path, **(chosen | {"code-satisfaction": "6"})).status_code == 400
    assert send(browser, path, **chosen).status_code == 303
    assert send(browser, path, **chosen).status_code == 400
    assert "You have coded this interview" in browser.get(path).text
    with changing(application) as session:
        found = session.scalars(sa.select(Code.value_number).where(Code.value_number.is_not(None))).all()
    assert found == [5.0]
    page = sign_in(application, LEADER).get("/studies/talks/interviewing").text
    assert "not estimable: fewer than ten pairs" in page
    assert "not estimable: fewer than two accounts" in page


CODES = {ANNA: 404, CSM: 404, LEADER: 404, ADMIN: 404, STRANGER: 404, VIEWER: 403, BEN: 200}


@pytest.mark.parametrize("email", CODES)
def test_only_the_coder_opens_it(application: Flask, world: World, email: str) -> None:
    path = asked(application, world)
    assert sign_in(application, email).get(path).status_code == CODES[email]


ASKS = {LEADER: 303, ADMIN: 303, STRANGER: 404, ANNA: 403, CSM: 403, VIEWER: 403}


@pytest.mark.parametrize("email", ASKS)
def test_only_who_runs_the_study_asks(application: Flask, world: World, email: str) -> None:
    held(application, world)
    assert ask(application, world, email) == ASKS[email]


@pytest.mark.parametrize("coder", [ANNA, CSM, VIEWER])
def test_who_knows_the_answers_is_not_asked(application: Flask, world: World, coder: str) -> None:
    held(application, world)
    assert ask(application, world, coder=coder) == 400


def offered(application: Flask) -> set[str]:
    page = sign_in(application, LEADER).get("/studies/talks/interviewing").text
    return set(re.findall(r'<option value="[0-9]+">([^<]+)', page))


def test_who_knows_the_answers_is_not_offered(application: Flask, world: World) -> None:
    held(application, world)
    assert offered(application) == {"Ben Bystander"}
    with changing(application) as session:
        session.add(NoteTaker(interview_id=world.interviews["nora"], user_id=world.people[BEN]))
    assert offered(application) == set()
    assert ask(application, world) == 400


def test_before_submission_nobody_is_asked(application: Flask, world: World) -> None:
    assert ask(application, world) == 400
    assert ask(application, world, coder=BEN) == 400


PAGE = {LEADER: 200, ADMIN: 200, STRANGER: 404, CSM: 403, VIEWER: 403}


@pytest.mark.parametrize("email", PAGE)
def test_who_sees_how_well_interviews_hold(application: Flask, world: World, email: str) -> None:
    held(application, world)
    assert sign_in(application, email).get("/studies/talks/interviewing").status_code == PAGE[email]
