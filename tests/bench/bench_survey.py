"""Taking a survey (GET, fill in, POST), against the barest Flask application on the same server, taken in turns."""

import cProfile
import gzip
import json
import os
import pstats
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.conftest import settings_for
from tests.serving import ROOT, environment, free_port
from tests.surveys.asked import Customer, add_survey, tokens_of

TOOLS = ROOT.parent / "shared" / "tools"
CLIENTS = 8
TAKES = int(os.environ.get("TAKES", "1500"))
WARMUP = 50
ROUNDS = 2
PATIENCE_SECONDS = 90


def workspace(home: Path, people: int) -> tuple[Flask, list[str]]:
    """A workspace with an open study and so many respondents; their tokens."""
    application = create_app(settings_for(home, f"sqlite:///{home / 'parallax.db'}"))
    upgrade_schema(application)
    with application.app_context():
        tokens = tokens_of(db.session, add_survey(db.session, people=people))
        db.session.commit()
    return application, tokens


@contextmanager
def served(application: str, settings: dict[str, str], path: str) -> Iterator[tuple[str, int]]:
    """Serve an application as the product is served; yields address and process id."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--config", ROOT / "setup" / "gunicorn.py", application]
    process = subprocess.Popen(command, cwd=ROOT, env=settings)
    address = f"http://127.0.0.1:{settings['PORT']}"
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while True:
            try:
                urllib.request.urlopen(address + path, timeout=30).close()  # noqa: S310  (our own address)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def load(address: str, pid: int, *more: str) -> dict[str, float]:
    """Take surveys with the load generator and return what it measured."""
    command = [
        sys.executable, TOOLS / "surveyload.py", "--url", address, "-c", str(CLIENTS), "-n", str(TAKES),
        "--warmup", str(WARMUP), "--seconds", "120", "--server-pid", str(pid), "--ok", "Thank you", *more,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The load generator failed: {done.stdout}{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def prepare_bare(database: Path) -> None:
    """Make the database of the bare application: its threads, all new at once, would get into each other's way."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE r(id INTEGER PRIMARY KEY, body TEXT, at REAL)")
    connection.close()


def page_bytes(address: str, token: str) -> int:
    """How many bytes the page weighs, compressed, as a browser gets it."""
    asked = urllib.request.Request(f"{address}/s/{token}", headers={"Accept-Encoding": "gzip"})  # noqa: S310  (our own)
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310  (our own address)
        body = answer.read()
    return len(body) if answer.headers["Content-Encoding"] == "gzip" else len(gzip.compress(body))


def where_time_goes(application: Flask, tokens: list[str]) -> str:
    """Which share of a take's own time goes where, by a profile of takes in one thread."""
    profile = cProfile.Profile()
    customers = [Customer(application.test_client(), f"/s/{token}") for token in tokens]
    customers[0].send()
    profile.enable()
    for customer in customers[1:]:
        customer.send()
    profile.disable()
    shares: dict[str, float] = {}
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = "SQLite" if "sqlite3" in name else next((each for each in PLACES if f"/{each}/" in file), "the rest")
        shares[place] = shares.get(place, 0.0) + own
    total = sum(shares.values())
    return ", ".join(f"{place} {share / total:.0%}" for place, share in sorted(shares.items(), key=lambda x: -x[1]))


PLACES = ("sqlalchemy", "werkzeug", "flask", "app")
PROFILED = 200


def main() -> None:
    """Print takes per second of both, their ratio, CPU a take, and what the page weighs."""
    if not (TOOLS / "surveyload.py").is_file():
        sys.stdout.write("left out: ../shared/tools with the load generator is not on this machine\n")
        return
    with TemporaryDirectory() as folder:
        home = Path(folder)
        application, tokens = workspace(home, ROUNDS * (TAKES + WARMUP + CLIENTS) + 400)
        (home / "tokens").write_text("\n".join(tokens), encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PARALLAX_")}
        bare = kept | {"PYTHONPATH": str(TOOLS), "LIMIT_DB": str(home / "limit.db"), "PORT": str(free_port())}
        prepare_bare(home / "limit.db")
        ours = environment(home, f"sqlite:///{home / 'parallax.db'}", free_port())
        runs = []
        for turn in range(ROUNDS):
            with served("wsgi:app", ours, "/healthz") as (address, pid):
                skip = str(turn * (TAKES + WARMUP + CLIENTS))
                tokens_file = str(home / "tokens")
                mine = load(address, pid, "--path", "/s/{token}", "--tokens", tokens_file, "--skip-tokens", skip)
                weight = page_bytes(address, tokens[-1])
            with served("limit_app:app", bare, "/hello") as (address, pid):
                theirs = load(address, pid)
            runs.append((mine, theirs))
        profile = where_time_goes(application, tokens[-PROFILED:-1])
        for mine, theirs in runs:
            sys.stdout.write(
                f"{mine['per_s']:.0f} takes/s, {mine['server_cpu_ms_per_take']:.1f} ms of CPU a take (at most 7), "
                f"{mine['take_ms']}; bare: {theirs['per_s']:.0f} takes/s, {theirs['server_cpu_ms_per_take']:.1f} ms; "
                f"ratio {mine['per_s'] / theirs['per_s']:.2f} (at least 0.3)\n"
            )
        sys.stdout.write(f"page: {weight:,} bytes compressed (at most 12,000), 1 request\n")
        sys.stdout.write(f"for 0.5 the largest of these shares of a take would have to go: {profile}\n")


if __name__ == "__main__":
    main()
