"""The gap report as PDF, as we make it, against bare WeasyPrint of the same HTML; each in a process of its own."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from app import create_app
from app.core.migrations import upgrade_schema
from app.core.pdf import STATIC, render_pdf
from app.reports.rendering import pdf_html
from tests.conftest import settings_for
from tests.reports.portfolios import document_of

RUNS = 3
BARE = (
    "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.buffer.read().decode(), "
    "base_url=sys.argv[1]).write_pdf(pdf_variant='pdf/ua-1'))"
)


def report_html(folder: Path) -> str:
    """The HTML of a typical report, as it goes to the PDF."""
    settings = settings_for(folder, f"sqlite:///{folder / 'parallax.db'}")
    application = create_app(settings)
    upgrade_schema(application)
    with application.test_request_context("/"):
        return pdf_html(document_of(60, 120))


def bare(html: str) -> bytes:
    """Render with WeasyPrint alone, without limits or guards."""
    command = [sys.executable, "-c", BARE, f"{STATIC.as_uri()}/"]
    return subprocess.run(command, input=html.encode(), capture_output=True, check=True).stdout


def seconds(render: Callable[[str], bytes], html: str) -> float:
    """The time of one rendering, start of the process included."""
    start = time.perf_counter()
    render(html)
    return time.perf_counter() - start


def main() -> None:
    """Print both times and their ratio, taken in turns so that a busy machine disturbs both alike."""
    with TemporaryDirectory() as folder:
        html = report_html(Path(folder))
    pairs = [(seconds(render_pdf, html), seconds(bare, html)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    sys.stdout.write(
        f"gap report to PDF: {ours:.2f} s; bare WeasyPrint of the same HTML: {theirs:.2f} s; "
        f"ratio {ours / theirs:.2f} (at most 1.3)\n"
    )


if __name__ == "__main__":
    main()
