"""The page of a response to a looped questionnaire: each product and promise has its own answers and notes."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.customers.models import Promise
from app.interviews.rules.slots import slot_named
from app.interviews.services import save_answer, submit_interview
from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.responses.models import Response
from app.responses.rules import ItemContent, QuotePermission
from tests.conftest import Fill
from tests.interviews.kinds import FIRST, SECOND, add_kinds_world, add_value_world
from tests.interviews.talks import ANNA, World
from tests.interviews.test_services import line, talk
from tests.users.people import LEADER, changing, sign_in

FOUR = ItemContent(ParsedAnswer(4.0, None), note="Month end is quick")
SAID = {"close": 4, "audit": 2}
NONE = ItemContent(absence=Absence.NOT_APPLICABLE, quote="Nobody opens it.", quote_permission=QuotePermission.INTERNAL)


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_kinds_world)
    return found


def page_of(application: Flask, world: World, said: dict[str, ItemContent]) -> str:
    """Let Anna note this and submit it; returns the page of the response as Alice sees it."""
    with changing(application) as session:
        for name, content in said.items():
            slot = slot_named(name)
            here, by = line(session, world, slot.key), world.people[ANNA]
            save_answer(session, line=here, item=slot.item, revision=0, content=content, at=now(), by=by)
        submit_interview(session, talk=talk(session, world), at=now(), by=world.people[ANNA])
        name = session.scalars(sa.select(Response.external_id)).one()
    return sign_in(application, LEADER).get(f"/studies/talks/responses/{name}").text


def asked(page: str) -> dict[str, str]:
    """What stands at each question, by its heading and what it is about."""
    found = re.findall(r'asked-text">(.*?)</h2>(?:\s*<p class="sub">about (.*?)</p>)?(.*?)</section>', page, re.DOTALL)
    return {f"{text} {about}".strip(): rest for text, about, rest in found}


def test_each_product_has_its_own_answer_and_note(application: Flask, world: World) -> None:
    found = asked(page_of(application, world, {FIRST: FOUR, SECOND: NONE}))
    first, second = found["How well does Product 1 work?"], found["How well does Product 2 work?"]
    assert "4 of 5" in first
    assert "Month end is quick" in first
    assert "earlier version" not in first + second
    assert "Does not apply" in second
    assert "Nobody opens it." in second


def test_words_that_name_the_person_or_an_answer_are_left_out(application: Flask, world: World) -> None:
    found = asked(page_of(application, world, {"why": ItemContent(ParsedAnswer(None, "Exports"))}))
    assert "You said …. Why?" in found


def test_a_paraphrase_is_no_quote_and_a_reason_is_told(application: Flask, world: World) -> None:
    said = ItemContent(ParsedAnswer(4.0, None), quote="Price is fine.", is_paraphrase=True)
    skipped = ItemContent(reason="She had to leave")
    found = asked(page_of(application, world, {"care": said, "works": skipped}))
    assert "In the interviewer’s words</span> Price is fine." in found["Care?"]
    assert "<q>" not in found["Care?"]
    assert "She had to leave" in found["Works?"]


def test_promises_are_named_and_one_that_is_gone_by_its_id(application: Flask, fill: Fill) -> None:
    world = fill(add_value_world)
    said = {f"promise_delivered@{key}": ItemContent(ParsedAnswer(float(value), None)) for key, value in SAID.items()}
    page = page_of(application, world, said)
    text = "How much of it has been delivered so far?"
    found = asked(page)
    assert "4 of 5" in found[f"{text} Books closed in three days"]
    assert "2 of 5" in found[f"{text} One file for the auditors"]
    with changing(application) as session:
        session.execute(sa.delete(Promise).where(Promise.crm_id == "close"))
        name = session.scalars(sa.select(Response.external_id)).one()
    page = sign_in(application, LEADER).get(f"/studies/talks/responses/{name}").text
    assert "4 of 5" in asked(page)[f"{text} close"]
