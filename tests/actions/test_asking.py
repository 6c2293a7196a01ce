"""Kinds, reasons, outcomes and asking again, as owner, colleague and stranger see them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.actions.models import Action
from app.core.clock import now, today
from app.interviews.models import Interview
from app.responses.models import Answer, Response
from app.studies.models import Respondent, Study
from tests.actions.follow_ups import add_follow_up
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_interview_study, add_world
from tests.interviews.test_views import send
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

SOON = (today() + timedelta(days=9)).isoformat()
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def raised(application: Flask, world: World, kind: str = "risk") -> int:
    with changing(application) as session:
        action = add_follow_up(session, session.get_one(Interview, world.interviews["nora"]))
        action.kind, action.reason = kind, NASTY
        return action.id


def contact_of(application: Flask, world: World, name: str) -> int:
    with changing(application) as session:
        return session.get_one(Respondent, world.respondents[name]).contact_id


def answered(application: Flask, world: World, name: str, *, days: int, key: str, recommend: float) -> None:
    """Have somebody send an answer so many days from now, in a study of this key."""
    with changing(application) as session:
        person = session.get_one(Respondent, world.respondents[name])
        study = session.scalar(sa.select(Study).where(Study.key == key))
        if study is None:
            owner = session.get_one(Study, world.study).owner_id
            study = add_interview_study(session, owner=None, key=key)
            study.owner_id = owner
            person = Respondent(
                study_id=study.id, account_id=person.account_id, contact_id=person.contact_id, role="champion",
                mode="interview",
            )  # fmt: skip
            session.add(person)
            session.flush()
        response = Response(
            study_id=study.id, respondent_id=person.id, external_id=f"r-{key}", version_id=study.version_id,
            mode="interview", source="interview", submitted_at=now() + timedelta(days=days),
        )  # fmt: skip
        session.add(response)
        session.flush()
        question = world.questions["recommend"]
        session.add(Answer(response_id=response.id, question_id=question, value_number=recommend))


def test_a_risk_is_added_with_what_shows_it(application: Flask, world: World) -> None:
    answered(application, world, "nora", days=-1, key="talks", recommend=3)
    browser, path = sign_in(application, CSM), "/actions/new?account=Haskelby&kind=risk&about=gap"
    page = browser.get(path).text
    assert 'value="risk" checked' in page
    assert "What the champion said in Study talks" in page
    about = f"answer:{world.respondents['nora']}"
    fields = {
        "title": "They may leave",
        "owner": world.people[CSM],
        "due_on": SOON,
        "kind": "risk",
        "reason": "Said so",
    }
    assert send(browser, path, **fields, about="answer:99", form_key="k").status_code == 400
    address = send(browser, path, **fields, about=about, form_key="k").location
    page = browser.get(address).text
    assert "Said so" in page
    assert "/studies/talks/responses/r-talks" in page


def test_an_end_says_what_came_of_it(application: Flask, world: World) -> None:
    path, browser = f"/actions/{raised(application, world)}", sign_in(application, ANNA)
    reply = send(browser, f"{path}/done", note="We met them")
    assert reply.status_code == 400
    assert "Choose what came of it." in reply.text
    assert "We met them" in reply.text
    assert send(browser, f"{path}/done", note="We met them", outcome="avoided").status_code == 303
    page = browser.get(path).text
    assert "Avoided: Anna Asker" in page
    assert NASTY not in page
    assert "avoided" in browser.get("/actions").text


def test_boards_show_what_is_open_for_the_accounts_that_one_may_open(application: Flask, world: World) -> None:
    raised(application, world)
    for email, sees in ((ANNA, True), (CSM, True), (LEADER, True), (ADMIN, True), (BEN, False), (STRANGER, True)):
        browser = sign_in(application, email)
        for address in ("/actions/board", "/actions/board?by=owner&kind=risk"):
            assert ("Send the roadmap" in browser.get(address).text) is sees
    assert "Send the roadmap" not in sign_in(application, ANNA).get("/actions/board?kind=event").text
    assert sign_in(application, VIEWER).get("/actions/board").status_code == 403


def test_the_page_of_an_account_leads_to_the_actions_of_all_owners(application: Flask, world: World) -> None:
    path = f"/actions/{raised(application, world, 'opportunity')}"
    for email, sees in ((CSM, True), (LEADER, True), (STRANGER, True), (VIEWER, False)):
        browser = sign_in(application, email)
        section = browser.get("/accounts/Haskelby/section-actions").text
        assert (f'href="{path}"' in section) is sees
        assert browser.get(path).status_code == (200 if sees else 403)
    assert "One opportunity among them" in sign_in(application, CSM).get("/accounts/Haskelby").text


def test_who_sees_an_account_alone_reads_the_outline_and_changes_nothing(application: Flask, world: World) -> None:
    path = f"/actions/{raised(application, world)}"
    browser = sign_in(application, STRANGER)
    page = browser.get(path).text
    assert "Send the roadmap" in page
    assert "Anna Asker does it." in page
    assert "Nora" not in page
    assert "alert(1)" not in page
    assert "<textarea" not in page
    for tail in ("", "/done", "/reopen", "/ask-again"):
        assert send(browser, path + tail, note="x", outcome="avoided").status_code == 404


ASKS = {CSM: 303, ADMIN: 303, LEADER: 303, ANNA: 400, BEN: 404, STRANGER: 404, VIEWER: 403}


@pytest.mark.parametrize("email", ASKS)
def test_who_sees_the_people_of_an_account_may_have_them_asked_again(
    application: Flask, world: World, email: str
) -> None:
    path, contact = f"/actions/{raised(application, world)}", contact_of(application, world, "nora")
    browser = sign_in(application, email)
    replies = [send(browser, f"{path}/ask-again", contact=contact, on=SOON).status_code for _ in range(2)]
    assert replies == [ASKS[email]] * 2
    with changing(application) as session:
        made = session.scalars(sa.select(Action).where(Action.contact_id == contact)).all()
        # The same wish twice is one action, of whoever does the first.
        assert [each.owner_id for each in made] == ([world.people[ANNA]] if ASKS[email] == 303 else [])


@pytest.mark.parametrize("name", ["quin", "pia"])
def test_nobody_is_asked_who_does_not_want_to_or_is_elsewhere(application: Flask, world: World, name: str) -> None:
    path, contact = f"/actions/{raised(application, world)}", contact_of(application, world, name)
    assert send(sign_in(application, CSM), f"{path}/ask-again", contact=contact, on=SOON).status_code == 400


def test_what_they_say_again_stands_beside_what_they_said(application: Flask, world: World) -> None:
    answered(application, world, "nora", days=-5, key="talks", recommend=3)
    path, contact = f"/actions/{raised(application, world)}", contact_of(application, world, "nora")
    browser = sign_in(application, CSM)
    address = send(browser, f"{path}/ask-again", contact=contact, on=SOON).location
    assert "Not asked again yet" in browser.get(address).text
    day = sign_in(application, ANNA).get("/interviews/day").text
    assert "To ask again: 1 person" in day
    assert "Nora, Haskelby" in day
    answered(application, world, "nora", days=1, key="again", recommend=8)
    page = browser.get(address).text
    assert "What they say now, beside what they said" in page
    assert '<td data-label="At first" class="end">3</td><td data-label="Again" class="end">8</td>' in page
    # Anna is to ask, so she knows whom; she reads no answers of accounts that are not hers.
    other = sign_in(application, ANNA).get(address).text
    assert "What they say now" not in other
    assert 'Ask <b class="strong">Nora</b>' in other
