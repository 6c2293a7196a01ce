"""The bell: jobs that a worker runs. The database holds what must happen; a lost or doubled job changes nothing."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask

from app.core.config import Settings

if TYPE_CHECKING:
    from huey import Huey

Handler = Callable[[], object]


class Bell:
    """Rings for jobs by name, and runs them in the worker; every handler also runs once a minute, bell or not."""

    def __init__(self, application: Flask, handlers: Mapping[str, Handler]) -> None:
        self._application = application
        self._handlers = handlers
        self._jobs: dict[str, Callable[[], Any]] = {}

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
    return SqliteHuey("parallax", filename=str(settings.home / "queue.db"), results=False)
