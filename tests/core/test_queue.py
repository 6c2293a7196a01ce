"""The bell rings, the worker's handlers run, and a doubled job does no harm."""

from pathlib import Path

from flask import Flask, current_app

from app.core.queue import Bell
from tests.conftest import settings_for


def rung(tmp_path: Path) -> tuple[Bell, list[str]]:
    application = Flask("bell")
    application.config["SETTINGS"] = settings_for(tmp_path, "sqlite://")
    heard: list[str] = []
    return Bell(application, {"note": lambda: heard.append(current_app.name)}), heard


def test_a_rung_job_waits_in_the_queue_and_runs_in_the_application(tmp_path: Path) -> None:
    bell, heard = rung(tmp_path)
    bell.ring("note")
    assert heard == []
    assert bell.queue.pending_count() == 1
    bell.queue.execute(bell.queue.dequeue())
    assert heard == ["bell"]
    assert bell.queue.pending_count() == 0


def test_every_handler_also_runs_each_minute(tmp_path: Path) -> None:
    bell, _ = rung(tmp_path)
    names = [task.name for task in bell.queue._registry.periodic_tasks]  # noqa: SLF001  (huey lists them nowhere else)
    assert names == ["note-each-minute"]


def test_the_queue_has_a_file_of_its_own_and_only_when_needed(tmp_path: Path) -> None:
    bell, _ = rung(tmp_path)
    assert not (tmp_path / "queue.db").exists()
    bell.ring("note")
    assert (tmp_path / "queue.db").exists()
