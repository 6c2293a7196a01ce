"""What the PDF is made of: tags, titles, alternative texts, bookmarks, fonts, running heads; nothing that fetches."""

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader

from app.core.pdf import STATIC
from app.reports.rendering import one_page_pdf, pdf_bytes, pdf_html
from app.reports.rules.paper import Paper
from app.reports.rules.report import report
from tests.reports.portfolios import document_of

MOST_BYTES = 3_000_000


@pytest.fixture
def in_request(application: Flask) -> Iterator[None]:
    """Templates are filled inside a request."""
    with application.test_request_context("/"):
        yield


@pytest.fixture
def whole(in_request: None) -> bytes:
    """The PDF of a typical report."""
    del in_request
    return pdf_bytes(document_of(60, 120))


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every element of a structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(each["/S"])[1:] for each in elements(pdf.Root["/StructTreeRoot"]["/K"])]


def named(pdf: pikepdf.Pdf, tag: str) -> list[pikepdf.Dictionary]:
    return [each for each in elements(pdf.Root["/StructTreeRoot"]["/K"]) if each["/S"] == f"/{tag}"]


def fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
            yield each


@pytest.mark.parametrize("make", [pdf_bytes, one_page_pdf], ids=["whole", "one page"])
@pytest.mark.usefixtures("in_request")
def test_it_is_tagged_named_and_described(make: Any) -> None:
    content = make(document_of(60, 120))
    assert len(content) < MOST_BYTES
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root["/MarkInfo"]["/Marked"])
        assert str(pdf.Root["/Lang"]) == "en"
        assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"])
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Spring cross-section" in metadata["dc:title"]
        found = tags(pdf)
        assert found.count("H1") == 1
        assert {"H2", "Table", "THead", "TR", "TH", "TD", "Figure", "L", "LI"} <= set(found)
        figures = named(pdf, "Figure")
        assert len(figures) > 5
        assert all(str(each.get("/Alt", "")).strip() for each in figures), "each drawing is told in words"
        heads, cells = (named(pdf, tag) for tag in ("TH", "TD"))
        assert all("/ID" in each for each in heads)
        known = {bytes(each["/ID"]) for each in heads}
        headed = [each["/A"]["/Headers"] for each in cells if "/Headers" in each["/A"]]
        assert len(headed) > 0.8 * len(cells), "a cell knows its heads"
        assert {bytes(head) for heads_of in headed for head in heads_of} <= known


def test_headings_descend_one_by_one(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        levels = [int(tag[1]) for tag in tags(pdf) if re.fullmatch("H[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_bookmarks_are_the_sections(whole: bytes) -> None:
    made = report(document_of(60, 120))
    wanted = [
        made.headline,
        made.agreement_title,
        made.heard_title,
        made.charts["dimensions"].title,
        made.accounts_title,
        made.accounts_heading,
        made.voices_title,
        made.steps_title,
        "How it was computed",
    ]
    with pikepdf.open(io.BytesIO(whole)) as pdf, pdf.open_outline() as outline:
        (root,) = outline.root
        found = [root.title, *(item.title for item in root.children)]
    assert [title for title in found if title in wanted] == wanted


def test_fonts_are_inside_and_nothing_leads_outside(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        described = list(fonts(pdf))
        assert described
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in described)
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                assert each.get("/S") not in {"/URI", "/Launch", "/GoToR", "/SubmitForm", "/ImportData", "/JavaScript"}
                assert "/EmbeddedFile" not in str(each.get("/Type", ""))


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("paper", [*Paper])
def test_each_page_says_what_it_belongs_to_and_which_it_is(paper: Paper) -> None:
    pages = PdfReader(io.BytesIO(pdf_bytes(document_of(60, 120), paper))).pages
    for i, page in enumerate(pages, start=1):
        text = page.extract_text().replace("\u00a0", " ")
        assert f"Page {i} of {len(pages)}" in text
        assert "Gap report · Spring cross-section · scorecard" in text
    continued = [page.extract_text() for page in pages if "The 50 accounts that matter most" in flat(page)]
    assert len(continued) > 1, "a page that goes on says with what"
    assert all("Per year" in text for text in continued), "a table that is cut repeats its head"


def flat(page: Any) -> str:
    return re.sub(r"\s+", " ", page.extract_text().replace("\u00a0", " "))


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("facts", "paper"),
    [((60, 120), Paper.LETTER), ((4, 9), Paper.A4)],
)
def test_no_heading_stands_alone_at_the_foot_of_a_page(facts: tuple[int, int], paper: Paper) -> None:
    """A heading has text below it on its page: its box is not the lowest, the foot left aside."""
    import weasyprint

    html = pdf_html(document_of(*facts), paper)
    for page in weasyprint.HTML(string=html, base_url=f"{STATIC.as_uri()}/").render().pages:
        boxes = [box for box in page._page_box.descendants() if box.element_tag]  # noqa: SLF001  (there is no other way to see positions)
        heads = [box.position_y for box in boxes if box.element_tag in {"h1", "h2", "h3"} and box.height]
        below = [box.position_y for box in boxes if box.element_tag in {"p", "td", "svg", "li", "dd", "q", "text"}]
        assert not heads or max(below, default=0.0) > max(heads)
