"""The pages of authoring, as those who run studies use them, and as others do not."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins
from tests.authoring.drafts import add_pulse, draft
from tests.authoring.test_services import add_answers
from tests.conftest import Fill
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

EDIT = "/questionnaires/pulse/edit"


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, a published questionnaire and a draft of its next version."""
    fill(add_pulse)
    return application


def basis_in(page: str) -> str:
    """Return what the page's form is known by."""
    found = re.search(r'name="basis" value="([^"]*)"', page)
    assert found
    return found[1]


def send(browser: FlaskClient, place: str, *, as_json: bool = False, **fields: Any) -> TestResponse:
    """Send the form of one part as its page does, with some of its fields typed anew."""
    page = browser.get(f"{EDIT}?at={place}").text
    defaults: dict[str, Any] = {"kind": "text", "section": "more", "asked_in": ["survey", "interview"]}
    data = {"csrf_token": token_in(page), "place": place, "basis": basis_in(page), **defaults, **fields}
    return browser.post(EDIT, data=data, headers={"Accept": "application/json"} if as_json else {})


PAGES = (
    "/questionnaires", "/questionnaires/new", "/questionnaires/bank", "/questionnaires/pulse",
    "/questionnaires/pulse/compare", EDIT, f"{EDIT}?at=about", f"{EDIT}?at=section.main", f"{EDIT}?at=question.grid",
    f"{EDIT}?at=question.plan", "/questionnaires/pulse/preview", "/questionnaires/pulse/preview?language=de",
    "/questionnaires/pulse/publish", "/questionnaires/pulse/translate", "/questionnaires/pulse/translate/de",
)  # fmt: skip


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (LEADER, 200), (STRANGER, 200), (CSM, 403), (VIEWER, 403)])
def test_every_page_opens_for_those_who_run_studies(people: Flask, email: str, status: int) -> None:
    browser = sign_in(people, email)
    assert {address: browser.get(address).status_code for address in PAGES} == dict.fromkeys(PAGES, status)


def test_nobody_else_gets_in(people: Flask) -> None:
    browser = people.test_client()
    assert {browser.get(address).status_code for address in PAGES} == {302}


def test_what_is_typed_is_saved_though_it_cannot_be_published(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    reply = send(browser, "question.why", text="Why then?", relevant="${nobody} <")
    assert reply.status_code == 303
    page = browser.get(reply.location).text
    assert "ends too early" in page
    with changing(people) as session:
        assert draft(session).definition["questions"][5]["relevant"] == "${nobody} <"
        assert draft(session).revision == 2


def test_a_script_learns_what_is_wrong(people: Flask) -> None:
    reply = send(sign_in(people, LEADER), "question.why", as_json=True, text="Why?", relevant="${recommend} <")
    assert reply.status_code == 200
    assert "ends too early" in reply.json["faults"]["relevant"]  # type: ignore[index]
    assert reply.json["problems"] == 1  # type: ignore[index]


def test_two_authors_of_one_question_see_both_versions(people: Flask) -> None:
    alice, lars = sign_in(people, LEADER), sign_in(people, STRANGER)
    page = alice.get(f"{EDIT}?at=question.why").text
    assert send(lars, "question.why", text="Why from Lars?").status_code == 303
    data = {
        "csrf_token": token_in(page), "place": "question.why", "basis": basis_in(page), "kind": "text",
        "section": "more", "text": "Why from Alice?", "asked_in": ["survey", "interview"],
    }  # fmt: skip
    reply = alice.post(EDIT, data=data)
    assert reply.status_code == 409
    assert all(words in reply.text for words in ("Lars Stranger", "Why from Lars?", "Why from Alice?"))
    again = {**data, "basis": basis_in(reply.text), "csrf_token": token_in(reply.text)}
    assert alice.post(EDIT, data=again).status_code == 303
    with changing(people) as session:
        assert draft(session).definition["questions"][5]["text"] == "Why from Alice?"


def test_two_authors_of_different_questions_do_not_disturb_each_other(people: Flask) -> None:
    alice, lars = sign_in(people, LEADER), sign_in(people, STRANGER)
    page = alice.get(f"{EDIT}?at=question.why").text
    assert send(lars, "section.more", title="Even more").status_code == 303
    data = {"csrf_token": token_in(page), "place": "question.why", "basis": basis_in(page), "kind": "text"}
    assert alice.post(EDIT, data=data | {"section": "more", "text": "Why, Alice?"}).status_code == 303
    with changing(people) as session:
        document = draft(session).definition
        assert (document["sections"][1]["title"], document["questions"][5]["text"]) == ("Even more", "Why, Alice?")


def test_publishing_names_what_breaks_and_asks_for_a_tick(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    send(browser, "question.why", do="delete", text="Why?")
    page = browser.get("/questionnaires/pulse/publish").text
    assert "1 of 1 change breaking" in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    data = {"csrf_token": token_in(page), "revision": revision[1]}
    refused = browser.post("/questionnaires/pulse/publish", data=data)
    assert (refused.status_code, "Tick that you know" in refused.text) == (400, True)
    done = browser.post("/questionnaires/pulse/publish", data=data | {"knows": "yes"}, follow_redirects=True)
    assert "is published as version 2" in done.text
    assert browser.get(EDIT).status_code == 404
    with changing(people) as session:
        assert newest_version(session, "pulse").version == 2


def test_the_responses_that_a_change_meets_are_counted_before(people: Flask) -> None:
    with changing(people) as session:
        add_answers(session, "pulse", [{"recommend": 9, "speed": 2}, {"recommend": 3}, {"care": 1}])
    browser = sign_in(people, LEADER)
    send(
        browser, "question.recommend", kind="scale_1_5", section="main", text="Would you recommend us?",
        dimension="recommendation",
    )  # fmt: skip
    page = browser.get("/questionnaires/pulse/publish").text
    assert "2 responses affected, 1 of 1 change breaking" in page
    assert "2 responses are affected" in page
    assert "1 study uses earlier versions" in page
    assert "2 answered" in browser.get("/questionnaires/pulse").text


def test_a_draft_with_problems_lists_them_all_and_is_not_published(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    send(browser, "question.why", text="", relevant="${nobody} <")
    send(browser, "question.plan", kind="single_choice", section="main", text="Plan?")
    page = browser.get("/questionnaires/pulse/publish").text
    assert "2 things stand in the way" in page
    assert "“text” is missing" in page
    assert "choice without options" in page


def test_a_translation_is_saved_with_its_faults(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    address = "/questionnaires/pulse/translate/ar"
    page = browser.get(address).text
    data = {"csrf_token": token_in(page), "basis": basis_in(page), "direction": "ltr"}
    data |= {"text:question.why.text": "لماذا ${nobody}", "text:name": "نبض"}
    assert browser.post(address, data=data).status_code == 303
    again = browser.get(address).text
    assert "does not stand in the original" in again
    assert 'dir="rtl"' in again
    with changing(people) as session:
        assert draft(session).definition["directions"] == {"ar": "ltr"}


def test_a_question_says_that_it_asks_what_matters(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    options = {"option_key": ["support", "luck"], "option_label": ["Help", "Luck"]}
    ranking = {"kind": "ranking", "section": "main", "text": "What matters most?", "importance": "ranked"}
    refused = browser.get(send(browser, "question.plan", **ranking, **options).location).text
    assert "the key “luck” of an option is none" in refused
    assert "Do people say what matters most to them?" in refused
    send(browser, "question.plan", **ranking, option_key=["support", "value"], option_label=["Help", "Worth"])
    with changing(people) as session:
        plan = next(each for each in draft(session).definition["questions"] if each["key"] == "plan")
        assert plan["importance"] == "ranked"
    page = browser.get(f"{EDIT}?at=question.plan").text
    assert '<option value="ranked" selected>' in page
    assert "of an option is none" not in page
    scale = browser.get(f"{EDIT}?at=question.recommend").text
    assert "Asks how much this topic matters" in scale
    assert "Asks how much this topic matters" not in browser.get(f"{EDIT}?at=question.why").text


def test_a_question_of_the_bank_keeps_its_key(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = browser.get("/questionnaires/new").text
    reply = browser.post("/questionnaires/new", data={"csrf_token": token_in(page), "name": "Spring", "language": "en"})
    assert reply.location == "/questionnaires/spring/edit"
    data = {"csrf_token": token_in(page), "question": "recommend"}
    browser.post("/questionnaires/spring/bank", data=data)
    with changing(people) as session:
        assert [entry["key"] for entry in draft(session, "spring").definition["questions"]] == ["recommend"]
    assert browser.post("/questionnaires/spring/bank", data=data | {"question": "none"}).status_code == 404


def test_a_draft_is_discarded_only_as_it_was_seen(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = browser.get("/questionnaires").text
    send(browser, "question.why", text="Why now?")
    data = {"csrf_token": token_in(page), "revision": "1"}
    assert browser.post("/questionnaires/pulse/discard", data=data).status_code == 400
    assert browser.post("/questionnaires/pulse/discard", data=data | {"revision": "2"}).status_code == 302
    assert browser.get(EDIT).status_code == 404


def test_a_draft_without_a_change_is_not_offered_for_publishing(people: Flask) -> None:
    with people.app_context():
        publish_built_ins(db.session)
        db.session.commit()
    browser = sign_in(people, LEADER)
    page = browser.get("/questionnaires").text
    reply = browser.post("/questionnaires/relationship/draft", data={"csrf_token": token_in(page)})
    assert reply.status_code == 302
    page = browser.get("/questionnaires/relationship/publish").text
    assert "Nothing has changed since version 1" in page
    assert "Publish version" not in page
    assert re.search(r'href="/studies" aria-current="true"', page)
