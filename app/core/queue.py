"""The bell: jobs that a worker runs. The database holds what must happen; a lost or doubled job changes nothing."""

import logging
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from app.core.config import Settings

if TYPE_CHECKING:
    from huey import Huey

Handler = Callable[[], object]
SOON_SECONDS = 1.0
log = logging.getLogger(__name__)


class Bell:
    """Rings for jobs by name, and runs them in the worker; every handler also runs once a minute, bell or not."""

    def __init__(self, application: Flask, handlers: Mapping[str, Handler]) -> None:
        self._application = application
        self._handlers = handlers
        self._jobs: dict[str, Callable[[], Any]] = {}
        self._waiting: set[str] = set()
        self._lock = threading.Lock()

    @cached_property
    def queue(self) -> "Huey":
        """The queue with all its jobs, made when first asked for: most commands never ring."""
        from huey import crontab

        queue = _queue(self._application.config["SETTINGS"])
        for name, handler in self._handlers.items():
            job = self._in_context(handler)
            self._jobs[name] = queue.task(name=name)(job)
            queue.periodic_task(crontab(minute="*"), name=f"{name}-each-minute")(job)
        return queue

    def ring(self, name: str) -> None:
        """Ask the worker to run a job soon. Call it after the commit: the fact in the database is what counts."""
        _ = self.queue
        self._jobs[name]()

    def ring_all(self) -> None:
        """Ring for every job: what waited while no worker ran is done when one starts, not a minute later."""
        _ = self.queue
        for job in self._jobs.values():
            job()

    def ring_soon(self, name: str) -> None:
        """Ring within a second, once for all that ask in between: for facts that come many at a time.

        Whoever asks has committed before, so that the one job finds all of them; should this process die within the
        second, the job that runs each minute finds them.
        """
        with self._lock:
            if name in self._waiting:
                return
            self._waiting.add(name)
        timer = threading.Timer(SOON_SECONDS, self._ring_now, (name,))
        timer.daemon = True
        timer.start()

    def waiting(self) -> int | None:
        """Return how many rung jobs no worker has taken yet; None where the queue does not answer."""
        settings: Settings = self._application.config["SETTINGS"]
        if not settings.redis_url and not _file(settings).exists():
            return 0
        try:
            return int(self.queue.pending_count())
        except Exception:
            log.exception("The queue does not answer.")
            return None

    def _ring_now(self, name: str) -> None:
        with self._lock:
            self._waiting.discard(name)
        try:
            self.ring(name)
        except Exception:
            log.exception("The bell could not be rung for %s; the job that runs each minute does it.", name)

    def _in_context(self, handler: Handler) -> Callable[[], None]:
        def run() -> None:
            with self._application.app_context():
                handler()

        return run


def prepare_queue(application: Flask, handlers: Mapping[str, Handler]) -> None:
    """Hang the bell into the application."""
    application.extensions["bell"] = Bell(application, handlers)


def _queue(settings: Settings) -> "Huey":
    from huey import RedisHuey, SqliteHuey

    if settings.redis_url:
        return RedisHuey("parallax", url=settings.redis_url, results=False)
    # In a file of its own: huey's tables have no prefix, and a full queue never locks the data.
    return SqliteHuey("parallax", filename=str(_file(settings)), results=False)


def _file(settings: Settings) -> Path:
    return settings.home / "queue.db"
