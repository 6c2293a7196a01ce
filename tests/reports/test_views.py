"""The report in the browser: who sees what of it, and what stands there before it exists."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update

from app.customers.models import Account
from app.responses.models import ResponseChange
from app.scoring.tasks import check
from app.studies.models import Study
from tests.conftest import Fill
from tests.reports.studies import add_alices_study, drawn_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

PATHS = ("/studies/q1/gaps", "/studies/q1/gaps.json", "/studies/q1/gaps.pdf")


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


@pytest.mark.parametrize("person", [ADMIN, LEADER, VIEWER])
def test_those_who_may_see_the_study_see_all_of_its_report(scored: Flask, person: str) -> None:
    browser = sign_in(scored, person)
    assert "Account 7" in browser.get(PATHS[0]).text
    reply = browser.get(PATHS[1])
    assert reply.json is not None
    assert len(reply.json["accounts"]) == 10


def test_a_csm_sees_assigned_accounts_only(scored: Flask) -> None:
    browser = sign_in(scored, CSM)
    page = browser.get(PATHS[0]).text
    assert "You see two accounts of the 10" in page.replace("\u00a0", " ")
    assert "Account 4" in page
    assert "Account 7" not in page
    assert "R-A7" not in page
    document = browser.get(PATHS[1]).json
    assert document is not None
    assert {account["account_id"] for account in document["accounts"]} == {"A2", "A4"}
    pdf = PdfReader(io.BytesIO(browser.get(PATHS[2]).data))
    assert "Account 7" not in " ".join(page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("path", PATHS)
def test_a_strangers_report_is_not_there(scored: Flask, path: str) -> None:
    assert sign_in(scored, STRANGER).get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_it_without_signing_in(scored: Flask, path: str) -> None:
    assert scored.test_client().get(path).status_code in {302, 401}


@pytest.mark.parametrize("path", ["/studies/none/gaps", "/studies/none/gaps.json", "/studies/none/gaps.pdf"])
def test_an_unknown_study_is_not_there(scored: Flask, path: str) -> None:
    assert sign_in(scored, ADMIN).get(path).status_code == 404


def test_the_pdf_opens_in_the_browser(scored: Flask) -> None:
    reply = sign_in(scored, LEADER).get(PATHS[2])
    assert reply.mimetype == "application/pdf"
    assert reply.headers["Content-Disposition"] == 'inline; filename="gap-report-q1.pdf"'
    assert reply.data.startswith(b"%PDF")


def test_the_page_keeps_to_the_content_policy(scored: Flask) -> None:
    page = sign_in(scored, LEADER).get(PATHS[0]).text
    report = page[page.index('class="report') :]
    assert " style=" not in report
    assert "<style" not in page
    assert "alert('name')</script>" not in page
    assert report.count("<h1") == 1


def test_no_contact_stands_in_the_report(scored: Flask) -> None:
    browser = sign_in(scored, VIEWER)
    assert "Person " not in browser.get(PATHS[0]).text
    assert "Person " not in browser.get(PATHS[1]).text


@pytest.mark.parametrize(("person", "step"), [(LEADER, "flask study score q1"), (VIEWER, "Nothing is needed from you")])
def test_before_scoring_the_page_names_the_next_step(application: Flask, person: str, step: str) -> None:
    with changing(application) as session:
        owner = add_people(session)[LEADER]
        drawn_study(session).owner_id = owner.id
    page = sign_in(application, person).get(PATHS[0])
    assert page.status_code == 200
    assert "has not been scored yet" in page.text
    assert step in page.text


def test_before_scoring_there_is_no_data_to_download(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
        drawn_study(session)
    browser = sign_in(application, ADMIN)
    assert browser.get(PATHS[1]).status_code in {400, 404, 409, 422}
    assert browser.get(PATHS[2]).status_code in {400, 404, 409, 422}


def test_an_open_page_learns_that_newer_answers_are_being_scored(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    before = browser.get("/studies/q1/gaps/state.json").json
    assert before is not None
    assert before["scored_at"]
    assert before["is_waiting"] is False
    with changing(scored) as session:
        session.add(ResponseChange(study_id=session.scalars(select(Study.id).where(Study.key == "q1")).one()))
    assert browser.get("/studies/q1/gaps/state.json").json == before | {"is_waiting": True}
    page = browser.get(PATHS[0]).text
    assert f'data-stamp="{before["scored_at"]}"' in page
    assert "New answers are being scored" in page


def test_the_state_of_a_strangers_study_is_not_there(scored: Flask) -> None:
    assert sign_in(scored, STRANGER).get("/studies/q1/gaps/state.json").status_code == 404


def test_from_a_number_to_the_words_behind_it_are_two_clicks(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    page = browser.get(PATHS[0]).text
    first = page[: page.index("In their own words")]
    account = re.search(r'<a class="holder" href="(/accounts/[^"]+)"', first)
    assert account, "an account of the first page leads to its own page"
    behind = re.search(r'href="(/studies/q1/responses/[^"]+)"', browser.get(account[1]).text)
    assert behind, "its page leads to what people said"
    assert browser.get(behind[1]).status_code == 200


def test_words_on_the_report_lead_to_their_response_for_whoever_may_read_it(scored: Flask) -> None:
    for person in (LEADER, CSM, VIEWER):
        browser = sign_in(scored, person)
        for address in set(re.findall(r'href="(/studies/q1/responses/[^"]+)"', browser.get(PATHS[0]).text)):
            assert browser.get(address).status_code == 200, (person, address)


def test_marks_of_the_quadrant_lead_to_their_accounts(scored: Flask) -> None:
    page = sign_in(scored, LEADER).get(PATHS[0]).text
    assert re.search(r'<a href="/accounts/A\d+" tabindex="-1" aria-label="Account \d+: health \d+, voice \d+"', page)
    assert "mark.invalid" not in page


def test_a_report_that_leaves_the_house_has_no_links_into_it(scored: Flask) -> None:
    pdf = PdfReader(io.BytesIO(sign_in(scored, LEADER).get(PATHS[2]).data))
    uris = [a.get_object().get("/A", {}).get("/URI") for page in pdf.pages for a in page.get("/Annots", [])]
    assert not [uri for uri in uris if uri]
    assert "mark.invalid" not in " ".join(page.extract_text() for page in pdf.pages)


def check_on_page(browser: FlaskClient) -> str:
    """What the report's page says about computing it again."""
    page = browser.get(PATHS[0]).text
    return page[page.index('id="check"') :]


def test_a_report_is_computed_again_on_demand(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    assert "Nobody has computed these figures again yet." in check_on_page(browser)
    reply = browser.post("/studies/q1/recompute", data={"csrf_token": token_in(check_on_page(browser))})
    assert reply.location == "/studies/q1/gaps#check"
    assert "The worker is computing these figures again." in check_on_page(browser)
    with scored.app_context():
        check()
    assert "every figure came out the same, to the last digit" in check_on_page(browser)


def test_what_differs_since_is_said(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    browser.post("/studies/q1/recompute", data={"csrf_token": token_in(check_on_page(browser))})
    with changing(scored) as session:
        session.execute(update(Account).where(Account.crm_id == "A7").values(arr=1))
    with scored.app_context():
        check()
    assert "figures differ" in check_on_page(browser)
    assert re.search(r"arr_at_risk\.expected: [\d.]+ is now [\d.]+", check_on_page(browser))


@pytest.mark.parametrize(("person", "status"), [(STRANGER, 404), (CSM, 403), (VIEWER, 403)])
def test_only_who_runs_the_study_has_it_computed_again(scored: Flask, person: str, status: int) -> None:
    browser = sign_in(scored, person)
    token = token_in(browser.get("/password").text)
    assert browser.post("/studies/q1/recompute", data={"csrf_token": token}).status_code == status
