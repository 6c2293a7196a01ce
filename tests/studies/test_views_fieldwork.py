"""Following a study: what each person sees of who was heard and who is silent."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.responses.models import Response, ResponseChange
from app.studies.models import Respondent, SampledAccount, Study
from tests.conftest import Fill
from tests.studies.portfolio import send
from tests.studies.test_views import count_queries, score
from tests.users.people import ADMIN, CSM, LEADER, NOON, STRANGER, VIEWER, changing, populate, sign_in


def add_fieldwork(session: Session) -> None:
    """Alice's study with one account heard at Carl's and one elsewhere; two more are silent, one of them Carl's."""
    populate(session)
    study = session.scalars(sa.select(Study).where(Study.key == "alices")).one()
    for number, csm_email in ((7, CSM), (8, None)):
        account = Account(crm_id=f"silent-{number}", name=f"Silent {number}", csm_email=csm_email, arr=number * 1000)
        session.add(account)
        session.flush()
        contact = Contact(crm_id=f"p-{number}", account_id=account.id, name=f"Person {number}", role="champion")
        drawn = SampledAccount(
            study_id=study.id, account_id=account.id, stratum="rest", stratum_size=9, weight=1.0, mode="interview"
        )
        session.add_all([contact, drawn])
        session.flush()
        session.add(
            Respondent(
                study_id=study.id, account_id=account.id, contact_id=contact.id, role="champion", mode="interview"
            )
        )


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """Alice's study with one account heard at Carl's and one elsewhere; two more are silent, one of them Carl's."""
    fill(add_fieldwork)
    return application


@pytest.mark.parametrize(
    ("email", "title", "silent", "names"),
    [
        pytest.param(ADMIN, "2 of 4 accounts have answered", {7, 8}, True, id="admin"),
        pytest.param(LEADER, "2 of 4 accounts have answered", {7, 8}, True, id="owner"),
        pytest.param(CSM, "1 of 2 accounts assigned to you has answered", {7}, True, id="csm"),
        pytest.param(VIEWER, "2 of 4 accounts have answered", {7, 8}, False, id="viewer"),
    ],
)
def test_show_is_cut_to_what_the_caller_may_see(
    people: Flask, email: str, title: str, silent: set[int], names: bool
) -> None:
    page = sign_in(people, email).get("/studies/alices").text
    assert title in page
    assert {number for number in (7, 8) if f"Silent {number}" in page} == silent
    assert ("Person 7" in page) is names
    assert ("Close the study" in page) is (email in {ADMIN, LEADER})


def test_show_is_missing_for_strangers(people: Flask) -> None:
    assert sign_in(people, STRANGER).get("/studies/alices").status_code == 404


def test_show_counts_people_and_money_exactly(people: Flask) -> None:
    page = sign_in(people, LEADER).get("/studies/alices").text
    assert "50\u00a0%" in page
    assert "2 of 4 drawn" in page
    assert "The 2 silent accounts pay 15\u00a0k a year." in page
    assert page.index("Silent 8") < page.index("Silent 7")
    assert "Agree on an interview" in page
    assert ">0 <small>of 2</small>" in page
    assert ">2 <small>of 2</small>" in page


def test_begun_answers_are_not_heard(people: Flask) -> None:
    with changing(people) as session:
        respondent = session.scalars(sa.select(Respondent).where(Respondent.mode == "interview").limit(1)).one()
        session.add(
            Response(
                study_id=respondent.study_id,
                respondent_id=respondent.id,
                external_id="begun",
                version_id=session.get_one(Study, respondent.study_id).version_id,
                mode="interview",
                source="interview",
            )
        )
    page = sign_in(people, LEADER).get("/studies/alices").text
    assert "2 of 4 accounts have answered" in page
    assert "1 more begun" in page
    assert "Begun, not sent: ask to finish" in page


def test_show_links_only_what_is_there(people: Flask) -> None:
    page = sign_in(people, LEADER).get("/studies/alices").text
    assert ("Assign interviews" in page) is ("interviews.assign" in people.view_functions)
    assert ("Links (CSV)" in page) is ("surveys.links_csv" in people.view_functions)
    assert ("CSV, a row per answer" in page) is ("transfer.answers_csv" in people.view_functions)
    assert "/studies/alices/gaps" not in page
    assert "Score the answers" in page


def test_a_scored_study_links_its_report(people: Flask) -> None:
    score(people, "alices")
    page = sign_in(people, VIEWER).get("/studies/alices").text
    assert 'href="/studies/alices/gaps"' in page
    assert "Score the answers" not in page


def test_many_accounts_show_a_bar_and_pages(people: Flask) -> None:
    add_silent(people, 80)
    browser = sign_in(people, LEADER)
    page = browser.get("/studies/alices").text
    assert 'class="stratum-bar"' in page
    assert "25 of 82" in page
    assert "1 to 25 of 82" in page
    last = browser.get("/studies/alices?page=99").text
    assert "76 to 82 of 82" in last
    assert browser.get("/studies/alices?page=x").status_code == 200


def test_show_asks_as_many_queries_for_many_accounts_as_for_few(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    few = count_queries(people, lambda: browser.get("/studies/alices"))
    add_silent(people, 60)
    assert count_queries(people, lambda: browser.get("/studies/alices")) == few


def add_silent(application: Flask, number: int) -> None:
    with changing(application) as session:
        study = session.scalars(sa.select(Study).where(Study.key == "alices")).one()
        accounts = [Account(crm_id=f"more-{i:03d}", name=f"More {i}") for i in range(number)]
        session.add_all(accounts)
        session.flush()
        session.add_all(
            SampledAccount(
                study_id=study.id, account_id=each.id, stratum="rest", stratum_size=9, weight=1.0, mode="survey"
            )
            for each in accounts
        )


def test_scoring_from_the_page_is_left_to_the_worker(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    reply = send(browser, "/studies/alices/score", form="/password")
    assert reply.location == "/studies/alices"
    assert "are being scored" in browser.get("/studies/alices").text
    with changing(people) as session:
        due = sa.select(Study.key).join(ResponseChange, ResponseChange.study_id == Study.id)
        assert session.scalars(due).all() == ["alices"]
    assert people.extensions["bell"].queue.pending_count() == 1


def test_closed_studies_say_since_when(people: Flask) -> None:
    with changing(people) as session:
        session.execute(sa.update(Study).where(Study.key == "alices").values(closed_at=NOON))
    page = sign_in(people, LEADER).get("/studies/alices").text
    assert "Closed since 1\u00a0March 2026" in page
    assert "Not heard; the fieldwork is closed" in page
    assert "Close the study" not in page
