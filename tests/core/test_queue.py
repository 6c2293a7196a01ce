"""The bell rings, the worker's handlers run, and a doubled job does no harm."""

import time
from pathlib import Path

import pytest
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


def test_many_facts_at_a_time_ring_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.queue.SOON_SECONDS", 0.2)
    bell, _ = rung(tmp_path)
    for _each in range(5):
        bell.ring_soon("note")
    assert bell.queue.pending_count() == 0
    deadline = time.monotonic() + 10
    while bell.queue.pending_count() == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    assert bell.queue.pending_count() == 1


def test_what_waits_is_counted_without_making_a_queue(tmp_path: Path) -> None:
    bell, _ = rung(tmp_path)
    assert bell.waiting() == 0
    assert not (tmp_path / "queue.db").exists()
    bell.ring("note")
    assert bell.waiting() == 1
    (tmp_path / "queue.db").write_bytes(b"no database at all" * 100)
    assert rung(tmp_path)[0].waiting() is None
