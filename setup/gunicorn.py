"""How the web server runs: many threads, because a page mostly waits, and a slow sender must not keep others out."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
preload_app = False
graceful_timeout = 20
loglevel = "warning"
