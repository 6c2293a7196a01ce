"""The report as a web page, as one file that stands alone, as PDF and on one page: frames around the same texts."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup

from app.core.pdf import STATIC, render_pdf
from app.reports.drawing import cache_name, drawings, kept_file
from app.reports.rules.charts.bars import PARTED
from app.reports.rules.document import Document
from app.reports.rules.one_page import one_page
from app.reports.rules.paper import Paper
from app.reports.rules.report import report

_LABELLED = re.compile(r'<svg [^>]*aria-label="([^"]*)"[^>]*>')
_FONT = re.compile(r"url\(\.\./(generated/fonts/[a-z0-9-]+\.woff2)\)")

APP = STATIC.parent


def reports_folder() -> Path:
    """Where drawings and PDFs are kept; everything in it can be made again."""
    home: Path = current_app.config["SETTINGS"].home
    return home / "reports"


def page_values(document: Document, *, is_linked: bool = False, is_frozen: bool = False) -> dict[str, Any]:
    """What the sheets need: finished texts, and the charts drawn.

    Inside the product their marks lead to accounts, and bars to the report of their part; a frozen one has no parts.
    """
    made = report(document)
    charts = {
        key: chart if is_linked and not (is_frozen and key in PARTED) else replace(chart, links={})
        for key, chart in made.charts.items()
    }
    return {"report": made, "drawings": drawings(charts, reports_folder(), made.study)}


def standalone_html(document: Document) -> str:
    """The report as one HTML file: styles, fonts and charts inside, no script, nothing fetched."""
    values = page_values(document)
    return render_template("reports/gaps_pdf.html", **values, is_web=True, styles=Markup(inlined_styles()))  # noqa: S704  (our own style sheet)


def pdf_html(document: Document, paper: Paper = Paper.A4) -> str:
    """The report as the HTML from which the PDF is made; its style sheets are ours."""
    frame = {"is_web": False, "styles": "", "paper": paper}
    return with_alternatives(render_template("reports/gaps_pdf.html", **page_values(document), **frame))


def pdf_bytes(document: Document, paper: Paper = Paper.A4) -> bytes:
    """The report as PDF; the same document is made into a PDF once and then read from its file."""
    return _kept_pdf(document, paper, pdf_html)


def one_page_html(document: Document, paper: Paper = Paper.A4) -> str:
    """The one-page edition as the HTML from which its PDF is made: no link, no script, our own style sheets."""
    return with_alternatives(render_template("reports/one_page.html", page=one_page(document), paper=paper))


def one_page_pdf(document: Document, paper: Paper = Paper.A4) -> bytes:
    """The report on exactly one page as PDF; the same document is made once and then read from its file."""
    return _kept_pdf(document, paper, one_page_html)


def with_alternatives(html: str) -> str:
    """The HTML with the label of every drawing as its title, which becomes the alternative text of its figure."""
    return _LABELLED.sub(r"\g<0><title>\1</title>", html)


def _kept_pdf(document: Document, paper: Paper, made: Callable[[Document, Paper], str]) -> bytes:
    """The PDF of what is made of the document, named by all that it depends on.

    The document itself is read anew for each reader: what was withdrawn, or is another's, makes another name.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    name = cache_name(document["study"], f"{made.__name__} {paper} {makers_mark()} {text}".encode())
    return kept_file(reports_folder() / f"{name}.pdf", lambda: render_pdf(made(document, paper)))


@cache
def makers_mark() -> str:
    """The hash of all that makes a report of a document: another release makes its PDFs anew."""
    files = [*APP.glob("reports/**/*.py"), *APP.glob("core/*.py"), *STATIC.glob("css/*.css")]
    files += [*APP.parent.glob("templates/reports/*.html"), *APP.parent.glob("templates/components/report_*.html")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


def write_pdf(document: Document) -> Path:
    """Write the report as PDF under the study's name into the reports folder and return its absolute path.

    Refuses on a machine that cannot make PDF.
    """
    path = reports_folder() / f"gaps-{document['study']}.pdf"
    content = pdf_bytes(document)
    path.write_bytes(content)
    return path.absolute()


def inlined_styles(static: Path = STATIC) -> str:
    """The report's style sheet with its fonts inside; a font that was not generated is left to the reader's machine."""
    css = (static / "css/report.css").read_text(encoding="utf-8")

    def inside(match: re.Match[str]) -> str:
        font = static / match.group(1)
        data = base64.b64encode(font.read_bytes()).decode() if font.is_file() else ""
        return f"url(data:font/woff2;base64,{data})"

    return _FONT.sub(inside, css)
