"""A part of a report in a process that has not loaded its statistics: the page does not wait, and goes on by itself."""

import subprocess
import sys

from flask import Flask

from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.serving import ROOT, environment
from tests.users.people import LEADER

WALK = """
import sys, time
from app import create_app
from app.core.config import read_settings
from tests.users.people import sign_in
browser = sign_in(create_app(read_settings()), sys.argv[1])
asked = "gaps?segment=Large"
first = browser.get(f"/studies/q1/{asked}").text
while browser.get("/studies/q1/gaps/part.json?segment=Large").json["stamp"] != "loaded":
    time.sleep(0.1)
then = browser.get(f"/studies/q1/{asked}").text
print(*("The statistics are being loaded" in page.replace("One moment: the", "The") for page in (first, then)))
print(*("Publish this selection" in page for page in (first, then)))
"""


def test_the_page_says_so_and_goes_on_by_itself(application: Flask, database_url: str, fill: Fill) -> None:
    fill(add_alices_study)
    settings = environment(application.config["SETTINGS"].home, database_url, 0)
    done = subprocess.run(
        [sys.executable, "-c", WALK, LEADER],
        cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.stdout.splitlines(), done.stderr) == (["True False", "False True"], "")
