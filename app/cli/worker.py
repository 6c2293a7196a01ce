"""`flask worker`: runs the jobs, and shows by a heartbeat that it does."""

import threading
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.queue import Bell

SECONDS_BETWEEN_BEATS = 10
HEARTBEAT = "worker.heartbeat"


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs until stopped."""
    bell: Bell = current_app.extensions["bell"]
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(current_app.config["SETTINGS"].home, stop), daemon=True)
    heart.start()
    bell.ring_all()
    try:
        bell.queue.create_consumer(workers=1, periodic=True, check_worker_health=True).run()
    finally:
        stop.set()
        heart.join()


def _beat(home: Path, stop: threading.Event) -> None:
    heartbeat = home / HEARTBEAT
    heartbeat.touch()
    while not stop.wait(SECONDS_BETWEEN_BEATS):
        heartbeat.touch()
