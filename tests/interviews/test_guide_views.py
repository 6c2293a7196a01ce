"""What each person may do beside an interview, what hostile senders get, and the guide as PDF."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import today
from app.interviews.models import Interview, QuestionTime
from app.responses.models import Answer, Remark
from tests.conftest import Fill
from tests.interviews.kinds import FIRST, add_kinds_world
from tests.interviews.talks import ANNA, BEN, World
from tests.interviews.test_views import address, save, send, stored
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

WRITES = {ADMIN: 403, LEADER: 403, STRANGER: 404, ANNA: 303, CSM: 403, BEN: 404, VIEWER: 403}
READS = {ADMIN: 200, LEADER: 200, STRANGER: 404, ANNA: 200, CSM: 200, BEN: 404, VIEWER: 403}
TAB = "0" * 16


@pytest.fixture
def world(fill: Fill) -> World:
    """Anna's interview with Nora by a questionnaire of every kind, with two products."""
    found: World = fill(add_kinds_world)
    return found


@pytest.mark.parametrize("email", WRITES)
def test_peek_notes_and_times_are_for_who_holds_it(application: Flask, world: World, email: str) -> None:
    browser, expected = sign_in(application, email), WRITES[email]
    day = (today() - timedelta(days=1)).isoformat()
    times = send(browser, address(world, tail="/times"), tab=TAB, row=f"{FIRST} 5 - 0 1 0")
    assert times.status_code == {303: 204}.get(expected, expected)
    assert send(browser, address(world, tail="/peek")).status_code == expected
    assert send(browser, address(world, tail="/from-notes"), held_on=day).status_code == expected
    with changing(application) as session:
        held = session.get_one(Interview, world.interviews["nora"])
        assert ((held.peeked_at is not None), (held.held_on is not None)) == (email == ANNA, email == ANNA)


@pytest.mark.parametrize("email", READS)
def test_earlier_answers_are_for_who_may_read_the_interview(application: Flask, world: World, email: str) -> None:
    browser = sign_in(application, email)
    assert browser.get(address(world, tail="/earlier")).status_code == READS[email]
    part = browser.get(address(world, tail="/earlier"), headers={"X-Part": "1"})
    assert ("<html" not in part.text) is (READS[email] == 200)


MARGIN = ("Who you are talking to", "Planning", "While you talk", "What we do next", "Out of time, or afterwards")
ONCE = ("/appointment", "/call", "/prediction", "/held-with", "/guide.pdf", "/earlier", "/hand-over", "/note-taker")


def test_the_margin_goes_from_planning_to_what_comes_after(application: Flask, world: World) -> None:
    page = sign_in(application, ANNA).get(address(world)).text
    places = [page.index(f">{title}</h2>") for title in MARGIN]
    assert places == sorted(places)
    for tail in ONCE:
        assert page.count(f'href="{address(world, tail=tail)}"') == 1, tail


def test_a_reader_finds_the_planning_and_no_button_that_is_not_theirs(application: Flask, world: World) -> None:
    page = sign_in(application, LEADER).get(address(world)).text
    assert f'href="{address(world, tail="/appointment")}"' in page
    for tail in ("/peek", "/from-notes", "/hand-over", "/held-with"):
        assert address(world, tail=tail) not in page, tail


def test_keys_that_do_nothing_are_not_listed(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    assert "<kbd>H</kbd>" in anna.get(address(world)).text
    send(anna, address(world, tail="/peek"))
    send(anna, address(world, tail="/from-notes"), held_on=(today() - timedelta(days=1)).isoformat())
    page = anna.get(address(world)).text
    assert "<kbd>H</kbd>" not in page
    assert "<kbd>C</kbd>" not in page


def test_the_score_is_on_no_page_before_somebody_looks(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    assert "Hidden until you finish" in anna.get(address(world)).text
    shown = anna.get(send(anna, address(world, tail="/peek?q=care")).location)
    assert "Health has not been computed yet" in shown.text
    assert "Looked at during the interview" in shown.text


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "1900-01-01", "2999-01-01", "2026-01-01\0", "x" * 5000])
def test_a_day_that_cannot_be_is_refused_on_the_page(application: Flask, world: World, day: str) -> None:
    page = send(sign_in(application, ANNA), address(world, tail="/from-notes"), held_on=day)
    assert page.status_code == 400
    assert "READ ALOUD" in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"tab": "", "row": "care 1 - 0 0 0"},
        {"tab": TAB, "row": "care"},
        {"tab": TAB, "row": "care 1 - 0 0 " + "9" * 400},
        {"tab": "'; --", "row": "care 1 - 0 0 0"},
    ],
    ids=["no-window", "no-times", "huge", "no-name"],
)
def test_times_that_are_none_keep_nothing(application: Flask, world: World, fields: dict[str, str]) -> None:
    assert send(sign_in(application, ANNA), address(world, tail="/times"), **fields).status_code == 400
    with changing(application) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(QuestionTime)) == 0


@pytest.mark.parametrize("name", ["use", "use@P%2F3", "use@", "care@P%2F1", "pause", "rating", "use@%00", "@", "%"])
def test_a_place_that_the_interview_does_not_have_is_404(application: Flask, world: World, name: str) -> None:
    anna = sign_in(application, ANNA)
    quoted = name.replace("%", "%25")
    assert save(anna, world, quoted, value="4").status_code in {400, 404}
    assert stored(application, Remark) == 0


def test_a_save_says_what_is_asked_then(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    reply = save(anna, world, "works", value="no").json or {}
    assert "missing" in reply["branches"]["asked"]
    assert save(anna, world, FIRST.replace("%", "%25"), value="4").status_code == 200
    assert 'data-question="use@P%2F1"' in anna.get(address(world)).text
    with changing(application) as session:
        assert session.scalars(sa.select(Answer.item).where(Answer.item != "")).one() == "P/1"


def test_without_script_boxes_and_places_are_read(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    places = {"place/speed": "2", "place/price": "1", "place/people": "3"}
    assert save(anna, world, "order", json=False, go="later", **places).status_code == 303
    assert save(anna, world, "liked", json=False, value=["people", "speed"]).status_code == 303
    review = anna.get(address(world, tail="/review")).text
    assert "To come back to" in review
    with changing(application) as session:
        texts = set(session.scalars(sa.select(Answer.value_text)))
    assert texts == {"price speed people", "speed people"}


def test_the_guide_is_a_pdf(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    reply = anna.get(address(world, tail="/guide.pdf"))
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert reply.data.startswith(b"%PDF")
    assert sign_in(application, BEN).get(address(world, tail="/guide.pdf")).status_code == 404
    alice = sign_in(application, LEADER)
    assert alice.get("/questionnaires/kinds/guide.pdf").data.startswith(b"%PDF")
    assert alice.get("/questionnaires/none/guide.pdf").status_code == 404
