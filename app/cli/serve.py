"""`flask serve`: everything behind `make run`, from an empty folder to a running product."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.database import bring_up_to_date
from app.cli.sample import load_once
from app.cli.worker import HEARTBEAT
from app.core.config import ROOT, Settings
from app.core.database import db
from app.core.errors import Refusal
from app.reports.rendering import write_pdf
from app.reports.services import gap_report
from app.sample.services import SAMPLE_STUDY
from app.scoring.queries import scoring_of
from app.studies.queries import study_named

PATIENCE_SECONDS = 30


@click.command("serve")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Where to listen.")
@click.option("--sample/--no-sample", envvar="SAMPLE", default=True, help="Whether to load the sample portfolio.")
@with_appcontext
def serve(port: int, sample: bool) -> None:
    """Prepare the database, load the sample, make its report, and serve until Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    _refuse_taken(port)
    click.echo("· Preparing the database …")
    bring_up_to_date()
    lines = [f"Parallax runs at http://127.0.0.1:{port}", "Stop it with Ctrl-C."]
    if sample:
        password = load_once(settings)
        click.echo("· Making the gap report …")
        lines[1:1] = _sample_lines(password)
    db.session.close()
    _run(port, settings.home / HEARTBEAT, lines)


def _sample_lines(password: str | None) -> list[str]:
    if password is None:
        return ["This workspace holds your own data; the sample was left out."]
    roles = ("admin", "leader", "csm", "csm2", "viewer")
    return [
        "Sign in as " + ", ".join(f"{role}@sample.parallax.test" for role in roles),
        f"Password {password}",
        *_report_lines(),
    ]


def _report_lines() -> list[str]:
    study = study_named(db.session, SAMPLE_STUDY)
    if scoring_of(db.session, study) is None:
        return [f"The sample study is not scored: flask study score {SAMPLE_STUDY}"]
    try:
        return [f"Gap report {write_pdf(gap_report(db.session, study=study))}"]
    except Refusal as refusal:
        return [refusal.sentence]


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            click.echo(f"Port {port} is in use. Choose another: make run PORT={port + 1}", err=True)
            raise SystemExit(1) from None


def _run(port: int, heartbeat: Path, lines: Sequence[str]) -> None:
    heartbeat.unlink(missing_ok=True)
    environment = {**os.environ, "PORT": str(port)}
    binaries = Path(sys.executable).parent
    web = [str(binaries / "gunicorn"), "--config", str(ROOT / "setup" / "gunicorn.py"), "wsgi:app"]
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603  (our own two programs)
        for command in (web, [str(binaries / "flask"), "worker"])
    ]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        _wait_for(lambda: _answers(port) and heartbeat.exists(), children)
        click.echo("\n".join(["", *lines, ""]))
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        click.echo("A part of Parallax has stopped; stopping the rest.", err=True)
        raise SystemExit(1)
    except KeyboardInterrupt:
        click.echo("Stopping …")
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(is_ready: Callable[[], bool], children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and all(child.poll() is None for child in children) and not is_ready():
        time.sleep(0.1)
