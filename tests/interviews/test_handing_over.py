"""The rest of an interview as a link: the same response, each answer by its own door, and nothing lost in a race."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.customers.models import Contact
from app.interviews.services.handing_over import Here, hand_over_interview, rest_address, take_interview_back
from app.questionnaires.models import Question
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer, Response, Submission
from app.responses.rules import ItemContent
from app.responses.services import Locked
from app.studies.models import Letter, Link, Respondent
from app.studies.rules.letters import Wording
from app.studies.tasks import letters
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import NINE, reopen, say, submit, talk
from tests.interviews.test_views import address, save, send
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.asked import BASE, SECRET, form_key
from tests.surveys.mailed import with_settings
from tests.users.people import CSM, LEADER, changing, sign_in

HERE = Here(BASE, SECRET)
LETTER = Wording("The rest", "Hello Nora,\n\n{link}\n\nAnna")
REST = {"satisfaction": "4", "effort": "5", "value_promised": "4", "value_delivered": "3", "renewal_intent": "5"}


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def hand_over(session: Session, world: World, wording: Wording | None = None) -> bool:
    return hand_over_interview(
        session,
        talk=talk(session, world),
        here=HERE,
        wording=wording,
        is_anything_open=True,
        at=now(),
        by=world.people[ANNA],
    )


def take_back(session: Session, world: World) -> bool:
    return take_interview_back(session, talk=talk(session, world), at=now(), by=world.people[ANNA])


def link_of(session: Session, world: World) -> str:
    found = rest_address(session, respondent_id=world.respondents["nora"], here=HERE)
    assert found
    return found.removeprefix(BASE)


def begun(application: Flask, world: World, **facts: Any) -> str:
    """Let Anna ask one question and hand over the rest; returns the address for Nora."""
    with changing(application) as session:
        say(session, world, NINE)
        hand_over(session, world, **facts)
        return link_of(session, world)


def answer_page(browser: FlaskClient, path: str, answers: dict[str, str]) -> Any:
    """Fill in the page that stands there and send it."""
    page = browser.get(path).text
    hidden = re.search(r'name="page" value="([^"]*)"', page)
    return browser.post(path, data={"form_key": form_key(page), "page": hidden[1] if hidden else "", **answers})


def finish(browser: FlaskClient, path: str) -> Any:
    """Answer everything page by page and send it."""
    reply = answer_page(browser, path, REST)
    while "page=review" not in reply.location:
        reply = answer_page(browser, reply.location, REST)
    page = browser.get(reply.location).text
    return browser.post(path, data={"form_key": form_key(page), "page": "review"})


def modes(session: Session) -> dict[str, tuple[str, bool]]:
    """The mode of each current answer, and whether somebody of us wrote it down."""
    rows = session.execute(
        sa.select(Question.key, Answer.mode, Answer.recorded_by)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.superseded_at.is_(None), sa.or_(Answer.value_number.is_not(None), Answer.value_text.is_not(None)))
    )
    return {row.key: (row.mode, row.recorded_by is not None) for row in rows}


def test_the_rest_is_answered_under_the_same_response(application: Flask, world: World, client: FlaskClient) -> None:
    path = begun(application, world)
    page = client.get(path).text
    assert "The 1 answer that you gave in our talk is kept" in page
    assert 'name="recommend"' not in page
    assert 'name="satisfaction"' in page
    reply = finish(client, path)
    assert reply.status_code == 200, reply.text
    with changing(application) as session:
        response = session.scalars(sa.select(Response)).one()
        assert response.submitted_at
        assert (response.mode, response.source) == ("interview", "interview")
        found = modes(session)
    assert found["recommend"] == ("interview", True)
    assert {found[key] for key in REST} == {("survey", False)}


def test_what_was_said_in_person_cannot_be_changed_by_the_link(
    application: Flask, world: World, client: FlaskClient
) -> None:
    path = begun(application, world)
    answer_page(client, path, {**REST, "recommend": "0"})
    with changing(application) as session:
        values = session.scalars(
            sa.select(Answer.value_number)
            .join(Question, Question.id == Answer.question_id)
            .where(Question.key == "recommend")
        ).all()
    assert values == [9.0]


def test_nobody_writes_meanwhile_and_after_taking_it_back_all_stays(
    application: Flask, world: World, client: FlaskClient
) -> None:
    path = begun(application, world)
    answer_page(client, path, REST)
    anna = sign_in(application, ANNA)
    locked = save(anna, world, "effort", value="1")
    assert locked.status_code == 423
    assert "take it back" in (locked.json or {})["message"]
    assert "is answering the rest by a link" in anna.get(address(world)).text
    assert send(anna, address(world, tail="/submit")).status_code == 400
    assert send(anna, address(world, tail="/take-back")).status_code == 303
    assert client.get(path).status_code == 410
    assert save(anna, world, "effort", value="1").status_code in {200, 409}
    with changing(application) as session:
        assert modes(session)["satisfaction"] == ("survey", False)
        assert submit(session, world)


def test_it_may_be_handed_over_again_by_a_new_link(application: Flask, world: World, client: FlaskClient) -> None:
    first = begun(application, world)
    with changing(application) as session:
        assert take_back(session, world)
        assert not take_back(session, world)
        assert hand_over(session, world)
        assert not hand_over(session, world)
        second = link_of(session, world)
    assert first != second
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_after_it_was_sent_it_is_too_late_to_take_it_back(
    application: Flask, world: World, client: FlaskClient
) -> None:
    finish(client, begun(application, world))
    with changing(application) as session:
        with pytest.raises(Locked):
            take_back(session, world)
        session.rollback()
    page = sign_in(application, ANNA).get(address(world)).text
    assert "The rest was handed over on" in page
    with changing(application) as session:
        reopen(session, world)
    assert save(sign_in(application, ANNA), world, "contact_again", value="yes").status_code == 200


def test_the_mail_holds_the_link_and_the_database_does_not(
    application: Flask, world: World, office: PostOffice
) -> None:
    with changing(application) as session:
        person = session.get_one(Respondent, world.respondents["nora"])
        session.get_one(Contact, person.contact_id).email = "nora@haskelby.test"
    path = begun(application, world, wording=LETTER)
    with changing(application) as session:
        assert path not in session.scalars(sa.select(Letter.body)).one()
    with application.app_context():
        assert letters() == 1
    to, mail = office.took[0]
    assert to == "nora@haskelby.test"
    assert mail["Reply-To"] == f"Anna Asker <{ANNA}>"
    assert mail["Auto-Submitted"] is None
    parts = parts_of(mail)
    assert BASE + path in parts["text/plain"]
    assert f'href="{BASE}{path}"' in parts["text/html"]


def test_a_letter_whose_link_was_taken_back_does_not_go(application: Flask, world: World, office: PostOffice) -> None:
    with changing(application) as session:
        person = session.get_one(Respondent, world.respondents["nora"])
        session.get_one(Contact, person.contact_id).email = "nora@haskelby.test"
    begun(application, world, wording=LETTER)
    with changing(application) as session:
        take_back(session, world)
    with application.app_context():
        assert letters() == 0
    assert office.took == []


def test_refused_without_an_address_and_with_nothing_open(session: Session, world: World) -> None:
    with pytest.raises(Refusal, match="no e-mail address"):
        hand_over(session, world, LETTER)
    session.rollback()
    with pytest.raises(Refusal, match="Every question"):
        hand_over_interview(
            session,
            talk=talk(session, world),
            here=HERE,
            wording=None,
            is_anything_open=False,
            at=now(),
            by=world.people[ANNA],
        )
    session.rollback()
    assert session.scalars(sa.select(Link)).all() == []


def test_handing_over_while_saving_leaves_one_response(application: Flask, world: World) -> None:
    """Whichever comes first, the save is there or was refused; never lost behind the customer's back."""
    for number in range(6):
        start = Barrier(2)

        def saving(value: int = number, start: Barrier = start) -> str:
            with application.app_context():
                start.wait()
            with changing(application) as session:
                try:
                    say(session, world, ItemContent(ParsedAnswer(float(value), None)), revision=value)
                except Locked:
                    session.rollback()
                    return "locked"
                return "saved"

        def handing(start: Barrier = start) -> bool:
            start.wait()
            with changing(application) as session:
                return hand_over(session, world)

        with ThreadPoolExecutor(2) as pool:
            outcome, handed = pool.submit(saving), pool.submit(handing)
            assert handed.result()
        with changing(application) as session:
            assert len(session.scalars(sa.select(Response)).all()) == 1
            assert take_back(session, world)
            if outcome.result() == "locked":
                say(session, world, ItemContent(ParsedAnswer(float(number), None)), revision=number)


def test_a_customer_and_an_interviewer_send_at_once(application: Flask, world: World) -> None:
    path = begun(application, world)
    browser = application.test_client()
    reply = answer_page(browser, path, REST)
    while "page=review" not in reply.location:
        reply = answer_page(browser, reply.location, REST)
    key = form_key(browser.get(reply.location).text)
    start = Barrier(3)

    def customer() -> int:
        start.wait()
        sent = application.test_client().post(path, data={"form_key": key, "page": "review"})
        return sent.status_code

    def interviewer() -> str:
        start.wait()
        with changing(application) as session:
            try:
                take_back(session, world)
            except Locked:
                session.rollback()
                return "late"
            return "back"

    with ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(customer), pool.submit(customer)]
        back = pool.submit(interviewer)
        statuses = {each.result() for each in sent}
    with changing(application) as session:
        responses = session.scalars(sa.select(Response)).all()
        submissions = len(session.scalars(sa.select(Submission)).all())
        assert len(responses) == 1
        assert (back.result(), bool(responses[0].submitted_at), submissions) in {("late", True, 1), ("back", False, 0)}
    assert statuses == ({200} if back.result() == "late" else {410})


WHO = {ANNA: 200, CSM: 403, LEADER: 403, BEN: 404}


@pytest.mark.parametrize("email", WHO)
def test_only_who_holds_it_may_hand_it_over(application: Flask, world: World, email: str) -> None:
    browser = sign_in(application, email)
    assert browser.get(address(world, tail="/hand-over")).status_code == WHO[email]
    if WHO[email] != 200:
        assert send(browser, address(world, tail="/hand-over"), by="hand").status_code == WHO[email]
        assert send(browser, address(world, tail="/take-back")).status_code == WHO[email]


def test_the_link_stands_on_the_page_of_who_holds_it_alone(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    assert send(anna, address(world, tail="/hand-over"), by="hand").status_code == 303
    assert "http://localhost/s/" in anna.get(address(world)).text
    colleague = sign_in(application, CSM).get(address(world)).text
    assert "is answering the rest" in colleague
    assert "/s/" not in colleague
