"""`flask serve`, as `make run` calls it: from an empty folder to a signed-in report, over real HTTP."""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"


class Server:
    """A served workspace and a browser with cookies."""

    def __init__(self, home: Path, *, sample: bool) -> None:
        self.home, self.port = home, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PARALLAX_")}
        environment |= {"PARALLAX_HOME": str(home), "PORT": str(self.port), "SAMPLE": "1" if sample else "0"}
        environment |= {"PARALLAX_SAMPLE_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"}
        self.output = (home.parent / f"{home.name}.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("flask"), "serve"],
            cwd=ROOT,
            env=environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )
        jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def printed(self) -> str:
        self.output.flush()
        return Path(self.output.name).read_text(encoding="utf-8")

    def wait(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while "Stop it with Ctrl-C." not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)

    def get(self, path: str) -> str:
        with self.browser.open(self.address + path, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def sign_in(self, email: str) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/sign-in"))
        assert token
        form = urllib.parse.urlencode({"csrf_token": token[1], "email": email, "password": PASSWORD}).encode()
        with self.browser.open(self.address + "/sign-in", form, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self.output.close()
        return code


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "served", sample=True)
    server.wait()
    yield server
    if server.process.poll() is None:
        server.stop()


def test_from_nothing_to_a_report_and_again(served: Server, tmp_path: Path) -> None:
    printed = served.printed()
    report = re.search(r"^Gap report (/.*\.pdf)$", printed, re.MULTILINE)
    assert report
    assert Path(report[1]).read_bytes().startswith(b"%PDF-")
    assert served.address in printed
    assert PASSWORD in printed
    health = json.loads(served.get("/healthz"))
    assert (health["status"], health["worker"]["state"]) == ("ok", "running")
    assert "Sample data" in served.sign_in("leader@sample.parallax.test")
    page = served.get("/studies/sample/gaps")
    numbers = json.loads(served.get("/studies/sample/gaps.json"))
    assert numbers["sample"]["drawn"] == 60
    assert "Hidden risk" in page
    assert served.stop() == 0

    again = Server(tmp_path / "served", sample=True)
    again.wait()
    assert "Loading the sample" not in again.printed()
    assert again.stop() == 0


def test_an_empty_workspace_waits_for_its_first_admin(tmp_path: Path) -> None:
    server = Server(tmp_path / "empty", sample=False)
    try:
        server.wait()
        assert "sample.parallax.test" not in server.printed()
        assert "Create the admin" in server.get("/")
        assert json.loads(server.get("/healthz"))["status"] == "ok"
    finally:
        server.stop()
