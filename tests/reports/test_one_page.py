"""The one-page edition: one page for every document and paper, the same figures, and who may see it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from pypdf import PdfReader

from app.reports.rendering import one_page_html, one_page_pdf
from app.reports.rules.one_page import one_page
from app.reports.rules.paper import Paper, paper_of
from app.reports.rules.report import report
from tests.conftest import Fill
from tests.reports.hostile import TEXTS, named
from tests.reports.portfolios import document_of
from tests.reports.studies import add_alices_study
from tests.users.people import CSM, LEADER, STRANGER, VIEWER, sign_in

ONE_PAGE = "/studies/q1/gaps/one-page.pdf"
SIZES = {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}


@pytest.fixture
def in_request(application: Flask) -> Iterator[None]:
    """Templates are filled inside a request."""
    with application.test_request_context("/"):
        yield


def worst() -> dict[str, Any]:
    """Return a document with every note, the longest sentences, and amounts that no company earns."""
    document = named(TEXTS["one word"], is_circular=True)
    document["is_restricted"], document["currency"] = True, "XYZ"
    document["population"]["arr"] = 9e15
    document["hidden_risk"] |= {"accounts": 2_222_222, "confirmed": 0, "probable": 1_111_111}
    document["warnings"].append({"code": "NOT_DRAWN", "message": "They joined as things happened. " * 20})
    for account in document["accounts"]:
        account["arr"], account["currency"] = 1_234_567_890_123.0, "XYZ"
    return document


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


DOCUMENTS = {
    "nobody answered": lambda: document_of(60, 120, answering=0.0),
    "one account": lambda: document_of(1, 1),
    "four accounts": lambda: document_of(4, 9),
    "sixty accounts": lambda: document_of(60, 120),
    "two thousand accounts": lambda: document_of(2_000, 4_000),
    "no health": lambda: document_of(60, 120, has_health=False),
    "no account": lambda: document_of(60, 120) | {"accounts": []},
    "worst": worst,
    **{name: lambda text=text: named(text) for name, text in TEXTS.items()},
}
PAPERS = [*Paper]
WITHOUT_GLYPHS = {"emoji", "no spaces"}
"""Texts for which no font may be installed: the reader that tests use cannot read a page with missing letters."""


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("name", "paper"),
    [(name, PAPERS[i % 2]) for i, name in enumerate(DOCUMENTS)] + [("worst", paper) for paper in PAPERS],
)
def test_it_is_exactly_one_page(name: str, paper: Paper) -> None:
    reader = PdfReader(io.BytesIO(one_page_pdf(DOCUMENTS[name](), paper)))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == SIZES[paper]
    if name not in WITHOUT_GLYPHS:
        text = reader.pages[0].extract_text()
        assert "How it was made." in text
        assert "Page 1 of 1" in text
    assert not [a for page in reader.pages for a in page.get("/Annots", [])], "there is no link in it"


@pytest.mark.usefixtures("in_request")
def test_it_says_what_the_report_says() -> None:
    document = document_of(60, 120)
    whole, page = report(document), one_page(document)
    text = text_of(one_page_pdf(document)).replace("\u00a0", " ")
    said = [
        whole.headline,
        *whole.lede,
        *(part for stat in whole.sums for part in (stat.label, stat.value, stat.basis)),
    ]
    said += [part for line in whole.calls for part in (line.name, line.arr, line.gap, line.interval, line.people)]
    missing = [each for each in said if each.replace("\u00a0", " ") not in text]
    assert not missing
    assert len(page.calls) == 5
    assert page.calls_title == "Call these five this week"
    assert [call.why.split(":")[0] for call in page.calls] == ["Confirmed"] * 5


@pytest.mark.usefixtures("in_request")
def test_texts_stay_text_and_lead_nowhere() -> None:
    html = one_page_html(named(TEXTS["markup"]))
    assert "<script" not in html
    assert str(escape("<script>alert(1)</script>")) in html
    assert "<a " not in html
    assert " style=" not in html


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("letter", Paper.LETTER),
        (" Letter ", Paper.LETTER),
        ("a4", Paper.A4),
        ("", Paper.A4),
        (None, Paper.A4),
        ("legal", Paper.A4),
        ("letter; size: 1px", Paper.A4),
    ],
)
def test_every_other_word_for_a_paper_is_a4(text: str | None, paper: Paper) -> None:
    assert paper_of(text) is paper


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def test_who_may_see_the_report_opens_its_one_page(scored: Flask) -> None:
    for person in (LEADER, VIEWER):
        reply = sign_in(scored, person).get(ONE_PAGE)
        assert reply.mimetype == "application/pdf"
        assert reply.headers["Content-Disposition"] == 'inline; filename="gap-report-q1-one-page.pdf"'
        assert "Account 4" in text_of(reply.data)
    assert sign_in(scored, STRANGER).get(ONE_PAGE).status_code == 404
    assert scored.test_client().get(ONE_PAGE).status_code == 302


def test_a_csm_reads_a_page_of_their_own_accounts(scored: Flask) -> None:
    browser = sign_in(scored, CSM)
    text = text_of(browser.get(ONE_PAGE).data).replace("\u00a0", " ")
    assert "You see two accounts of the 10" in text
    named_accounts = set(re.findall(r"Account \d+", text))
    assert named_accounts <= {"Account 2", "Account 4"}
    assert "Account 4" in text


def test_the_report_offers_both_on_both_papers(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    page = browser.get("/studies/q1/gaps").text
    assert f'formaction="{ONE_PAGE}"' in page
    assert 'action="/studies/q1/gaps.pdf"' in page
    assert '<option value="letter">Letter' in page
    for address, size in (("?paper=letter", SIZES[Paper.LETTER]), ("?paper=legal", SIZES[Paper.A4])):
        for path in (ONE_PAGE, "/studies/q1/gaps.pdf"):
            box = PdfReader(io.BytesIO(browser.get(path + address).data)).pages[0].mediabox
            assert (round(box.width), round(box.height)) == size
