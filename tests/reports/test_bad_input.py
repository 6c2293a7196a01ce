"""Reports of studies that lack much and of texts that layouts fear: calm pages each, and one that is stopped."""

import functools
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from pypdf import PdfReader

from app.core.pdf import SECONDS, render_pdf
from app.reports import rendering
from app.reports.rendering import pdf_bytes, standalone_html
from app.reports.rules.paper import Paper
from app.reports.rules.report import LONGEST_NAME, report
from tests.conftest import Fill
from tests.reports.hostile import TEXTS, named
from tests.reports.portfolios import document_of
from tests.reports.studies import add_alices_study
from tests.users.people import LEADER, sign_in

MOST_PAGES = 25


@pytest.fixture
def in_request(application: Flask) -> Iterator[None]:
    """Templates are filled inside a request."""
    with application.test_request_context("/"):
        yield


def without_strata() -> dict[str, Any]:
    """Return a study that drew from all accounts at once."""
    document = document_of(4, 9)
    one = {"stratum": "", "drawn": 4, "responded": 3}
    document["sample"]["by_stratum"] = [document["sample"]["by_stratum"][0] | one]
    for account in document["accounts"]:
        account["stratum"] = ""
    return document


LACKING = {
    "no answer": lambda: document_of(60, 120, answering=0.0),
    "one answer": lambda: document_of(1, 1, answering=1.0, people=(1, 1)),
    "four answers": lambda: document_of(4, 9, answering=1.0, people=(1, 1)),
    "no strata": without_strata,
    "no health": lambda: document_of(14, 20, has_health=False),
    "no money": lambda: document_of(4, 9, currency=None),
    "no account": lambda: document_of(14, 20) | {"accounts": []},
}


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("name", LACKING)
def test_a_report_that_lacks_much_says_what_it_lacks(name: str) -> None:
    document = LACKING[name]()
    html = standalone_html(document)
    assert html.count("<h1") == 1
    shown = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    assert not re.search(r"\b(nan|inf|NaN|undefined)\b", shown)
    pages = PdfReader(io.BytesIO(pdf_bytes(document))).pages
    assert 4 <= len(pages) <= 12
    assert report(document).headline.split(".")[0].split("€")[0][:40] in flat(pages[0].extract_text())


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("name", TEXTS)
def test_names_and_quotes_that_layouts_fear_make_calm_pages(name: str) -> None:
    document = named(TEXTS[name])
    html = standalone_html(document)
    assert "<script" not in html
    assert "</q><style>" not in html
    assert len(html) < 1_000_000
    pages = PdfReader(io.BytesIO(pdf_bytes(document, Paper.LETTER))).pages
    assert len(pages) <= MOST_PAGES


@pytest.mark.usefixtures("in_request")
def test_a_long_name_is_cut_on_pages_and_whole_in_the_data() -> None:
    document = named("N" * 5_000)
    assert {len(line.name) for line in report(document).accounts} == {LONGEST_NAME}
    assert len(document["accounts"][0]["name"]) == 5_000
    assert str(escape("N" * (LONGEST_NAME - 1) + "…")) in standalone_html(document)


def test_a_report_that_takes_too_long_is_refused_and_the_server_goes_on(
    application: Flask, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(add_alices_study)
    browser = sign_in(application, LEADER)
    assert SECONDS == 30
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "render_pdf", functools.partial(render_pdf, seconds=0))
        late = browser.get("/studies/q1/gaps.pdf")
    assert late.status_code == 400
    assert "was not ready after 0 seconds; the web page shows the same report" in late.text
    assert browser.get("/studies/q1/gaps").status_code == 200
    assert browser.get("/studies/q1/gaps.pdf").data.startswith(b"%PDF"), "what failed is not kept"
