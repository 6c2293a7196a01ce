"""What each person sees of actions and may do with them, and what hostile senders get."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.actions.models import Action
from app.core.clock import today
from app.interviews.models import Interview
from tests.actions.follow_ups import ROADMAP, add_follow_up
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_views import address, send
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

SOON = (today() + timedelta(days=9)).isoformat()
NASTY = "<script>alert(1)</script> {{7*7}} {link}"


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def fields(world: World, email: str = CSM, **changes: str) -> dict[str, str]:
    return {"title": ROADMAP, "owner": str(world.people[email]), "due_on": SOON, "is_promised": "1", **changes}


def rows(application: Flask) -> list[tuple[str, int, bool]]:
    with changing(application) as session:
        wanted = sa.select(Action.title, Action.owner_id, Action.is_promised).order_by(Action.id)
        return [tuple(row) for row in session.execute(wanted)]


def followed(application: Flask, world: World, days: int = 14) -> int:
    with changing(application) as session:
        interview = session.get_one(Interview, world.interviews["nora"])
        return add_follow_up(session, interview, due_on=today() + timedelta(days=days)).id


def test_a_follow_up_is_added_beside_the_questions(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    assert "Add a follow-up" in browser.get(address(world)).text
    reply = send(browser, address(world, tail="/follow-ups"), json=True, form_key="k1", **fields(world))
    assert reply.status_code == 201
    assert (reply.json or {})["about"].startswith("Carl Colleague · due in nine days")
    again = send(browser, address(world, tail="/follow-ups"), json=True, form_key="k1", **fields(world))
    assert again.status_code == 201
    assert rows(application) == [(ROADMAP, world.people[CSM], True)]
    assert ROADMAP in browser.get(address(world)).text


def test_without_a_script_the_page_comes_back_at_the_same_question(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    reply = send(browser, address(world, tail="/follow-ups"), q="effort", **fields(world))
    assert (reply.status_code, reply.location) == (303, address(world, tail="?q=effort"))


def test_a_refused_follow_up_gives_back_what_was_typed(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    path = address(world, tail="/follow-ups")
    reply = send(browser, path, json=True, **fields(world, due_on="2020-01-01"))
    assert (reply.status_code, (reply.json or {})["field"]) == (400, "due_on")
    page = send(browser, path, **fields(world, due_on="2020-01-01"))
    assert page.status_code == 400
    assert ROADMAP in page.text
    assert rows(application) == []


ADDS = {ANNA: 201, CSM: 201, LEADER: 201, ADMIN: 201, BEN: 404, STRANGER: 404, VIEWER: 403}


@pytest.mark.parametrize("email", ADDS)
def test_who_may_add_a_follow_up_to_an_interview(application: Flask, world: World, email: str) -> None:
    reply = send(sign_in(application, email), address(world, tail="/follow-ups"), json=True, **fields(world))
    assert reply.status_code == ADDS[email]


def test_my_actions_with_the_overdue_first(application: Flask, world: World) -> None:
    followed(application, world, days=-3)
    page = sign_in(application, ANNA).get("/actions").text
    assert "1 thing to do, 1 overdue" in page
    assert "three days overdue" in page
    assert "Nothing is waiting for you" in sign_in(application, CSM).get("/actions").text
    assert ROADMAP in sign_in(application, CSM).get("/actions?show=all").text
    assert ROADMAP in sign_in(application, STRANGER).get("/actions?show=all").text
    assert ROADMAP not in sign_in(application, BEN).get("/actions?show=all").text


def test_an_action_is_changed_done_and_opened_again(application: Flask, world: World) -> None:
    path = f"/actions/{followed(application, world)}"
    browser = sign_in(application, ANNA)
    assert send(browser, path, **fields(world, ANNA, title="Send it soon")).status_code == 303
    assert send(browser, f"{path}/done", note="Sent today").status_code == 303
    page = browser.get(path).text
    assert "Sent today" in page
    assert "Send it soon" in page
    assert send(browser, path, **fields(world)).status_code == 400
    assert send(browser, f"{path}/reopen").status_code == 303
    assert "Is it done?" in browser.get(path).text


@pytest.mark.parametrize(("email", "answer"), [(BEN, 404), (STRANGER, 200)])
def test_strangers_change_no_action(application: Flask, world: World, email: str, answer: int) -> None:
    path = f"/actions/{followed(application, world)}"
    browser = sign_in(application, email)
    assert browser.get(path).status_code == answer
    for tail in ("", "/done", "/reopen"):
        assert send(browser, path + tail, **fields(world)).status_code == 404
    assert rows(application)[0][0] == ROADMAP


def test_an_action_is_added_from_an_account(application: Flask, world: World) -> None:
    browser = sign_in(application, CSM)
    path = "/actions/new?account=Haskelby"
    assert browser.get(path).status_code == 200
    assert send(browser, path, form_key="k", **fields(world, title="")).status_code == 400
    assert send(browser, path, form_key="k", **fields(world)).status_code == 303
    assert len(rows(application)) == 1
    assert browser.get("/actions/new?account=Ostrava").status_code == 404
    assert browser.get("/actions/new?account=%00").status_code == 400


def test_hostile_words_stay_words(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    send(browser, address(world, tail="/follow-ups"), json=True, **fields(world, ANNA, title=NASTY))
    for page in ("/actions", "/actions/1", address(world)):
        assert "<script>alert(1)" not in browser.get(page).text


def test_it_stands_on_the_page_of_its_account(application: Flask, world: World) -> None:
    followed(application, world, days=-1)
    assert ROADMAP in sign_in(application, CSM).get("/accounts/Haskelby?show=all").text
    assert ROADMAP not in sign_in(application, VIEWER).get("/accounts/Haskelby?show=all").text
