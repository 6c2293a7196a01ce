"""How the web server runs: threads, because a page mostly waits for the database."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = False
graceful_timeout = 20
loglevel = "warning"
