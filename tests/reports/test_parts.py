"""A part of a report: chosen by the address, the same on page, file and paper, within what a reader sees."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update

from app.customers.models import Account
from app.reports import choosing
from app.scoring.models import ChosenFigures
from app.scoring.tasks import choose
from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

GAPS = "/studies/q1/gaps"
LARGE = "?segment=Large"


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts, A2 and A4, both large, are Carl's."""
    fill(add_alices_study)
    return application


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def document(browser: FlaskClient, query: str = "") -> Any:
    reply = browser.get(f"/studies/q1/gaps.json{query}")
    assert reply.status_code == 200
    return reply.json


def ids(document: Any) -> set[str]:
    return {account["account_id"] for account in document["accounts"]}


def test_the_whole_report_says_that_nothing_was_chosen(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    assert document(browser)["filters"] == {}
    page = browser.get(GAPS).text
    assert "All segments" in page
    assert "Large (4)" in page
    assert "Small (6)" in page
    assert "Publish this selection" not in page


def test_a_segment_is_the_report_of_its_accounts(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    whole, part = document(browser), document(browser, LARGE)
    assert part["filters"] == {"segment": "Large"}
    assert ids(part) == {"A1", "A2", "A3", "A4"}
    assert part["population"]["accounts"] == 4
    assert part["sample"]["drawn"] == 4
    scores = {account["account_id"]: account for account in whole["accounts"]}
    assert all(account == scores[account["account_id"]] for account in part["accounts"]), "no account has two gaps"
    page = plain(browser.get(GAPS + LARGE).text)
    assert "A part of the study: Large." in page
    assert "Among the four accounts chosen, " in page
    assert "We asked all four accounts chosen" in page
    assert "Account 7" not in page
    assert "Take away: Large" in page


def test_paper_and_files_are_of_the_same_part(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    pdf = browser.get(f"/studies/q1/gaps.pdf{LARGE}")
    assert pdf.headers["Content-Disposition"] == 'inline; filename="gap-report-q1-part.pdf"'
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "Large" in text
    assert "Account 7" not in text
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{GAPS}/tables/accounts.csv{LARGE}").text)))
    assert {row["account_id"] for row in rows} == {"A1", "A2", "A3", "A4"}
    assert f"{GAPS}/tables/accounts.csv{LARGE}" in browser.get(GAPS + LARGE).text
    papers = browser.get(GAPS + LARGE).text.partition('class="papers" method="get" action="/studies/q1/gaps.pdf"')[2]
    assert '<input type="hidden" name="segment" value="Large">' in papers.partition("</form>")[0]


def test_people_of_one_role_speak_alone_and_the_page_says_so(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    part = document(browser, "?role=champion")
    assert {account["respondents"] for account in part["accounts"]} == {1}
    assert {each["role"] for account in part["accounts"] for each in account["evidence"]} == {"champion"}
    page = plain(browser.get(f"{GAPS}?role=champion").text)
    assert "Only champions speak here" in page
    assert "Heard from champions alone, " in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?renewal=90", set()),
        ("?renewal=180", {f"A{i}" for i in range(1, 11)}),
        ("?csm=CSM1@example.test", {"A1", "A3", "A5", "A7", "A9"}),
        ("?segment=Large&csm=csm1@example.test", {"A1", "A3"}),
    ],
)
def test_what_is_chosen(scored: Flask, query: str, expected: set[str]) -> None:
    browser = sign_in(scored, LEADER)
    if expected:
        assert ids(document(browser, query)) == expected
        return
    assert browser.get(f"/studies/q1/gaps.json{query}").status_code == 400


def test_filters_that_leave_nobody_say_which_to_open(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    reply = browser.get(f"{GAPS}?segment=Large&renewal=overdue")
    assert reply.status_code == 200
    assert "Nobody is left by these filters" in reply.text
    assert "Without “Renewal overdue”</a>: four accounts" in reply.text
    assert "Without “Large”</a>: zero accounts" in reply.text or "Without “Large”</a>: no accounts" in reply.text
    for path in ("/studies/q1/gaps.json", "/studies/q1/gaps.pdf", f"{GAPS}/tables.xlsx"):
        refused = browser.get(f"{path}?segment=Large&renewal=overdue")
        assert refused.status_code == 400, path


@pytest.mark.parametrize("query", ["?segment=None+such", "?renewal=31", "?csm=nobody@example.test", "?role=%3Cb%3E"])
def test_what_is_not_known_is_left_out_with_a_sentence(scored: Flask, query: str) -> None:
    browser = sign_in(scored, LEADER)
    page = browser.get(GAPS + query)
    assert page.status_code == 200
    assert "of this study and was left out." in page.text
    assert "<b>”" not in page.text
    assert document(browser, query)["filters"] == {}


def test_a_csm_filter_shows_what_that_csm_sees(scored: Flask) -> None:
    leaders = document(sign_in(scored, LEADER), f"?csm={CSM}")
    browser = sign_in(scored, CSM)
    assert ids(leaders) == ids(document(browser)) == {"A2", "A4"}
    own = document(browser, LARGE)
    assert ids(own) == {"A2", "A4"}
    for key in ("voice", "agreement", "crosstab", "hidden_risk", "arr_at_risk", "value"):
        assert own[key] == leaders[key], "figures of a part never speak of a colleague's accounts"


def test_a_csm_is_not_shown_what_others_have(scored: Flask) -> None:
    browser = sign_in(scored, CSM)
    page = browser.get(GAPS).text
    assert "csm1@example.test" not in page
    assert "Small (" not in page
    assert "was left out" in browser.get(f"{GAPS}?segment=Small").text
    assert document(browser, "?csm=csm1@example.test")["filters"] == {}


@pytest.mark.parametrize("person", [ADMIN, VIEWER])
def test_others_who_see_the_study_choose_too(scored: Flask, person: str) -> None:
    assert ids(document(sign_in(scored, person), LARGE)) == {"A1", "A2", "A3", "A4"}


def test_a_stranger_finds_no_part(scored: Flask) -> None:
    browser = sign_in(scored, STRANGER)
    for path in (GAPS, "/studies/q1/gaps.json", "/studies/q1/gaps.pdf", f"{GAPS}/part.json"):
        assert browser.get(path + LARGE).status_code == 404
    token = token_in(browser.get("/password").text)
    for path in ("compute", "cancel"):
        assert browser.post(f"{GAPS}/part/{path}", data={"csrf_token": token, "segment": "Large"}).status_code == 404


def test_figures_that_were_computed_are_not_computed_again(scored: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(scored, LEADER)
    first = document(browser, LARGE)
    monkeypatch.setattr(choosing, "LARGE", 0)
    assert document(browser, LARGE) == first, "they are kept"
    assert browser.get(f"/studies/q1/gaps.json{LARGE}&role=champion").status_code == 400, "others are for the worker"


def test_accounts_that_move_are_seen_at_once(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    assert len(ids(document(browser, LARGE))) == 4
    with changing(scored) as session:
        session.execute(update(Account).where(Account.crm_id == "A7").values(segment="Large"))
    part = document(browser, LARGE)
    assert "A7" in ids(part)
    assert part["sample"]["drawn"] == 5


def test_a_large_part_is_computed_by_the_worker(scored: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGE", 0)
    browser = sign_in(scored, LEADER)
    page = browser.get(GAPS + LARGE).text
    assert "These figures are not computed yet" in page
    fields = {"csrf_token": token_in(page), "segment": "Large"}
    reply = browser.post(f"{GAPS}/part/compute", data=fields)
    assert (reply.status_code, reply.location) == (303, GAPS + LARGE)
    assert "Step 1 of 3" in browser.get(GAPS + LARGE).text
    assert browser.get(f"{GAPS}/part.json{LARGE}").json == {"stamp": "0", "is_waiting": False}
    assert browser.post(f"{GAPS}/part/cancel", data=fields).status_code == 303
    assert "These figures are not computed yet" in browser.get(GAPS + LARGE).text
    browser.post(f"{GAPS}/part/compute", data=fields)
    with scored.app_context():
        assert len(choose()) == 1
    assert "Among the four accounts chosen, " in plain(browser.get(GAPS + LARGE).text)
    assert ids(document(browser, LARGE)) == {"A1", "A2", "A3", "A4"}
    with changing(scored) as session:
        assert session.scalars(select(ChosenFigures)).one().query == {"segment": "Large"}


def publish(browser: FlaskClient, **part: str) -> str:
    token = token_in(browser.get(GAPS).text)
    reply = browser.post(f"{GAPS}/editions", data={"csrf_token": token, **part}, follow_redirects=True)
    return plain(reply.text)


def test_a_selection_is_published_and_held_against_its_own_last(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    assert "Publish this selection" in leader.get(GAPS + LARGE).text
    assert "Edition 1 is published" in publish(leader)
    second = publish(leader, segment="Large")
    assert "Edition 2 is published" in second
    assert "A part of the study: Large." in second
    assert "Against edition" not in second, "the first of its part has none to be held against"
    assert "Edition 2 holds the same figures" in publish(leader, segment="Large")
    assert "Edition 1 holds the same figures" in publish(leader)
    listed = leader.get(f"{GAPS}/editions").text
    assert "Publish edition 3" in listed
    assert '<span class="sub">Large</span>' in listed
    assert "Account 7" not in leader.get(f"{GAPS}/editions/2").text
    with changing(scored) as session:
        session.execute(update(Account).where(Account.crm_id == "A7").values(segment="Large"))
    third = publish(leader, segment="Large")
    assert "Edition 3 is published" in third
    assert "Against edition 2:" in third


def test_a_csm_reads_editions_of_the_whole_and_of_their_own_accounts(scored: Flask) -> None:
    leader, csm = sign_in(scored, LEADER), sign_in(scored, CSM)
    publish(leader)
    publish(leader, csm=CSM)
    publish(leader, csm="csm1@example.test")
    for number, status in ((1, 200), (2, 200), (3, 404)):
        for path in (f"{GAPS}/editions/{number}", f"{GAPS}/editions/{number}.pdf"):
            assert csm.get(path).status_code == status, path
        assert csm.get(f"{GAPS}/editions/{number}/tables.xlsx").status_code == status
    assert "csm1@example.test" not in csm.get(f"{GAPS}/editions").text


def test_outside_no_csm_stands_in_the_head(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    publish(leader, csm="csm1@example.test")
    token = token_in(leader.get(f"{GAPS}/editions/1").text)
    made = leader.post(
        f"{GAPS}/editions/1/links", data={"csrf_token": token, "made_for": "The board", "days": "7"}
    ).text
    address = made.split('readonly size="64" value="')[1].split('"')[0]
    outside = scored.test_client().get(address[address.index("/r/") :]).text
    assert "csm1" not in outside.lower()
    assert "accounts of one CSM" in outside
