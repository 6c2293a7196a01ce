"""The rest of an interview with a loop as a link: each product is asked about until it has its own answer."""

from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import now
from app.interviews.rules.slots import slot_named
from app.interviews.services import save_answer
from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.responses.models import Response
from app.responses.queries import places_kept
from app.responses.rules import ItemContent, Place
from tests.conftest import Fill
from tests.interviews.kinds import FIRST, SECOND, add_kinds_world, add_value_world
from tests.interviews.talks import ANNA, World
from tests.interviews.test_handing_over import hand_over, link_of
from tests.interviews.test_services import line
from tests.interviews.test_views import address
from tests.users.people import changing, sign_in

DONE = {
    "answered": ItemContent(ParsedAnswer(4.0, None)),
    "not applicable": ItemContent(absence=Absence.NOT_APPLICABLE),
    "skipped": ItemContent(reason="She has never opened it"),
}


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_kinds_world)
    return found


def begun(application: Flask, world: World, said: dict[str, ItemContent]) -> str:
    """Let Anna note this and hand over the rest; returns the address for Nora."""
    with changing(application) as session:
        for name, content in said.items():
            slot = slot_named(name)
            here, by = line(session, world, slot.key), world.people[ANNA]
            save_answer(session, line=here, item=slot.item, revision=0, content=content, at=now(), by=by)
        hand_over(session, world)
        return link_of(session, world)


def loop_pages(browser: FlaskClient, path: str) -> list[str]:
    """The pages of the link that ask about products."""
    found = [browser.get(f"{path}?page=second@P%2F{number}") for number in (1, 2)]
    return [page.text for page in found if page.status_code == 200]


def asked(pages: list[str]) -> set[str]:
    return {name for name in (FIRST, SECOND) for page in pages if f'name="{unquote(name)}"' in page}


@pytest.mark.parametrize("case", DONE)
def test_what_one_product_has_is_not_asked_again_and_the_other_is(
    application: Flask, world: World, client: FlaskClient, case: str
) -> None:
    path = begun(application, world, {FIRST: DONE[case]})
    assert asked(loop_pages(client, path)) == {SECOND}


def test_a_loop_that_nobody_came_to_is_asked_whole(application: Flask, world: World, client: FlaskClient) -> None:
    path = begun(application, world, {"care": DONE["answered"]})
    assert asked(loop_pages(client, path)) == {FIRST, SECOND}


def test_kept_places_are_those_of_the_products(application: Flask, world: World) -> None:
    begun(application, world, {"care": DONE["answered"], FIRST: DONE["not applicable"], SECOND: DONE["skipped"]})
    use = world.questions["use"]
    with changing(application) as session:
        kept, answers = places_kept(session, session.scalars(sa.select(Response.id)).one())
    assert kept == {Place(world.questions["care"]), Place(use, "P/1"), Place(use, "P/2")}
    assert answers == 1


def test_the_list_of_what_is_open_names_the_promise(application: Flask, fill: Fill) -> None:
    world = fill(add_value_world)
    page = sign_in(application, ANNA).get(address(world, tail="/hand-over")).text
    assert "What you were promised: Books closed in three days" in page
    assert "What else was promised</span>" in page
