"""The product as people reach it: real processes on a real port, and a real browser."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.users.people import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_SECONDS = 90
# A page under load takes its time; what a journey expects comes all the same.
expect.set_options(timeout=15_000)
HEAVY = {"scipy", "sklearn", "statsmodels", "nltk", "pandas"}
"""What takes seconds to import: the worker and commands wait for it, a page never."""


def free_port() -> int:
    """Return a port where nobody listens, below those that the system gives to whoever calls somebody.

    Such a one may be taken by the time that a server opens it, or opens it again after it was killed.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(home: Path, database_url: str, port: int) -> dict[str, str]:
    """Return the settings of a workspace as processes get them."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PARALLAX_")}
    return kept | {
        "PARALLAX_HOME": str(home),
        "PARALLAX_DATABASE_URL": database_url,
        "PARALLAX_SECRET_KEY": "a secret for tests only",
        "PORT": str(port),
    }


def start_web(settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the web server as `make run` does, and wait until it answers."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--config", ROOT / "setup" / "gunicorn.py", "wsgi:app"]
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{settings['PORT']}", process)
    except BaseException:
        process.terminate()
        process.wait(timeout=30)
        raise
    return process


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert process.poll() is None, "The web server has stopped."
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310  (our own address)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < deadline, "The web server does not answer."
            time.sleep(0.1)
        else:
            return


@contextmanager
def serving(home: Path, database_url: str) -> Iterator[str]:
    """Serve a migrated database and yield the address."""
    port = free_port()
    process = start_web(environment(home, database_url, port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


class Handler(WSGIRequestHandler):
    """Answers one connection; a browser also opens some in advance, on which it may never ask."""

    timeout = 20


@contextmanager
def serving_here(application: Flask) -> Iterator[str]:
    """Serve an application in this process and yield the address.

    When it ends, every request has been answered: one that is still under way works on a database that goes away.
    """
    server = make_server("127.0.0.1", 0, whole(application), threaded=True, request_handler=Handler)
    server.daemon_threads = False
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        running.join()


def whole(application: Flask) -> Callable[..., list[bytes]]:
    """Return an application whose answers are complete, and the files in them closed, before they are sent.

    Werkzeug's server leaves a file open where the browser hangs up while it is being sent, as one that closes does.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(application(environ, start_response)) as parts:
            return list(parts)

    return answer


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sign_in_page(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """Sign in through the form."""
    page.goto(f"{address}/sign-in")
    fill_in_sign_in(page, email, password)


def fill_in_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in through the form of the page that is open."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def axe_findings(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page: rule and places.

    A click that leads to a page is over as soon as that begins to arrive: its first part may lack a heading or a style.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()
    # What passes is listed nowhere: to collect that as well takes axe twice as long.
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found]
