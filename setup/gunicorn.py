"""How the web server runs: many threads, because a page mostly waits, and a slow sender must not keep others out."""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
preload_app = False
graceful_timeout = 20
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Load the queue before a visitor waits for it, and leave what is loaded out of later garbage collections."""
    bell = worker.wsgi.extensions.get("bell")
    _ = bell and bell.queue
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
