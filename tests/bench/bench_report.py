"""The gap report: its PDF against bare WeasyPrint, the memory of the child, the way from the cache, the first paint.

`ACCOUNTS` (20,000) chooses how many accounts stand behind the report that a browser opens.
"""

import gzip
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core import pdf
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.core.pdf import STATIC, render_pdf
from app.reports.rendering import pdf_html
from app.reports.services import gap_report
from app.sample.services import load_sample
from app.scoring.services import score_study
from app.studies.queries import study_named
from tests.bench import bench_scoring
from tests.conftest import settings_for
from tests.reports.portfolios import document_of
from tests.serving import chromium, serving, sign_in_page
from tests.users.people import ADMIN, PASSWORD, add_people, sign_in

RUNS = 3
LEADER = "leader@sample.parallax.test"
BARE = (
    "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.buffer.read().decode(), "
    "base_url=sys.argv[1]).write_pdf(pdf_variant='pdf/ua-1'))"
)
PAINT = "() => performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] ?? null"

WHOLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    """Print each figure beside what is asked."""
    with TemporaryDirectory() as folder:
        measure_sample(Path(folder))
    with TemporaryDirectory() as folder:
        measure_many(Path(folder))


def measure_sample(folder: Path) -> None:
    """Print the figures of the sample's report."""
    application = workspace(folder)
    with application.app_context():
        load_sample(db.session, password=PASSWORD, report=lambda _: None)
        db.session.commit()
        document = gap_report(db.session, study=study_named(db.session, "sample"))
    with application.test_request_context("/"):
        html, large = pdf_html(document), pdf_html(document_of(2_000, 4_000))
    pairs = [(seconds(render_pdf, html), seconds(bare, html)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    say(f"the sample's report to PDF: {ours:.2f} s; bare WeasyPrint of the same HTML: {theirs:.2f} s; ")
    say(f"ratio {ours / theirs:.2f} (at most 1.2)\n")
    say(f"memory of the PDF child, 2,000 accounts: {memory_of_child(large):.0f} MB (under 600)\n")
    browser = sign_in(application, LEADER)
    for name, address in (("PDF", "gaps.pdf"), ("one page", "gaps/one-page.pdf")):
        low, middle, high = from_cache(browser, f"/studies/sample/{address}")
        say(f"unchanged {name}, end to end: {middle:.1f} ms, quartiles {low:.1f} and {high:.1f} (20)\n")


def measure_many(folder: Path) -> None:
    """Print how soon a browser paints the report of many accounts, and what it weighs."""
    application = workspace(folder)
    with application.app_context():
        add_people(db.session)
        score_study(db.session, study=bench_scoring.build(db.session))
        db.session.commit()
    address = "/studies/bench/gaps"
    browser = sign_in(application, ADMIN)
    first, again = (seconds(lambda path: browser.get(path).data, address) for _ in range(2))
    say(f"the report of {bench_scoring.ACCOUNTS:,} accounts: {first:.2f} s when new, {again:.2f} s again\n")
    page = browser.get(address).data
    say(f"its page: {len(page) / 1000:.0f} kB, {len(gzip.compress(page)) / 1000:.0f} kB packed (300)\n")
    # The product's own server: the frame of the page is painted while the sheets are laid out.
    with serving(folder / "home", f"sqlite:///{folder / 'parallax.db'}") as host, chromium() as chrome:
        tab = chrome.new_page()
        sign_in_page(tab, host, ADMIN)
        times = []
        for _ in range(RUNS):
            tab.goto(f"{host}{address}")
            times.append((tab.wait_for_function(PAINT).json_value() / 1000, tab.evaluate(WHOLE) / 1000))
    paint, whole = (statistics.median(each) for each in zip(*times, strict=True))
    say(f"its first paint in Chromium, the frame: {paint:.2f} s (under 1); all of it: {whole:.2f} s\n")


def workspace(folder: Path) -> Flask:
    """Return an application on an empty database in the folder."""
    application = create_app(settings_for(folder / "home", f"sqlite:///{folder / 'parallax.db'}"))
    upgrade_schema(application)
    return application


def bare(html: str) -> bytes:
    """Render with WeasyPrint alone, without limits or guards."""
    command = [sys.executable, "-c", BARE, f"{STATIC.as_uri()}/"]
    return subprocess.run(command, input=html.encode(), capture_output=True, check=True).stdout


def seconds(work: Callable[[str], bytes], what: str) -> float:
    """Return the time of one piece of work, start of a process included."""
    start = time.perf_counter()
    work(what)
    return time.perf_counter() - start


def memory_of_child(html: str) -> float:
    """Return the most memory in MB that the child held while it made this PDF."""
    with TemporaryFile() as source:
        source.write(html.encode())
        source.seek(0)
        child = subprocess.Popen([sys.executable, "-P", pdf.__file__, "300"], stdin=source, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError("The child made no PDF.")
    return used.ru_maxrss / 1024


def from_cache(browser: FlaskClient, address: str) -> list[float]:
    """Return the quartiles, in milliseconds, of asking a hundred times again for what was made before."""
    browser.get(address)
    return statistics.quantiles((1000 * seconds(lambda path: browser.get(path).data, address) for _ in range(100)), n=4)


def say(text: str) -> None:
    """Write at once: the next figure takes a while."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
