"""`make faults`: the web server is killed 20 times under 64 clients, until 20,000 answers were acknowledged."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.conftest import settings_for
from tests.faults.kills import Ordeal, losses, suffer

ORDEAL = Ordeal(clients=64, kills=20, wanted=20_000, people=24_000, between=5.0)
READY_SECONDS = 5


def main() -> None:
    """Run the ordeal on SQLite, print what came of it, and fail where anything was lost or doubled."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'parallax.db'}"
        application = create_app(settings_for(home, url))
        upgrade_schema(application)
        started = time.monotonic()
        crowd, recoveries = suffer(application, home, url, ORDEAL)
        with application.app_context():
            lost = losses(db.session, crowd)
    sys.stdout.write(
        f"{len(recoveries)} kills under {ORDEAL.clients} clients in {time.monotonic() - started:.0f} s: "
        f"{len(crowd.acknowledged):,} acknowledged, {len(lost)} lost or doubled, {len(crowd.unexpected)} unexpected "
        f"answers; ready again after {max(recoveries):.1f} s at most (goal: {READY_SECONDS})\n"
    )
    for line in [*lost[:10], *crowd.unexpected[:10]]:
        sys.stdout.write(f"  {line}\n")
    if lost or crowd.unexpected or len(crowd.acknowledged) < ORDEAL.wanted:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
