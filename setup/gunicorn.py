"""How the web server runs: many threads, because a page mostly waits, and a slow sender must not keep others out."""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
preload_app = False
keepalive = 0
"""A kept connection stays with the process that took it, and one process takes nearly all that open at once: the other
one idles. Between a proxy and us a new connection for each request costs far less than half of the machine."""
graceful_timeout = 20
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Load the queue before a visitor waits for it, and leave what is loaded out of later garbage collections."""
    bell = worker.wsgi.extensions.get("bell")
    _ = bell and bell.queue
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
