"""Pages asked for in a signed-in browser: how long each took to its last byte, and how many statements it needed."""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db


@dataclass
class Asking:
    """One person before one workspace."""

    browser: FlaskClient
    application: Flask
    statements: list[int] = field(default_factory=list)

    def times(self, addresses: Sequence[str], requests: int) -> list[float]:
        """Return the milliseconds of each request, in a shuffled order; `statements` holds how many each needed."""
        wanted = [addresses[i % len(addresses)] for i in range(requests)]
        random.Random(3).shuffle(wanted)  # noqa: S311  (an order, not a secret)
        with self.application.app_context():
            engine = db.engine
        seen: list[str] = []
        listener = listen(seen)
        sa.event.listen(engine, "after_cursor_execute", listener)
        self.statements.clear()
        times = []
        for address in wanted:
            seen.clear()
            times.append(timed(self.browser, address))
            self.statements.append(len(seen))
        sa.event.remove(engine, "after_cursor_execute", listener)
        return times

    def tell(self, what: str, addresses: Sequence[str], *, target: float | None, requests: int = 0) -> None:
        """Ask, and print the percentiles."""
        times = self.times(addresses, requests or len(addresses))
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        wanted = f" (target p95 {target:.0f} ms)" if target else ""
        sys.stdout.write(
            f"  {what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {max(times):.0f} ms of {len(times)} requests, "
            f"at most {max(self.statements)} statements{wanted}\n"
        )
        sys.stdout.flush()


def listen(seen: list[str]) -> Callable[..., None]:
    """Return a listener that notes each statement that reads; once a minute a page also notes that its reader is there.

    That takes one more statement, and on SQLite some pragmas.
    """

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    return note


def timed(browser: FlaskClient, address: str) -> float:
    """Return how many milliseconds a page took, to its last byte."""
    start = time.perf_counter()
    reply = browser.get(address, buffered=True)
    took = (time.perf_counter() - start) * 1000
    assert reply.status_code == 200, address
    return took


def forget_file(files: Iterable[Path]) -> None:
    """Let the system forget what it keeps of files in memory: they are read from the disk again."""
    for file in files:
        descriptor = os.open(file, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
